namespace FinalAccounts.Benchmarks;

/// <summary>Programs that are run as what they are, with their own settings and libraries; they are built with this one.</summary>
internal static class BuiltProgram
{
    /// <param name="project">Its folder, from the repository's.</param>
    /// <returns>The path of the assembly that was built as this one was.</returns>
    public static string Find(string project, string assembly)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration, root) = (here.Name, here.Parent!.Name, here.Parent.Parent!.Parent!.Parent!.Parent!.FullName);
        return Path.Combine(root, project, "bin", configuration, framework, assembly);
    }
}
