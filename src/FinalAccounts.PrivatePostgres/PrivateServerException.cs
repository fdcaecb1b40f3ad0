namespace FinalAccounts.PrivatePostgres;

/// <summary>Why the private server can't be had.</summary>
public enum PrivateServerFailure
{
    /// <summary>No PostgreSQL 13 or later is installed, or not the version that the data were written by.</summary>
    BinariesMissing,

    /// <summary>The data directory can't be created, or this account may not use it.</summary>
    DirectoryNotUsable,

    /// <summary>No space is left where the data lie.</summary>
    DiskFull,

    /// <summary>Running as root, and there is no account without privileges to run the server as.</summary>
    NoUnprivilegedAccount,

    /// <summary>Another process holds the directory, or the server does not answer, for longer than the timeout.</summary>
    TimedOut,

    /// <summary>The server did not start; the detail has the last lines of its log.</summary>
    StartFailed,
}

/// <summary>The private server can't be had.</summary>
/// <param name="subject">What it is about: a directory or a version.</param>
/// <param name="detail">What the system or the server said, in English; may be empty.</param>
public sealed class PrivateServerException(PrivateServerFailure failure, string subject, string detail, Exception? inner = null)
    : Exception($"{failure}: {subject}{(detail.Length == 0 ? "" : $": {detail}")}", inner)
{
    public PrivateServerFailure Failure { get; } = failure;

    public string Subject { get; } = subject;

    public string Detail { get; } = detail;
}
