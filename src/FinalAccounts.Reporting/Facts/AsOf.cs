using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>
/// The point that a report is asked for: a position of the log, an instant of recording, an accounting date, or several at
/// once. A part that is null does not limit.
/// </summary>
/// <param name="Position">The last position that counts.</param>
/// <param name="RecordedAt">The last instant of recording that counts.</param>
/// <param name="Date">The last accounting date that counts.</param>
public sealed record AsOf(long? Position = null, Instant? RecordedAt = null, LocalDate? Date = null)
{
    /// <summary>Everything in the log.</summary>
    public static readonly AsOf Now = new();

    public bool Includes(RecordedEvent recorded) => Includes(recorded.Position, recorded.RecordedAt, recorded.Event.Date);

    /// <summary>True when an event counts.</summary>
    /// <param name="date">Its accounting date.</param>
    public bool Includes(long position, Instant recordedAt, LocalDate date) =>
        (Position is not { } last || position <= last)
        && (RecordedAt is not { } instant || recordedAt <= instant)
        && (Date is not { } day || date <= day);
}
