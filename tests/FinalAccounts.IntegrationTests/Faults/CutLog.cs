using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>A region's log behind a proxy that cuts its connections.</summary>
internal sealed class CutLog : IAsyncDisposable
{
    private readonly NpgsqlDataSource dataSource;

    /// <param name="open">The log on an engine.</param>
    public CutLog(string connectionString, RegionCode region, Func<NpgsqlDataSource, IEventLog> open)
    {
        Proxy = new(connectionString);
        Region = region;
        dataSource = NpgsqlDataSource.Create(Proxy.ConnectionString);
        Log = open(dataSource);
    }

    public CuttingProxy Proxy { get; }

    public RegionCode Region { get; }

    public IEventLog Log { get; }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Log).DisposeAsync();
        await dataSource.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
