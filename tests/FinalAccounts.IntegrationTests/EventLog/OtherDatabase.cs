using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>Another database of the same server, where a region can have a log of its own again.</summary>
internal sealed class OtherDatabase : IAsyncDisposable
{
    private OtherDatabase(string owner, string application)
    {
        OwnerConnectionString = owner;
        Owner = NpgsqlDataSource.Create(owner);
        Application = NpgsqlDataSource.Create(application);
    }

    public string OwnerConnectionString { get; }

    public NpgsqlDataSource Owner { get; }

    public NpgsqlDataSource Application { get; }

    /// <summary>Makes a database with empty logs of the regions.</summary>
    public static async Task<OtherDatabase> NewAsync(LogServer server, params RegionCode[] regions)
    {
        var name = $"other_{Guid.NewGuid():N}";
        await server.Superuser.ExecuteAsync($"create database {name}");
        await server.Superuser.ExecuteAsync($"grant create on database {name} to {LogServer.OwnerRole}");
        var database = new OtherDatabase(In(server.OwnerConnectionString), In(server.ApplicationConnectionString));
        foreach (var region in regions)
        {
            await LogSchema.MigrateAsync(database.Owner, region, LogServer.ApplicationRole, CancellationToken.None);
        }

        return database;

        string In(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Database = name, MaxPoolSize = 10 }.ConnectionString;
    }

    public Task<LogVerification> VerifyAsync(RegionCode region) => LogVerifier.VerifyAsync(Owner, region, [], [], null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await Application.DisposeAsync();
    }
}
