namespace FinalAccounts.EventLog.Files;

/// <summary>What the name of a log file says about it.</summary>
public static class LogFileName
{
    /// <summary>True for a name that ends in <c>.gz</c>: such a file is compressed, any other has the bare lines.</summary>
    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
