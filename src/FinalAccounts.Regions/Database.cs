using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.PrivatePostgres;
using Npgsql;

namespace FinalAccounts.Regions;

/// <summary>
/// The database: the one that FINALACCOUNTS_DATABASE names, else the private server. Two roles: the owner migrates, the
/// application reads and appends and can change nothing that is stored. Regions may lie on other servers (FINALACCOUNTS_REGIONS):
/// <see cref="For"/> says which database a region is in, and is to be asked each time, because a region may move.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    public const string Variable = "FINALACCOUNTS_DATABASE";
    public const string OwnerVariable = "FINALACCOUNTS_OWNER_DATABASE";

    // The roles of ops/roles.sql.
    private const string OwnerRole = "finalaccounts_owner";
    private const string AppRole = "finalaccounts_app";

    private readonly Placement? placement;

    private Database(string application, string owner, PrivateServer? server, Placement? placement)
    {
        this.placement = placement;
        Application = LogConnections.Open(application);
        Owner = LogConnections.Open(owner);
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

    /// <summary>What is wrong with the file that says where regions lie, since it was changed; null when all is well.</summary>
    public RegionException? PlacementProblem => placement?.Problem;

    public static bool IsPrivate => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 };

    public static PrivateServerOptions PrivateOptions(string dataDirectory) => new(Path.Combine(dataDirectory, "postgres"));

    /// <param name="dataDirectory">Where the private server's files are; not used when FINALACCOUNTS_DATABASE names a database.</param>
    /// <exception cref="RegionException">A connection string is wrong, or the file that says where regions lie.</exception>
    /// <exception cref="PrivateServerException">The private server can't be started.</exception>
    public static async Task<Database> OpenAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var placement = Environment.GetEnvironmentVariable(Placement.Variable) is { Length: > 0 } file ? new Placement(file) : null;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } application)
        {
            var owner = Environment.GetEnvironmentVariable(OwnerVariable) is { Length: > 0 } given ? given : application;
            return new(Check(Variable, application), Check(OwnerVariable, owner), server: null, placement);
        }

        var server = await PrivateServer.StartAsync(PrivateOptions(dataDirectory), cancellationToken);
        await CreateRolesAsync(server.ConnectionString, cancellationToken);
        return new(As(server.ConnectionString, AppRole), As(server.ConnectionString, OwnerRole), server, placement);
    }

    /// <summary>A database by its connection strings. Nothing is connected yet.</summary>
    /// <param name="owner">The same as the application's when one role is used for all.</param>
    /// <exception cref="ArgumentException">One is no connection string.</exception>
    public static Database Of(string application, string owner) => new(application, owner, server: null, placement: null);

    /// <summary>A database by its connection strings, and where regions lie that are not in it.</summary>
    /// <param name="placement">A file as <c>ops/README.md</c> describes it.</param>
    /// <exception cref="ArgumentException">One is no connection string.</exception>
    /// <exception cref="RegionException">The file is not there, or not as it must be.</exception>
    public static Database Of(string application, string owner, string placement) => new(application, owner, server: null, new Placement(placement));

    /// <summary>The database that a region is in, or would be; this one unless the region is placed elsewhere.</summary>
    public Database For(RegionCode region) => placement?.Regions.GetValueOrDefault(region) ?? this;

    /// <summary>
    /// The regions by code. What another server has counts where the region is placed there; of a server that can't be reached, those that
    /// are placed there are named, so that who uses them hears of it.
    /// </summary>
    /// <exception cref="LogUnavailableException">This database can't be reached.</exception>
    public async Task<IReadOnlyList<RegionCode>> ListRegionsAsync(CancellationToken cancellationToken)
    {
        var regions = (await LogSchema.ListRegionsAsync(Application, cancellationToken)).Where(r => For(r) == this).ToList();
        foreach (var server in placement?.Servers ?? [])
        {
            try
            {
                regions.AddRange((await LogSchema.ListRegionsAsync(server.Application, cancellationToken)).Where(r => For(r) == server));
            }
            catch (LogUnavailableException)
            {
                regions.AddRange(placement!.Regions.Where(r => r.Value == server).Select(r => r.Key));
            }
        }

        return [.. regions.Distinct().OrderBy(r => r.ToString(), StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (placement is not null)
        {
            await placement.DisposeAsync();
        }

        await Application.DisposeAsync();
        await Owner.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    /// <summary>The connection string, as it is used.</summary>
    /// <param name="variable">What is named when it is wrong.</param>
    /// <exception cref="RegionException">It is no connection string.</exception>
    internal static string Check(string variable, string connectionString)
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
