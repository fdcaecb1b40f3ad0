using System.Diagnostics.CodeAnalysis;
using FinalAccounts.PrivatePostgres;
using Npgsql;

namespace FinalAccounts.Regions;

/// <summary>
/// The database: the one that FINALACCOUNTS_DATABASE names, else the private server. Two roles: the owner migrates, the
/// application reads and appends and can change nothing that is stored.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    public const string Variable = "FINALACCOUNTS_DATABASE";
    public const string OwnerVariable = "FINALACCOUNTS_OWNER_DATABASE";

    // The roles of ops/roles.sql.
    private const string OwnerRole = "finalaccounts_owner";
    private const string AppRole = "finalaccounts_app";

    private Database(string application, string owner, PrivateServer? server)
    {
        Application = NpgsqlDataSource.Create(application);
        Owner = NpgsqlDataSource.Create(owner);
        Server = server;
        var role = new NpgsqlConnectionStringBuilder(application).Username;
        ApplicationRole = role == new NpgsqlConnectionStringBuilder(owner).Username ? null : role;
    }

    public NpgsqlDataSource Application { get; }

    public NpgsqlDataSource Owner { get; }

    /// <summary>What migrations grant the use of a log to; null when one role is used for all.</summary>
    public string? ApplicationRole { get; }

    /// <summary>Null when FINALACCOUNTS_DATABASE names another.</summary>
    public PrivateServer? Server { get; }

    public static bool IsPrivate => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 };

    public static PrivateServerOptions PrivateOptions(string dataDirectory) => new(Path.Combine(dataDirectory, "postgres"));

    /// <param name="dataDirectory">Where the private server's files are; not used when FINALACCOUNTS_DATABASE names a database.</param>
    /// <exception cref="RegionException">A connection string is wrong.</exception>
    /// <exception cref="PrivateServerException">The private server can't be started.</exception>
    public static async Task<Database> OpenAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } application)
        {
            var owner = Environment.GetEnvironmentVariable(OwnerVariable) is { Length: > 0 } given ? given : application;
            return Of(Check(Variable, application), Check(OwnerVariable, owner));
        }

        var server = await PrivateServer.StartAsync(PrivateOptions(dataDirectory), cancellationToken);
        await CreateRolesAsync(server.ConnectionString, cancellationToken);
        return new(As(server.ConnectionString, AppRole), As(server.ConnectionString, OwnerRole), server);
    }

    /// <summary>A database by its connection strings. Nothing is connected yet.</summary>
    /// <param name="owner">The same as the application's when one role is used for all.</param>
    /// <exception cref="ArgumentException">One is no connection string.</exception>
    public static Database Of(string application, string owner) => new(application, owner, server: null);

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        await Owner.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    private static string Check(string variable, string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "fa" }.ConnectionString;
        }
        catch (ArgumentException)
        {
            // The library's message could repeat a password.
            throw new RegionException(RegionProblem.ConnectionStringWrong, variable);
        }
    }

    private static string As(string connectionString, string role) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, ApplicationName = "fa" }.ConnectionString;

    [SuppressMessage("Security", "CA2100", Justification = "Our own resource.")]
    private static async Task CreateRolesAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var find = new NpgsqlCommand($"select count(*) from pg_roles where rolname in ('{OwnerRole}', '{AppRole}')", connection);
        if ((long)(await find.ExecuteScalarAsync(cancellationToken))! == 2)
        {
            return;
        }

        // Two commands may both be the first; the lock goes with the connection.
        await using var order = new NpgsqlCommand("select pg_advisory_lock(1)", connection);
        await order.ExecuteNonQueryAsync(cancellationToken);
        using var reader = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream("roles.sql")!);
        await using var create = new NpgsqlCommand(await reader.ReadToEndAsync(cancellationToken), connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}
