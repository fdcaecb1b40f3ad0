using System.Globalization;
using FinalAccounts.EventLog;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>An event as it lies in Marten's table.</summary>
/// <param name="Sequence">Marten's own number.</param>
/// <param name="RecordedAt">When it was appended, in microseconds since 1970.</param>
internal sealed record ChainedRow(
    long Sequence, string Stream, long Version, string Type, byte[] Body, Guid CommandId, string Actor, LocalDate AccountingDate, int SchemaVersion,
    long RecordedAt)
{
    /// <summary>Of a table <c>e</c>, in the order in which <see cref="Read"/> takes them.</summary>
    public const string MartenColumns =
        $"""
        e.seq_id, e.stream_id, e.version, e.type, e.bdata, e.headers ->> '{EventHeaders.Command}', e.headers ->> '{EventHeaders.Actor}',
        e.headers ->> '{EventHeaders.AccountingDate}', e.headers ->> '{EventHeaders.SchemaVersion}', e.headers ->> '{EventHeaders.RecordedAt}'
        """;

    /// <summary>How many columns that are.</summary>
    public const int Columns = 10;

    /// <exception cref="LogDamagedException">It lacks something that an event of the log has, or has something else in its place.</exception>
    public static ChainedRow Read(NpgsqlDataReader reader) => TryRead(reader, out var row)
        ? row
        : throw new LogDamagedException(0, $"Event {row.Sequence} of Marten's lacks something of: {MartenColumns}");

    /// <summary>Reads a row, whatever has been done to it.</summary>
    /// <param name="row">Instead of what it lacks or can't be read it has what no event of the log has, so that its hash does not fit.</param>
    /// <returns>False when it lacks something.</returns>
    public static bool TryRead(NpgsqlDataReader reader, out ChainedRow row)
    {
        var date = LocalDatePattern.Iso.Parse(Text(reader, 7));
        var isComplete = !reader.IsDBNull(4) & !reader.IsDBNull(6) & date.Success;
        isComplete &= Guid.TryParse(Text(reader, 5), out var commandId);
        isComplete &= int.TryParse(Text(reader, 8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var schemaVersion);
        isComplete &= long.TryParse(Text(reader, 9), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var recordedAt);
        row = new(
            reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4),
            commandId, Text(reader, 6), date.Success ? date.Value : default, schemaVersion, recordedAt);
        return isComplete;
    }

    private static string Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    /// <summary>The event at its place in the log.</summary>
    /// <param name="recordedMicroseconds">Since 1970; not before its predecessor's.</param>
    public StoredEvent At(long position, long recordedMicroseconds, byte[] hash) => new(
        position, Stream, Version, Type, SchemaVersion, InstantOf(recordedMicroseconds),
        AccountingDate, CommandId, Actor, Body, hash);

    /// <param name="microseconds">Since 1970.</param>
    public static Instant InstantOf(long microseconds) =>
        NodaConstants.UnixEpoch.PlusTicks(microseconds * (NodaConstants.TicksPerMillisecond / 1_000));
}
