using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>Reads one stream by COPY. Its events are not neighbours in the chain of hashes, which is not looked at here.</summary>
/// <param name="from">The first version wanted.</param>
internal sealed class StreamScan(NpgsqlConnection connection, LogCatalog catalog, NumberedText stream, long from)
{
    /// <summary>Hands over the events; waits for the server on the caller's thread.</summary>
    /// <returns>How many there were.</returns>
    [SuppressMessage("Security", "CA2100", Justification = "COPY takes no parameters; the only variable parts are a schema name of digits and whole numbers.")]
    public long Run(ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        var select = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            copy (select {CopyRows.Columns} from {catalog.Schema}.events
            where fiscal_year = {stream.FiscalYear} and stream_id = {stream.Number} and version >= {from} order by version) to stdout (format binary)
            """);
        using var copy = connection.BeginRawBinaryCopy(select);
        var rows = new CopyRows(catalog);
        rows.Begin(copy);
        var next = from;
        for (; rows.Next(); next++)
        {
            if ((next & 1023) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (rows.Version != next)
            {
                throw new LogDamagedException(rows.Position, $"Stream '{stream.Text}' has version {rows.Version} where {next} must be.");
            }

            handler(rows.Event());
        }

        CopyRows.Drain(copy);
        return next - from;
    }
}
