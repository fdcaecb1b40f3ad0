namespace FinalAccounts.Regions;

/// <summary>Where the private server and the log files are.</summary>
public static class DataDirectory
{
    /// <summary>FINALACCOUNTS_DATA, else <c>.data</c> of the working copy or working directory.</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("FINALACCOUNTS_DATA") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        for (var directory = new DirectoryInfo(Environment.CurrentDirectory); directory is not null; directory = directory.Parent)
        {
            if (Directory.Exists(Path.Combine(directory.FullName, ".data")) || File.Exists(Path.Combine(directory.FullName, "FinalAccounts.sln")))
            {
                return Path.Combine(directory.FullName, ".data");
            }
        }

        return Path.GetFullPath(".data");
    }
}
