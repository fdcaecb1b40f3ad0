using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.BulkAppendTest;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>Connections that are cut at exactly one message, which no kill at a random moment meets for certain.</summary>
[Collection(LogServerCollection.Name)]
public sealed class CutConnectionTest(LogServer server)
{
    [Fact]
    public async Task A_bulk_append_cut_off_behind_a_lock_that_it_did_not_get_is_unavailable_and_may_come_again()
    {
        await using var cut = await CutLog.NewAsync(server);
        var commandId = Guid.NewGuid();
        var holder = await server.HoldHeadAsync(cut.Region);
        cut.Proxy.CutAt(CutPoint.BehindLockNotAvailable);

        await Should.ThrowAsync<LogUnavailableException>(() => cut.Log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default));

        cut.Proxy.HasCut.ShouldBeTrue();
        await holder.ReleaseAsync();
        (await cut.Log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default)).ShouldBe(new AppendResult(1, 1, Repeated: false));
        (await server.VerifyAsync(cut.Region)).Findings.ShouldBeEmpty();
    }

    /// <summary>A log of its own behind a proxy.</summary>
    private sealed class CutLog : IAsyncDisposable
    {
        private readonly NpgsqlDataSource dataSource;

        private CutLog(CuttingProxy proxy, RegionCode region)
        {
            Proxy = proxy;
            Region = region;
            dataSource = NpgsqlDataSource.Create(proxy.ConnectionString);
            Log = new(dataSource, region, SystemClock.Instance);
        }

        public CuttingProxy Proxy { get; }

        public RegionCode Region { get; }

        public PostgresEventLog Log { get; }

        public static async Task<CutLog> NewAsync(LogServer server) => new(new(server.ApplicationConnectionString), await server.NewLogAsync());

        public async ValueTask DisposeAsync()
        {
            await Log.DisposeAsync();
            await dataSource.DisposeAsync();
            await Proxy.DisposeAsync();
        }
    }
}
