using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Benchmarks;

/// <summary>What PostgreSQL itself can do: the same rows in a plain table with the same two indexes, and nothing that a log promises.</summary>
internal sealed class PlainTable(NpgsqlDataSource dataSource)
{
    private const string Columns = "stream, version, type, schema_version, recorded_at, accounting_date, command_id, actor, body, hash";
    private static readonly byte[] Hash = new byte[32];

    public async Task CreateAsync()
    {
        await using var create = dataSource.CreateCommand(
            """
            drop table if exists plain;
            create table plain (
                position bigint generated always as identity primary key, stream text not null, version bigint not null,
                type text not null, schema_version integer not null, recorded_at timestamptz not null, accounting_date date not null,
                command_id uuid not null, actor text not null, body text not null, hash bytea not null, unique (stream, version))
            """);
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>Connections that insert and commit one row after the other.</summary>
    public Task<Measured> InsertRowsAsync(int connections, IReadOnlyList<NewEvent> events, TimeSpan turn) => Load.RunAsync(connections, turn, async caller =>
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand($"insert into plain ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", connection);
        var (version, type, commandId) = (new NpgsqlParameter<long>(), new NpgsqlParameter<string>(), new NpgsqlParameter<Guid>());
        var (date, body) = (new NpgsqlParameter<DateOnly>(), new NpgsqlParameter<byte[]> { NpgsqlDbType = NpgsqlDbType.Text });
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<string> { TypedValue = $"plain/{Guid.NewGuid():N}" }, version, type, new NpgsqlParameter<int> { TypedValue = 1 },
            new NpgsqlParameter<DateTime> { TypedValue = DateTime.UnixEpoch }, date, commandId,
            new NpgsqlParameter<string> { TypedValue = "benchmark" }, body, new NpgsqlParameter<byte[]> { TypedValue = Hash },
        });
        await insert.PrepareAsync();
        while (caller.Goes)
        {
            var e = events[caller.Next % events.Count];
            (version.TypedValue, type.TypedValue, date.TypedValue) = (version.TypedValue + 1, e.Type, e.AccountingDate.ToDateOnly());
            (commandId.TypedValue, body.TypedValue) = (Guid.CreateVersion7(), e.Body);
            await insert.ExecuteNonQueryAsync();
            caller.Done(1);
        }
    });

    /// <summary>Connections that insert and commit so many rows at a time, with one statement: INSERT … SELECT … FROM unnest.</summary>
    public Task<Measured> InsertBatchesAsync(int connections, int size, IReadOnlyList<NewEvent> events, TimeSpan turn) => Load.RunAsync(connections, turn, async caller =>
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            $"""
            insert into plain ({Columns})
            select $1, v.version, v.type, v.schema_version, $2, v.accounting_date, $3, $4, v.body, v.hash
              from unnest($5, $6, $7, $8, $9, $10) as v (version, type, schema_version, accounting_date, body, hash)
            """,
            connection);
        var (commandId, versions, types) = (new NpgsqlParameter<Guid>(), new NpgsqlParameter<long[]>(), new NpgsqlParameter<string[]>());
        var (schemas, dates, bodies) = (new NpgsqlParameter<int[]>(), new NpgsqlParameter<DateOnly[]>(), new NpgsqlParameter<byte[][]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<string> { TypedValue = $"plain/{Guid.NewGuid():N}" }, new NpgsqlParameter<DateTime> { TypedValue = DateTime.UnixEpoch }, commandId,
            new NpgsqlParameter<string> { TypedValue = "benchmark" }, versions, types, schemas, dates, bodies,
            new NpgsqlParameter<byte[][]> { TypedValue = [.. Enumerable.Repeat(Hash, size)] },
        });
        await insert.PrepareAsync();
        while (caller.Goes)
        {
            var from = caller.Next;
            var version = caller.Count;
            commandId.TypedValue = Guid.CreateVersion7();
            versions.TypedValue = [.. Enumerable.Range(1, size).Select(n => version + n)];
            types.TypedValue = [.. Batch(events, from, size).Select(e => e.Type)];
            schemas.TypedValue = [.. Batch(events, from, size).Select(e => e.SchemaVersion)];
            dates.TypedValue = [.. Batch(events, from, size).Select(e => e.AccountingDate.ToDateOnly())];
            bodies.TypedValue = [.. Batch(events, from, size).Select(e => e.Body)];
            await insert.ExecuteNonQueryAsync();
            caller.Done(size);
        }
    });

    /// <summary>One COPY of all the events and one commit: the fastest way into a table. Rows per second.</summary>
    public async Task<Measured> CopyInAsync(IReadOnlyList<NewEvent> events, int eventsPerStream)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = await dataSource.OpenConnectionAsync();
        var (stream, command) = ("", Guid.Empty);
        await using (var copy = await connection.BeginBinaryImportAsync($"copy plain ({Columns}) from stdin (format binary)"))
        {
            for (var i = 0; i < events.Count; i++)
            {
                if (i % eventsPerStream == 0)
                {
                    (stream, command) = ($"plain/{Guid.NewGuid():N}", Guid.CreateVersion7());
                }

                await copy.StartRowAsync();
                await copy.WriteAsync(stream, NpgsqlDbType.Text);
                await copy.WriteAsync((long)(i % eventsPerStream) + 1, NpgsqlDbType.Bigint);
                await copy.WriteAsync(events[i].Type, NpgsqlDbType.Text);
                await copy.WriteAsync(events[i].SchemaVersion, NpgsqlDbType.Integer);
                await copy.WriteAsync(DateTime.UnixEpoch, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(events[i].AccountingDate.ToDateOnly(), NpgsqlDbType.Date);
                await copy.WriteAsync(command, NpgsqlDbType.Uuid);
                await copy.WriteAsync("benchmark", NpgsqlDbType.Text);
                await copy.WriteAsync(events[i].Body, NpgsqlDbType.Text);
                await copy.WriteAsync(Hash, NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }

        return Bench.PerSecond(events.Count, start);
    }

    /// <summary>All rows of a stream, read and dropped.</summary>
    public async Task<long> SelectStreamAsync(string stream)
    {
        await using var select = dataSource.CreateCommand($"select position, {Columns} from plain where stream = $1 order by version");
        select.Parameters.Add(new() { Value = stream });
        return await MessageDb.DropAsync(select);
    }

    /// <summary>All rows, over one connection, as they come from the server, thrown away.</summary>
    public async Task CopyOutAsync()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy (select position, {Columns} from plain order by position) to stdout (format binary)");
        var buffer = new byte[1 << 20];
        while (await copy.ReadAsync(buffer, default) > 0)
        {
        }
    }

    /// <summary>So many events from a place on, and from the start again after the last.</summary>
    internal static IEnumerable<NewEvent> Batch(IReadOnlyList<NewEvent> events, int from, int size) =>
        Enumerable.Range(from % events.Count, size).Select(n => events[n % events.Count]);
}
