using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>Reads one stream by COPY, and of its events only what they say: they are not neighbours in the chain of hashes, which is not
/// looked at here.</summary>
/// <param name="from">The first version wanted.</param>
internal sealed class StreamScan(NpgsqlConnection connection, LogCatalog catalog, NumberedText stream, long from)
{
    private readonly CopyRows rows = new(7);
    private readonly long first = from;
    private long next = from;

    // What the row before has named: the next one mostly names the same.
    private NumberedText? type;
    private NumberedText? actor;

    /// <summary>Hands over the events.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="LogDamagedException">A version is missing, or an event names a type or actor that is not stored.</exception>
    public async Task<long> RunAsync(ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        while (!await RunAsKnownAsync(handler, cancellationToken))
        {
            // What an event names is stored with it or before.
            await catalog.ReadAsync(connection, cancellationToken);
            if (!AreTextsKnown())
            {
                throw new LogDamagedException(rows.Int64(0), $"Position {rows.Int64(0)} names a type or actor that is not stored.");
            }
        }

        return next - first;
    }

    /// <returns>False when an event names what is not known here.</returns>
    [SuppressMessage("Security", "CA2100", Justification = "COPY takes no parameters; the only variable parts are a schema name of digits and whole numbers.")]
    private async Task<bool> RunAsKnownAsync(ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        var select = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            copy (select position, version, type_id, schema_version, recorded_at, actor_id, body from {catalog.Schema}.events
            where fiscal_year = {stream.FiscalYear} and stream_id = {stream.Number} and version >= {next} order by version) to stdout (format binary)
            """);
        await using var copy = await connection.BeginRawBinaryCopyAsync(select, cancellationToken);
        rows.Begin(copy);
        while (true)
        {
            switch (rows.TryNext())
            {
                case null:
                    await rows.FetchAsync(cancellationToken);
                    break;
                case false:
                    await rows.EndAsync(cancellationToken);
                    return true;
                default:
                    if (!HandOver(handler))
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    /// <returns>False when the event names what is not known here.</returns>
    private bool HandOver(ScannedEventHandler handler)
    {
        if (rows.Int32(1) != next)
        {
            throw new LogDamagedException(rows.Int64(0), $"Stream '{stream.Text}' has version {rows.Int32(1)} where {next} must be.");
        }

        if (!AreTextsKnown())
        {
            return false;
        }

        next++;
        handler(new(
            rows.Int64(0), stream.Text, type!.Text, rows.Int16(3), unchecked(rows.Int64(4) + PgTime.EpochMicroseconds), actor!.Text, rows.Field(6)));
        return true;
    }

    private bool AreTextsKnown() =>
        (type?.Number == rows.Int16(2) || catalog.TryType(rows.Int16(2), out type))
        && (actor?.Number == rows.Int32(5) || catalog.TryActor(rows.Int32(5), out actor));
}
