using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Npgsql;
using Weasel.Postgresql.Tables;
using DocumentStore = Marten.DocumentStore;

namespace FinalAccounts.CritterStack;

/// <summary>How a region's log is laid out in Marten: in a schema of its own, as on our own engine.</summary>
public static class RegionStore
{
    /// <summary>Where Marten puts what takes the place of events that could not be stored; no stream of the log.</summary>
    internal const string TombstoneStream = "mt_tombstone";

    private static readonly MethodInfo UseSerializer = typeof(IEventStoreOptions).GetMethod(nameof(IEventStoreOptions.UseBinarySerializer))!;

    /// <summary>The schema of a region's log on Marten; beside <c>region_…</c>, so that both can lie in one database.</summary>
    public static string SchemaOf(RegionCode region) => $"marten_{region}";

    /// <summary>
    /// Sets a store up for who works with the ledger's events as they are: aggregates, projections, handlers. The connection is the caller's
    /// to name.
    /// </summary>
    public static void Configure(StoreOptions options, RegionCode region)
    {
        ConfigureTables(options, region);
        var serializer = new LedgerEventSerializer();
        foreach (var type in EventCodec.Types)
        {
            options.Events.MapEventType(type.ClrType, type.Alias);
            UseSerializer.MakeGenericMethod(type.ClrType).Invoke(options.Events, [serializer]);
        }
    }

    /// <summary>Makes what is missing of a region's tables, and lets the application's role use them: it can read and add events, and
    /// neither change nor remove one.</summary>
    /// <param name="owner">A role that may make schemas.</param>
    /// <param name="applicationRole">Null when one role is used for all.</param>
    public static async Task MigrateAsync(NpgsqlDataSource owner, RegionCode region, string? applicationRole, CancellationToken cancellationToken)
    {
        await using (var store = ForBodies(owner, region, AutoCreate.CreateOrUpdate))
        {
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        }

        var schema = SchemaOf(region);
        await ExecuteAsync(
            $"insert into {schema}.log_head values (1, 0, $1, 0, 0) on conflict do nothing", [EventHash.Genesis(region)]);
        if (applicationRole is not null)
        {
            var role = new NpgsqlCommandBuilder().QuoteIdentifier(applicationRole);
            await ExecuteAsync($"grant usage on schema {schema} to {role}", []);
            await ExecuteAsync($"grant select on all tables in schema {schema} to {role}", []);
            await ExecuteAsync($"grant usage on all sequences in schema {schema} to {role}", []);
            await ExecuteAsync($"grant execute on all functions in schema {schema} to {role}", []);
            await ExecuteAsync(
                $"grant insert on {schema}.mt_events, {schema}.mt_streams, {schema}.mt_doc_recordedcommand, {schema}.log_chain, {schema}.log_gaps to {role}", []);
            await ExecuteAsync($"grant update on {schema}.mt_streams, {schema}.log_head to {role}", []);
            await ExecuteAsync($"grant delete on {schema}.log_gaps to {role}", []);
        }

        async Task ExecuteAsync([StringSyntax("sql")] string sql, object[] parameters)
        {
            await using var command = Command(owner, sql, parameters);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A store that takes bodies as they are.</summary>
    /// <param name="mode">Quick or rich.</param>
    internal static DocumentStore ForBodies(
        NpgsqlDataSource source, RegionCode region, AutoCreate autoCreate, EventAppendMode mode = EventAppendMode.Quick) => DocumentStore.For(options =>
        {
            options.Connection(source);
            options.AutoCreateSchemaObjects = autoCreate;
            ConfigureTables(options, region);
            options.Events.AppendMode = mode;
            options.Events.AddEventType<StoredBody>();
            options.Events.UseBinarySerializer<StoredBody>(new StoredBodySerializer());
        });

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits and a quoted role.")]
    internal static NpgsqlCommand Command(NpgsqlDataSource source, string sql, params object[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    private static void ConfigureTables(StoreOptions options, RegionCode region)
    {
        ArgumentNullException.ThrowIfNull(options);
        var schema = SchemaOf(region);
        options.DatabaseSchemaName = schema;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization();
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.MetadataConfig.HeadersEnabled = true;

        // One for all stores of a schema: each quick way has another function there.
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Schema.For<RecordedCommand>().DocumentAlias("recordedcommand");
        options.Storage.ExtendedSchemaObjects.Add(Chain(schema));
        options.Storage.ExtendedSchemaObjects.Add(Head(schema));
        options.Storage.ExtendedSchemaObjects.Add(Gaps(schema));
    }

    /// <summary>Which event stands at which position, with its hash.</summary>
    private static Table Chain(string schema)
    {
        var table = new Table($"{schema}.log_chain");
        table.AddColumn<long>("position").AsPrimaryKey();
        table.AddColumn<long>("seq_id").NotNull().AddIndex(i => i.IsUnique = true);
        table.AddColumn("command_id", "uuid").NotNull().AddIndex();

        // Microseconds since 1970.
        table.AddColumn<long>("recorded_at").NotNull();
        table.AddColumn("hash", "bytea").NotNull();
        return table;
    }

    /// <summary>One row: where the chain stands, and the greatest of Marten's sequence numbers that it has seen.</summary>
    private static Table Head(string schema)
    {
        var table = new Table($"{schema}.log_head");
        table.AddColumn<int>("id").AsPrimaryKey();
        table.AddColumn<long>("position").NotNull();
        table.AddColumn("hash", "bytea").NotNull();
        table.AddColumn<long>("recorded_at").NotNull();
        table.AddColumn<long>("seen_seq_id").NotNull();
        return table;
    }

    /// <summary>Sequence numbers that were not there when greater ones were: rolled back, or still on their way.</summary>
    private static Table Gaps(string schema)
    {
        var table = new Table($"{schema}.log_gaps");
        table.AddColumn<long>("first_seq_id").AsPrimaryKey();
        table.AddColumn<long>("last_seq_id").NotNull();
        return table;
    }
}
