using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;

namespace FinalAccounts.Server.Access;

/// <summary>The schema <c>access</c> and its migrations (the .sql resources of this assembly, in order).</summary>
public static partial class AccessSchema
{
    private const string Prefix = "Access/Migrations/";

    private static readonly (int Version, string Name, string Sql)[] Migrations = [.. LoadMigrations()];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Migrations[^1].Version;

    /// <summary>
    /// Creates the schema or brings it up to date; changes nothing when it is. To be called with the owner's connection; two
    /// callers at once are put in order.
    /// </summary>
    /// <param name="applicationRole">The role that the server runs with; null when that is the owner.</param>
    /// <exception cref="ArgumentException">The role's name is not lower-case letters, digits and underscores.</exception>
    /// <exception cref="InvalidOperationException">The schema is newer than this program.</exception>
    /// <exception cref="NpgsqlException">The database can't be reached, or the connection's role may not do it.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource owner, string? applicationRole, CancellationToken cancellationToken)
    {
        if (applicationRole is not null && !RoleName().IsMatch(applicationRole))
        {
            throw new ArgumentException($"'{applicationRole}' is not a role name.", nameof(applicationRole));
        }

        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await CreateSchemaAsync(connection, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "lock table access.schema_version in exclusive mode", cancellationToken);
        await using var read = Command(connection, "select coalesce(max(version), 0) from access.schema_version");
        var version = (int)(await read.ExecuteScalarAsync(cancellationToken))!;
        if (version > Version)
        {
            throw new InvalidOperationException($"Schema access has version {version}; this program knows {Version}.");
        }

        foreach (var migration in Migrations.Where(m => m.Version > version))
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await ExecuteAsync(
                connection,
                $"insert into access.schema_version (version, name, applied_at) values ({migration.Version}, '{migration.Name}', now())",
                cancellationToken);
        }

        if (applicationRole is not null)
        {
            await ExecuteAsync(connection, Grants(applicationRole), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Skipped when there, so that an up-to-date schema needs no right to create.</summary>
    private static async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = Command(connection, "select to_regclass('access.schema_version') is not null");
        if ((bool)(await find.ExecuteScalarAsync(cancellationToken))!)
        {
            return;
        }

        await ExecuteUnlessThereAsync(connection, "create schema if not exists access", cancellationToken);
        await ExecuteUnlessThereAsync(
            connection,
            "create table if not exists access.schema_version (version integer primary key, name text not null, applied_at timestamptz not null)",
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
    /// Users are never deleted and keep their names; the audit is only added to, and not even its times can be given.
    /// </summary>
    private static string Grants(string role) =>
        $"""
        grant usage on schema access to {role};
        grant select on access.schema_version, access.users, access.assignments, access.tokens, access.audit to {role};
        grant insert on access.users, access.assignments, access.tokens to {role};
        grant update (password_hash, security_stamp, must_change_password, locked, failed_attempts, locked_until, version) on access.users to {role};
        grant delete on access.assignments to {role};
        grant update (revoked_at, last_used_on) on access.tokens to {role};
        grant insert (actor, action, subject_id, subject, role, region, department, detail) on access.audit to {role};
        """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable parts are a checked role name and our own resources.")]
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);

    private static IEnumerable<(int Version, string Name, string Sql)> LoadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[Prefix.Length..^".sql".Length];
            yield return (int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex RoleName();
}
