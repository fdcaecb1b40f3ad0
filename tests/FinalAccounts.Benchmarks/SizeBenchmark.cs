using System.Text;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using NpgsqlTypes;

namespace FinalAccounts.Benchmarks;

/// <summary>What a posting takes on disk, with indexes, hashes and command ids.</summary>
internal sealed class SizeBenchmark(Bench bench)
{
    private const int Postings = 20_000;

    /// <summary>Departments whose events come side by side.</summary>
    internal const int Callers = 32;

    private const string Rows = "jsonb rows of the same events, primary key only";
    private const string MessageDbRows = "Message DB";
    private static readonly RegionCode Region = new("999994");

    public async Task RunAsync()
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        var year = (await SimulatedEvents.YearAsync(bench.DataSource, Postings)).ToList();
        var events = year.Where(e => e.Type == "expenditure-posted").ToList();
        var rows = await RowBytesAsync(events);
        double? messages = null;
        if (bench.MessageDb is { } messageDb)
        {
            await messageDb.EmptyAsync();
            await messageDb.FillAsync("year-size", year);
            messages = await messageDb.BytesPerMessageAsync();
            await messageDb.EmptyAsync();
        }

        await WriteAsync(Titles.StoredSingly, await SingleBytesAsync(events), MartenWork.StoredSingly, Goal.Reach(500, Unit.Bytes));
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        await WriteAsync(Titles.StoredInBulk, await BulkBytesAsync(events), MartenWork.StoredInBulk, Goal.Reach(500, Unit.Bytes));
        bench.Note("bytes of a posting's body", Unit.Bytes, events.Average(e => e.Body.Length));
        await SimulatedEvents.DropAsync(bench.DataSource, Region);

        async Task WriteAsync(string title, (double Bytes, string Parts) stored, MartenWork work, params Goal[] goals)
        {
            var (ours, parts) = stored;
            var turns = new Dictionary<string, IReadOnlyList<double>> { [Contestant.Ours] = [ours], [Rows] = [rows] };
            if (messages is { } known)
            {
                turns[MessageDbRows] = [known];
            }

            var marten = bench.WithMarten("Marten", "plain", work, Callers, Postings);
            if (marten.Measure is { } measure)
            {
                turns[marten.Name] = [(await measure()).Value];
            }

            bench.Add(title, Unit.Bytes, [new(Contestant.Ours, null, parts), new(Rows, null), bench.WithMessageDb(MessageDbRows, _ => null!), marten], turns, goals);
        }
    }

    /// <summary>Each posting is a command of its own, departments side by side.</summary>
    private async Task<(double Bytes, string Parts)> SingleBytesAsync(IReadOnlyList<StoredEvent> events)
    {
        var empty = await SchemaBytesAsync();
        await using (var log = new PostgresEventLog(bench.DataSource, Region, SystemClock.Instance))
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                var stream = Streams.Year(new($"{100_000 + caller}"), SimulatedEvents.Year);
                var version = 0L;
                for (var i = caller; i < events.Count; i += Callers)
                {
                    var e = new NewEvent(events[i].Type, events[i].SchemaVersion, events[i].AccountingDate, events[i].Body);
                    await log.AppendAsync(new(CommandId.Next(), "会计", [new(stream, version++, [e])]), default);
                }
            })));
        }

        return await BytesSinceAsync(empty, events.Count);
    }

    /// <summary>All postings are one command.</summary>
    private async Task<(double Bytes, string Parts)> BulkBytesAsync(IReadOnlyList<StoredEvent> events)
    {
        var empty = await SchemaBytesAsync();
        await using (var log = new PostgresEventLog(bench.DataSource, Region, SystemClock.Instance))
        {
            await log.AppendBulkAsync(CommandId.Next(), "会计", PiecesAsync(), default);
        }

        return await BytesSinceAsync(empty, events.Count);

        async IAsyncEnumerable<StreamAppend> PiecesAsync()
        {
            for (var i = 0; i < Callers; i++)
            {
                var caller = i;
                yield return new(
                    Streams.Year(new($"{100_000 + caller}"), SimulatedEvents.Year), 0,
                    [.. events.Where((_, n) => n % Callers == caller).Select(e => new NewEvent(e.Type, e.SchemaVersion, e.AccountingDate, e.Body))]);
            }

            await Task.CompletedTask;
        }
    }

    private async Task<double> RowBytesAsync(IReadOnlyList<StoredEvent> events)
    {
        await using (var create = bench.DataSource.CreateCommand(
            """
            drop table if exists jsonb_rows;
            create table jsonb_rows (
                position bigint generated always as identity primary key, stream text not null, version bigint not null, type text not null,
                recorded_at timestamptz not null, accounting_date date not null, actor text not null, body jsonb not null)
            """))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using (var connection = await bench.DataSource.OpenConnectionAsync())
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                "copy jsonb_rows (stream, version, type, recorded_at, accounting_date, actor, body) from stdin (format binary)");
            foreach (var e in events)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(e.Stream, NpgsqlDbType.Text);
                await copy.WriteAsync(e.Version, NpgsqlDbType.Bigint);
                await copy.WriteAsync(e.Type, NpgsqlDbType.Text);
                await copy.WriteAsync(e.RecordedAt.ToDateTimeUtc(), NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(e.AccountingDate.ToDateOnly(), NpgsqlDbType.Date);
                await copy.WriteAsync("会计", NpgsqlDbType.Text);
                await copy.WriteAsync(Encoding.UTF8.GetString(e.Body), NpgsqlDbType.Jsonb);
            }

            await copy.CompleteAsync();
        }

        await using var ask = bench.DataSource.CreateCommand("select pg_total_relation_size('jsonb_rows')::float8");
        return (double)(await ask.ExecuteScalarAsync())! / events.Count;
    }

    /// <summary>What an event takes, and what of it is where.</summary>
    private async Task<(double Bytes, string Parts)> BytesSinceAsync(IReadOnlyDictionary<string, double> empty, int events)
    {
        var grown = (await SchemaBytesAsync()).Select(t => (t.Key, Bytes: (t.Value - empty.GetValueOrDefault(t.Key)) / events)).Where(t => t.Bytes >= 0.5).ToList();
        return (grown.Sum(t => t.Bytes), string.Join(", ", grown.OrderByDescending(t => t.Bytes).Select(t => $"{t.Key} {t.Bytes:0}")));
    }

    /// <summary>All tables and indexes of the region, by name.</summary>
    private async Task<Dictionary<string, double>> SchemaBytesAsync()
    {
        await using var ask = bench.DataSource.CreateCommand(
            """
            select c.relname::text, pg_table_size(c.oid)::float8 from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = $1 and c.relkind in ('r', 'm', 'i')
            """);
        ask.Parameters.Add(new() { Value = LogSchema.NameOf(Region) });
        await using var reader = await ask.ExecuteReaderAsync();
        var sizes = new Dictionary<string, double>();
        while (await reader.ReadAsync())
        {
            sizes[reader.GetString(0)] = reader.GetDouble(1);
        }

        return sizes;
    }
}
