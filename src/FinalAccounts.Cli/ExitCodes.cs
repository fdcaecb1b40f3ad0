namespace FinalAccounts.Cli;

/// <summary>What <c>fa</c> ends with.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A rule refused it; nothing was changed.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>Database, disk or files; nothing is half done, and the same command may be given again.</summary>
    public const int Infrastructure = 3;
}

/// <summary>Ends the command with an exit code and a message for the user, already in the user's language.</summary>
internal sealed class CommandFailedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public static CommandFailedException Refused(string message) => new(ExitCodes.Refused, message);

    public static CommandFailedException Usage(string message) => new(ExitCodes.Usage, message);
}
