using Shouldly;

namespace FinalAccounts.CritterStackTests;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    /// <param name="path">From the repository's root.</param>
    public static string File(string path)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(directory.FullName, "FinalAccounts.sln")))
        {
            directory = directory.Parent.ShouldNotBeNull();
        }

        return Path.Combine(directory.FullName, path);
    }
}
