using System.Diagnostics;
using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Benchmarks;

/// <summary>The things measured: the log, and beside it the same rows in a plain table with the same keys.</summary>
internal sealed class LogBenchmark : IAsyncDisposable
{
    private static readonly RegionCode Region = new("999999");
    private static readonly LocalDate Date = new(2024, 6, 30);

    /// <summary>About the size of a posting of one line.</summary>
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"date":"2024-06-30","voucher":"记-0001","summary":"支付办公用品采购款","lines":[{"function":"2080101","economic":"30201","fund":"一般公共预算","kind":"基本支出","source":"财政拨款","amount":1234500}]}""");

    private readonly NpgsqlDataSource dataSource;
    private readonly PostgresEventLog log;

    private LogBenchmark(NpgsqlDataSource dataSource)
    {
        this.dataSource = dataSource;
        log = new(dataSource, Region, SystemClock.Instance);
    }

    public static async Task<LogBenchmark> CreateAsync(NpgsqlDataSource dataSource)
    {
        await LogSchema.MigrateAsync(dataSource, Region, null, default);
        await using var create = dataSource.CreateCommand(
            """
            create table if not exists plain (
                position bigint generated always as identity primary key, stream text not null, version bigint not null,
                type text not null, schema_version integer not null, recorded_at timestamptz not null, accounting_date date not null,
                command_id uuid not null, actor text not null, body text not null, hash bytea not null, unique (stream, version))
            """);
        await create.ExecuteNonQueryAsync();
        return new(dataSource);
    }

    public ValueTask DisposeAsync() => log.DisposeAsync();

    public Task<string> ServerVersionAsync() => ShowAsync("server_version");

    public async Task<string> ShowAsync(string setting)
    {
        await using var show = dataSource.CreateCommand("select current_setting($1)");
        show.Parameters.Add(new() { Value = setting });
        return (string)(await show.ExecuteScalarAsync())!;
    }

    /// <summary>Callers that append one after the other, each to a stream of its own. Events per second.</summary>
    public Task<double> AppendAsync(int callers, int eventsPerAppend, TimeSpan turn) => LoopAsync(callers, turn, async (stream, running) =>
    {
        var version = 0L;
        while (running())
        {
            var events = new NewEvent[eventsPerAppend];
            Array.Fill(events, new("expenditure-posted", 1, Date, Body));
            await log.AppendAsync(new(Guid.NewGuid(), "benchmark", [new(stream, version, events)]), default);
            version += eventsPerAppend;
        }

        return version;
    });

    /// <summary>Connections that insert and commit one row after the other. Rows per second.</summary>
    public Task<double> InsertRowsAsync(int connections, TimeSpan turn) => LoopAsync(connections, turn, async (stream, running) =>
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into plain (stream, version, type, schema_version, recorded_at, accounting_date, command_id, actor, body, hash)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            connection);
        var (version, commandId) = (new NpgsqlParameter<long>(), new NpgsqlParameter<Guid>());
        insert.Parameters.AddRange(new NpgsqlParameter[] {
            new NpgsqlParameter<string> { TypedValue = stream }, version, new NpgsqlParameter<string> { TypedValue = "expenditure-posted" },
            new NpgsqlParameter<int> { TypedValue = 1 }, new NpgsqlParameter<DateTime> { TypedValue = DateTime.UnixEpoch },
            new NpgsqlParameter<DateOnly> { TypedValue = Date.ToDateOnly() }, commandId, new NpgsqlParameter<string> { TypedValue = "benchmark" },
            new NpgsqlParameter<string> { TypedValue = Encoding.UTF8.GetString(Body) }, new NpgsqlParameter<byte[]> { TypedValue = new byte[32] } });
        await insert.PrepareAsync();
        while (running())
        {
            version.TypedValue++;
            commandId.TypedValue = Guid.NewGuid();
            await insert.ExecuteNonQueryAsync();
        }

        return version.TypedValue;
    });

    /// <summary>One connection that copies rows in, the fastest way into a table. Rows per second.</summary>
    public Task<double> CopyRowsAsync(TimeSpan turn) => LoopAsync(1, turn, async (stream, running) =>
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var version = 0L;
        var body = Encoding.UTF8.GetString(Body);
        var hash = new byte[32];
        while (running())
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                "copy plain (stream, version, type, schema_version, recorded_at, accounting_date, command_id, actor, body, hash) from stdin (format binary)");
            for (var i = 0; i < 10_000; i++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(stream, NpgsqlDbType.Text);
                await copy.WriteAsync(++version, NpgsqlDbType.Bigint);
                await copy.WriteAsync("expenditure-posted", NpgsqlDbType.Text);
                await copy.WriteAsync(1, NpgsqlDbType.Integer);
                await copy.WriteAsync(DateTime.UnixEpoch, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(Date.ToDateOnly(), NpgsqlDbType.Date);
                await copy.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid);
                await copy.WriteAsync("benchmark", NpgsqlDbType.Text);
                await copy.WriteAsync(body, NpgsqlDbType.Text);
                await copy.WriteAsync(hash, NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }

        return version;
    });

    public async Task<double> ReadAllAsync()
    {
        var (clock, count) = (Stopwatch.StartNew(), 0L);
        await foreach (var e in log.ReadAllAsync(0, default))
        {
            count = e.Position;
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    public async Task<double> SelectAllAsync()
    {
        var (clock, count) = (Stopwatch.StartNew(), 0L);
        await using var select = dataSource.CreateCommand(
            $"""
            select position, stream, version, type, schema_version, recorded_at, accounting_date, command_id, actor, body, hash
            from {LogSchema.NameOf(Region)}.events order by position
            """);
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            count++;
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    public async Task<double> VerifyAsync()
    {
        var clock = Stopwatch.StartNew();
        var result = await LogVerifier.VerifyAsync(dataSource, Region, [], null, default);
        return result.IsIntact
            ? result.Events / clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The log is not intact: {result.Findings[0]}");
    }

    private async Task<double> LoopAsync(int callers, TimeSpan turn, Func<string, Func<bool>, Task<long>> loop)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ =>
        {
            var stream = $"bench/{Guid.NewGuid():N}";
            return Task.Run(() => loop(stream, () => clock.Elapsed < turn));
        }));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}
