using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.LogWriter;

/// <summary>Imports the file of a log in small pieces. A line for each piece that is stored, and for each part of one that is on its way.</summary>
internal sealed class HistoryImport(NpgsqlDataSource owner, IEventLog log, RegionCode region, string file, TextWriter output) : ILogHistory
{
    public const int EventsPerPiece = 1_000;
    private const int EventsPerLine = 100;

    private readonly PostgresLogHistory history = new(owner, region);

    public Task RunAsync() => new LogImport(log, this) { EventsPerPiece = EventsPerPiece }.RunAsync(file, null, CancellationToken.None);

    /// <inheritdoc/>
    public async Task AppendAsync(IAsyncEnumerable<StoredEvent> events, CancellationToken cancellationToken)
    {
        await history.AppendAsync(WithLines(events), cancellationToken);
        await output.WriteLineAsync("stored.");
    }

    private async IAsyncEnumerable<StoredEvent> WithLines(IAsyncEnumerable<StoredEvent> events)
    {
        await foreach (var e in events)
        {
            if (e.Position % EventsPerLine == 0)
            {
                await output.WriteLineAsync("part.");
            }

            yield return e;
        }
    }
}
