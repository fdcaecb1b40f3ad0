using System.Globalization;
using FinalAccounts.EventLog;
using JasperFx.Events;
using NodaTime;

namespace FinalAccounts.CritterStack;

/// <summary>
/// What our log records of an event and Marten has no column for. The recorded time is among it because Marten's own column is wrong by the
/// session's offset when events are added to a stream by the quick way and the time zone is not UTC.
/// </summary>
internal static class EventHeaders
{
    public const string Command = "command";
    public const string Actor = "actor";
    public const string AccountingDate = "date";
    public const string SchemaVersion = "schema";

    /// <summary>Microseconds since 1970-01-01T00:00:00Z.</summary>
    public const string RecordedAt = "recorded";

    /// <summary>Sets all headers of an event.</summary>
    public static void Stamp(IEvent @event, Guid commandId, string actor, LocalDate accountingDate, int schemaVersion, Instant recordedAt)
    {
        @event.SetHeader(Command, commandId.ToString());
        @event.SetHeader(Actor, actor);
        @event.SetHeader(AccountingDate, accountingDate.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        @event.SetHeader(SchemaVersion, schemaVersion);
        @event.SetHeader(RecordedAt, EventHash.Microseconds(recordedAt));
    }
}
