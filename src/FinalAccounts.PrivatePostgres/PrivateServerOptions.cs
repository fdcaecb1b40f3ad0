namespace FinalAccounts.PrivatePostgres;

/// <summary>How the private server is to be run.</summary>
/// <param name="DataDirectory">Where its data live. Created when missing. Two servers never share one.</param>
public sealed record PrivateServerOptions(string DataDirectory)
{
    /// <summary>
    /// True: the server stops when this object is disposed (tests). False: it stays up and the next run finds it running.
    /// </summary>
    public bool StopOnDispose { get; init; }

    /// <summary>
    /// False only where the data are thrown away: what is written may be lost when the machine loses power. A killed server
    /// loses nothing in either case.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>How long creating and starting may take, together with waiting for another process that does the same.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Server settings beyond the usual ones: name and value as in postgresql.conf, without quotes.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The directory with initdb, pg_ctl and postgres; null to look for the newest installed one.</summary>
    public string? BinaryDirectory { get; init; }
}
