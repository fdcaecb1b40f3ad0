using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;

namespace FinalAccounts.LogWriter;

/// <summary>
/// Appends the same bulks, one after another, each time it is started: what was stored before is answered and not stored again.
/// A bulk goes to the same years as the one before, and touches each of them twice.
/// </summary>
internal sealed class BulkWriter(PostgresEventLog log, TextWriter acknowledged)
{
    public const int Years = 4;
    public const int PiecesPerYear = 2;
    public const int EventsPerPiece = 250;

    /// <summary>Runs until all bulks are stored.</summary>
    public async Task RunAsync(int bulks)
    {
        for (var bulk = 0; bulk < bulks; bulk++)
        {
            var id = new Guid(bulk + 1, 0, 0, new byte[8]);
            var result = await log.AppendBulkAsync(id, "张三", PiecesAsync(bulk), CancellationToken.None);
            var fen = Years * PiecesPerYear * Enumerable.Range(1, EventsPerPiece).Sum(n => (long)n);
            await acknowledged.WriteLineAsync(Acknowledgement.Of(id, result, fen));
        }
    }

    private async IAsyncEnumerable<StreamAppend> PiecesAsync(int bulk)
    {
        for (var piece = 0; piece < Years * PiecesPerYear; piece++)
        {
            await acknowledged.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"piece {bulk} {piece}."));
            var version = ((bulk * PiecesPerYear) + (piece / Years)) * EventsPerPiece;
            yield return new(
                Streams.Year(new("301001"), new(2020 + (piece % Years))),
                version,
                [.. Enumerable.Range(1, EventsPerPiece).Select(n => Postings.Encode(string.Create(CultureInfo.InvariantCulture, $"{bulk}-{piece}-{n}"), n))]);
        }
    }
}
