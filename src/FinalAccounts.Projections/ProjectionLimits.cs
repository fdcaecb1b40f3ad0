using FinalAccounts.EventLog;

namespace FinalAccounts.Projections;

/// <summary>What a projector takes at a time, and how long it waits.</summary>
public static class ProjectionLimits
{
    /// <summary>Most events that are taken into the tables in one transaction.</summary>
    public const int EventsPerBatch = 20_000;

    /// <summary>A live generation that is further behind than this, and than half of the log, is built anew instead: that reads the log
    /// over several connections and writes each sum once.</summary>
    public const long FarBehind = 500_000;

    /// <summary>Years and departments that are remembered between batches; beyond it all are forgotten and read again.</summary>
    public const int RememberedStates = 50_000;

    /// <summary>Events that are no vouchers that are remembered between batches; beyond it all are forgotten and read again.</summary>
    public const int RememberedEvents = 50_000;

    /// <summary>Keys, lines and streams that are remembered between batches; beyond it all are forgotten and learned again.</summary>
    public const int RememberedKeys = 500_000;

    /// <summary>Keys that are looked up in one call.</summary>
    public const int KeysPerCall = 5_000;

    /// <summary>Rows of a retired generation that are removed in one transaction.</summary>
    public const int RowsPerRemoval = 10_000;

    /// <summary>Most characters of an error that are kept.</summary>
    public const int ErrorCharacters = 4_000;

    /// <summary>The least time from the beginning of a batch that was not full to that of the next: many small transactions cost more
    /// than a few larger ones, and who waits for a figure does not notice.</summary>
    public static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(40);

    /// <summary>How long the log is not looked at when nothing tells that it has moved.</summary>
    public static readonly TimeSpan PollInterval = LogLimits.PollInterval;

    /// <summary>How often it is looked whether somebody wants a rebuild, and, by who does not lead, whether it may.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a projector that lost the database leaves it alone.</summary>
    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(500);

    /// <summary>How often who waits for a position looks.</summary>
    public static readonly TimeSpan WaitInterval = TimeSpan.FromMilliseconds(20);
}
