using NodaTime;

namespace FinalAccounts.Projections.Rollups;

/// <summary>How far what is rolled up has come, beside the log.</summary>
/// <param name="Generation">Of the tables that are read.</param>
/// <param name="Position">Everything up to this position of the log counts, and nothing behind it.</param>
/// <param name="RecordedAt">When the log recorded that event.</param>
/// <param name="Head">Where the log stood when the tables were opened; never before their position.</param>
/// <param name="Error">Why it does not go on; null while it does.</param>
public sealed record RollupStanding(int Generation, long Position, Instant RecordedAt, long Head, string? Error)
{
    /// <summary>How many events do not count yet.</summary>
    public long Behind => Head - Position;
}

/// <summary>There are no tables to read: they are being made from the log for the first time.</summary>
public sealed class RollupsNotBuiltException() : Exception("The projection of the region has not been built yet.");
