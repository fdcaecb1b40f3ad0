using System.Text;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// Message DB (https://github.com/message-db/message-db), an event store that consists of PostgreSQL functions: installed into a database of
/// its own on the same server, and called as its documentation says, with prepared statements.
/// </summary>
internal sealed class MessageDb : IAsyncDisposable
{
    private const string Database = "message_store";
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(2);

    // The order of the package's install.sh.
    private static readonly string[] Scripts =
    [
        "roles/message-store", "schema/message-store", "extensions/pgcrypto", "tables/messages", "types/message", "functions/message-store-version",
        "functions/hash-64", "functions/acquire-lock", "functions/category", "functions/is-category", "functions/id", "functions/cardinal-id",
        "functions/stream-version", "functions/write-message", "functions/get-stream-messages", "functions/get-category-messages",
        "functions/get-last-stream-message", "indexes/messages-id", "indexes/messages-stream", "indexes/messages-category",
    ];

    private readonly NpgsqlDataSource dataSource;

    private MessageDb(NpgsqlDataSource dataSource, string version) => (this.dataSource, Version) = (dataSource, version);

    /// <summary>What its own function says.</summary>
    public string Version { get; }

    /// <summary>Fetches the package if it is not there yet, and installs it on the server.</summary>
    /// <returns>Null with the reason when it can't be had.</returns>
    public static async Task<(MessageDb? Installed, string? Missing)> InstallAsync(string connectionString, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "message-db");
        var scripts = Path.Combine(folder, "node_modules", "@eventide", "message-db", "database");
        if (!Directory.Exists(scripts)
            && await Machine.RunAsync("npm", ["ci", "--ignore-scripts", "--no-progress"], folder, InstallTimeout, cancellationToken) is null)
        {
            return (null, "npm ci could not fetch the package");
        }

        await using (var server = NpgsqlDataSource.Create(connectionString + ";Pooling=false"))
        {
            await using var create = server.CreateCommand($"create database {Database}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Database = Database, SearchPath = "message_store,public" };
        var dataSource = LogConnections.Open(settings.ConnectionString);
        foreach (var script in Scripts)
        {
            await using var run = dataSource.CreateCommand(await File.ReadAllTextAsync(Path.Combine(scripts, script + ".sql"), cancellationToken));
            await run.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var ask = dataSource.CreateCommand("select message_store_version()");
        return (new(dataSource, (string)(await ask.ExecuteScalarAsync(cancellationToken))!), null);
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    /// <summary>Callers with a connection each that write one message after the other, each to a stream of its own.</summary>
    /// <param name="categories">Message DB orders writes by category, so more of them let more callers write at once.</param>
    public Task<Measured> WriteAsync(int callers, int categories, IReadOnlyList<NewEvent> events, TimeSpan turn) => Load.RunAsync(callers, turn, async caller =>
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var write = new NpgsqlCommand("select write_message($1, $2, $3, $4, null, $5)", connection);
        var (id, stream) = (new NpgsqlParameter<string>(), $"year{caller.Number % categories}-{Guid.NewGuid():N}");
        var (type, data) = (new NpgsqlParameter<string>(), new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Jsonb });
        var version = new NpgsqlParameter<long> { TypedValue = -1 };
        write.Parameters.AddRange(new NpgsqlParameter[] { id, new NpgsqlParameter<string> { TypedValue = stream }, type, data, version });
        await write.PrepareAsync();
        while (caller.Goes)
        {
            var e = events[caller.Next % events.Count];
            (id.TypedValue, type.TypedValue, data.TypedValue) = (Guid.CreateVersion7().ToString(), e.Type, Encoding.UTF8.GetString(e.Body));
            await write.ExecuteNonQueryAsync();
            version.TypedValue++;
            caller.Done(1);
        }
    });

    /// <summary>Stores events past <c>write_message</c>, so that there is something to be read.</summary>
    public async Task FillAsync(string stream, IReadOnlyList<StoredEvent> events)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("copy messages (id, stream_name, position, type, data) from stdin (format binary)");
        foreach (var e in events)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
            await copy.WriteAsync(stream, NpgsqlDbType.Text);
            await copy.WriteAsync(e.Version - 1, NpgsqlDbType.Bigint);
            await copy.WriteAsync(e.Type, NpgsqlDbType.Text);
            await copy.WriteAsync(Encoding.UTF8.GetString(e.Body), NpgsqlDbType.Jsonb);
        }

        await copy.CompleteAsync();
    }

    /// <summary>Reads a whole stream and drops the rows.</summary>
    public async Task<long> ReadStreamAsync(string stream)
    {
        await using var read = dataSource.CreateCommand("select id, type, position, global_position, data, time from get_stream_messages($1, 0, -1)");
        read.Parameters.Add(new() { Value = stream });
        return await DropAsync(read);
    }

    /// <summary>Reads a whole category page by page, as a subscription does, and drops the rows.</summary>
    public async Task<long> ReadCategoryAsync(string category, int pageSize)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var read = new NpgsqlCommand("select global_position, id, stream_name, type, position, data, time from get_category_messages($1, $2, $3)", connection);
        var next = new NpgsqlParameter<long> { TypedValue = 1 };
        read.Parameters.AddRange(new NpgsqlParameter[] { new NpgsqlParameter<string> { TypedValue = category }, next, new NpgsqlParameter<long> { TypedValue = pageSize } });
        await read.PrepareAsync();
        for (var count = 0L; ;)
        {
            var before = count;
            await using var reader = await read.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                next.TypedValue = reader.GetInt64(0) + 1;
                count++;
            }

            if (count == before)
            {
                return count;
            }
        }
    }

    /// <summary>What a message takes on disk, indexes included.</summary>
    public async Task<double> BytesPerMessageAsync()
    {
        await using var ask = dataSource.CreateCommand("select pg_total_relation_size('messages')::float8 / count(*) from messages");
        return (double)(await ask.ExecuteScalarAsync())!;
    }

    public async Task EmptyAsync()
    {
        await using var truncate = dataSource.CreateCommand("truncate messages restart identity");
        await truncate.ExecuteNonQueryAsync();
    }

    internal static async Task<long> DropAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var count = 0L;
        while (await reader.ReadAsync())
        {
            count++;
        }

        return count;
    }
}
