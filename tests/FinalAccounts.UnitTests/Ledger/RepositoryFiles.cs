namespace FinalAccounts.UnitTests.Ledger;

/// <summary>Files of the repository that tests hold against the code.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string StoredEvents => Path.Combine(Root, "tests", "FinalAccounts.UnitTests", "Ledger", "StoredEvents");

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FinalAccounts.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {start} has FinalAccounts.sln.");
    }
}
