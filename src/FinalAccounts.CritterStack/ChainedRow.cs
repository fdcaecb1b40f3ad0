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
        e.seq_id, e.stream_id, e.version, e.type, e.bdata, (e.headers ->> '{EventHeaders.Command}')::uuid, e.headers ->> '{EventHeaders.Actor}',
        e.headers ->> '{EventHeaders.AccountingDate}', (e.headers ->> '{EventHeaders.SchemaVersion}')::int,
        (e.headers ->> '{EventHeaders.RecordedAt}')::bigint
        """;

    /// <summary>How many columns that are.</summary>
    public const int Columns = 10;

    /// <exception cref="LogDamagedException">It lacks something that an event of the log has.</exception>
    public static ChainedRow Read(NpgsqlDataReader reader)
    {
        var sequence = reader.GetInt64(0);
        for (var column = 1; column < Columns; column++)
        {
            if (reader.IsDBNull(column))
            {
                throw new LogDamagedException(0, $"Event {sequence} of Marten's lacks column {column + 1} of: {MartenColumns}");
            }
        }

        var date = LocalDatePattern.Iso.Parse(reader.GetString(7));
        return new(
            sequence, reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4), reader.GetGuid(5),
            reader.GetString(6), date.Value, reader.GetInt32(8), reader.GetInt64(9));
    }

    /// <summary>The event at its place in the log.</summary>
    /// <param name="recordedMicroseconds">Since 1970; not before its predecessor's.</param>
    public StoredEvent At(long position, long recordedMicroseconds, byte[] hash) => new(
        position, Stream, Version, Type, SchemaVersion, InstantOf(recordedMicroseconds),
        AccountingDate, CommandId, Actor, Body, hash);

    /// <param name="microseconds">Since 1970.</param>
    public static Instant InstantOf(long microseconds) =>
        NodaConstants.UnixEpoch.PlusTicks(microseconds * (NodaConstants.TicksPerMillisecond / 1_000));
}
