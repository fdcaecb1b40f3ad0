using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>The PostgreSQL schema of a region's log, and its migrations (the .sql resources of this assembly, in order).</summary>
public static partial class LogSchema
{
    /// <summary>The least server version that has all that the log uses.</summary>
    public const int LeastServerVersion = 13;

    private static readonly (int Version, string Name, string Sql)[] Migrations = [.. LoadMigrations()];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Migrations[^1].Version;

    /// <summary>The schema's name: <c>region_</c> and the six digits of the code.</summary>
    public static string NameOf(RegionCode region) => $"region_{region}";

    /// <summary>
    /// Creates the region's schema or brings it up to date; changes nothing when it is. To be called with the owner's
    /// connection; two callers at once are put in order.
    /// </summary>
    /// <param name="applicationRole">A role that may then read the log and append through <c>append_events</c>, <c>append_event</c> and <c>store_document</c>, and
    /// nothing else; null grants nothing.</param>
    /// <exception cref="ArgumentException">The role's name is not lower-case letters, digits and underscores.</exception>
    /// <exception cref="LogUnavailableException">The server is too old, can't be reached, its database is not in UTF-8, the
    /// schema is newer than this program, or the connection's role may not do it.</exception>
    public static async Task MigrateAsync(
        NpgsqlDataSource dataSource, RegionCode region, string? applicationRole, CancellationToken cancellationToken)
    {
        if (applicationRole is not null && !RoleName().IsMatch(applicationRole))
        {
            throw new ArgumentException($"'{applicationRole}' is not a role name.", nameof(applicationRole));
        }

        var schema = NameOf(region);
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await CheckServerAsync(connection, cancellationToken);
            await CreateSchemaAsync(connection, schema, cancellationToken);

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, $"lock table {schema}.schema_version in exclusive mode", cancellationToken);
            var version = await ReadVersionAsync(connection, schema, cancellationToken);
            if (version > Version)
            {
                throw new LogUnavailableException($"Schema {schema} has version {version}; this program knows {Version}.", null);
            }

            foreach (var migration in Migrations.Where(m => m.Version > version))
            {
                await ExecuteAsync(connection, SqlOf(migration.Version, region), cancellationToken);
                await ExecuteAsync(
                    connection,
                    $"insert into {schema}.schema_version (version, name, applied_at) values ({migration.Version}, '{migration.Name}', now())",
                    cancellationToken);
            }

            if (applicationRole is not null)
            {
                await ExecuteAsync(connection, Grants(schema, applicationRole), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new LogUnavailableException($"Schema {schema} can't be set up: {e.Message}", e);
        }
    }

    /// <summary>The regions that have a log in this database, in order of their codes.</summary>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public static async Task<IReadOnlyList<RegionCode>> ListRegionsAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                "select nspname from pg_catalog.pg_namespace where nspname ~ '^region_[0-9]{6}$' order by nspname collate \"C\"");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var regions = new List<RegionCode>();
            while (await reader.ReadAsync(cancellationToken))
            {
                regions.Add(new(reader.GetString(0)["region_".Length..]));
            }

            return regions;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new LogUnavailableException($"The regions can't be read: {e.Message}", e);
        }
    }

    /// <summary>The statements that bring a region's schema from the version before to this one.</summary>
    internal static string SqlOf(int version, RegionCode region) =>
        Migrations.Single(m => m.Version == version).Sql
            .Replace("{schema}", NameOf(region), StringComparison.Ordinal)
            .Replace("{genesis}", Convert.ToHexStringLower(EventHash.Genesis(region)), StringComparison.Ordinal);

    /// <summary>The version that the region's schema has; 0 when there is none.</summary>
    internal static async Task<int> ReadVersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command(connection, $"select coalesce(max(version), 0) from {schema}.schema_version");
            return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return 0;
        }
    }

    private static async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < LeastServerVersion)
        {
            throw new LogUnavailableException($"PostgreSQL {connection.PostgreSqlVersion} is older than {LeastServerVersion}.", null);
        }

        await using var command = Command(connection, "show server_encoding");
        var encoding = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (encoding != "UTF8")
        {
            throw new LogUnavailableException($"The database's encoding is {encoding}, not UTF8.", null);
        }
    }

    /// <summary>The schema and its table of versions, each in a statement of its own; skipped when there, so that an up-to-date
    /// schema needs no right to create.</summary>
    private static async Task CreateSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var find = Command(connection, $"select to_regclass('{schema}.schema_version') is not null");
        if ((bool)(await find.ExecuteScalarAsync(cancellationToken))!)
        {
            return;
        }

        await ExecuteUnlessThereAsync(connection, $"create schema if not exists {schema}", cancellationToken);
        await ExecuteUnlessThereAsync(
            connection,
            $"create table if not exists {schema}.schema_version (version integer primary key, name text not null, applied_at timestamptz not null)",
            cancellationToken);
    }

    /// <summary>"if not exists" does not put two sessions in order: the loser gets a duplicate, and what it wanted is there.</summary>
    private static async Task ExecuteUnlessThereAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, sql, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject)
        {
        }
    }

    /// <summary>
    /// Of the log reads, the functions, and INSERT into events, which bulk appends need for their COPY: whatever is inserted beside the
    /// functions is found by the verification. What is derived from the log, the application fills and throws away.
    /// </summary>
    private static string Grants(string schema, string role) =>
        $"""
        grant usage on schema {schema} to {role};
        grant select on {schema}.schema_version, {schema}.head, {schema}.events, {schema}.events_readable, {schema}.streams, {schema}.types,
            {schema}.actors, {schema}.years, {schema}.archives, {schema}.archived_runs, {schema}.archived_commands, {schema}.documents to {role};
        grant insert on {schema}.events to {role};
        grant execute on function {schema}.fiscal_year_of(text) to {role};
        grant execute on function {schema}.open_year(smallint) to {role};
        grant execute on function {schema}.number_texts(text[], text[]) to {role};
        grant execute on function {schema}.lock_head() to {role};
        grant execute on function {schema}.append_events to {role};
        grant execute on function {schema}.append_event to {role};
        grant execute on function {schema}.store_document to {role};
        grant select, insert, update, delete on {schema}.projections, {schema}.facts, {schema}.region_facts, {schema}.departments,
            {schema}.department_years, {schema}.member_lists to {role};
        grant select, insert on {schema}.fact_keys to {role};
        grant execute on function {schema}.fact_key_ids to {role};
        grant execute on function {schema}.project to {role};
        """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a schema name of digits, a checked role name and our own resources.")]
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);

    private static IEnumerable<(int Version, string Name, string Sql)> LoadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = Path.GetFileNameWithoutExtension(resource);
            yield return (int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex RoleName();
}
