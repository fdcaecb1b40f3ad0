namespace FinalAccounts.UnitTests.Import;

/// <summary>Files of the repository that tests read where they lie.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder that the solution lies in.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    /// <summary>A file of test data beside the import tests.</summary>
    public static string TestData(string name) => Path.Combine(Root, "tests", "FinalAccounts.UnitTests", "Import", name);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "FinalAccounts.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository."));
}
