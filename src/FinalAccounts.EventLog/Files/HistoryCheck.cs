using NodaTime;

namespace FinalAccounts.EventLog.Files;

/// <summary>What holds of every event that the log has stored, beside its place in the chain: looked at before it is taken from elsewhere.</summary>
internal static class HistoryCheck
{
    private const int TicksPerMicrosecond = 10;

    /// <summary>What is wrong with an event; null when it can stand behind the one before.</summary>
    /// <param name="version">The version that its stream stands at.</param>
    /// <param name="before">When the event before was recorded.</param>
    public static LogFileProblem? Find(StoredEvent e, long version, Instant before)
    {
        if (!IsWithinLimits(e) || e.RecordedAt != Instant.FromUnixTimeTicks(e.RecordedAt.ToUnixTimeTicks() / TicksPerMicrosecond * TicksPerMicrosecond))
        {
            return LogFileProblem.OutsideLimits;
        }

        return e.Version != version + 1 ? LogFileProblem.VersionMismatch
            : e.RecordedAt < before ? LogFileProblem.TimeRunsBack
            : null;
    }

    private static bool IsWithinLimits(StoredEvent e)
    {
        try
        {
            LogLimits.CheckCommand(e.CommandId, e.Actor);
            LogLimits.Check(new StreamAppend(e.Stream, e.Version - 1, [new(e.Type, e.SchemaVersion, e.AccountingDate, e.Body)]));
            return e.Version <= LogLimits.EventsPerStream;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
