using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using JasperFx.Events;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

/// <summary>Marten's quick way, from a session in Shanghai: there Marten's own times are eight hours off from the second append to a stream on.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenInShanghaiContractTest(LogServer server) : MartenContract(server)
{
    private readonly NpgsqlDataSource shanghai = NpgsqlDataSource.Create(server.ApplicationConnectionString + ";Timezone=Asia/Shanghai");

    protected override IEventLog OpenLog(RegionCode region, IClock clock) => new MartenEventLog(shanghai, region, clock);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await shanghai.DisposeAsync();
    }
}

/// <summary>The way in which Marten looks up versions and numbers before it stores events.</summary>
[Collection(LogServerCollection.Name)]
public sealed class RichMartenContractTest(LogServer server) : MartenContract(server)
{
    protected override IEventLog OpenLog(RegionCode region, IClock clock) => new MartenEventLog(Server.Application, region, clock, EventAppendMode.Rich);
}

public abstract class MartenContract(LogServer server) : LogContract
{
    protected LogServer Server { get; } = server;

    protected override RegionCode NewRegion() => Server.NewRegion();

    protected override Task<RegionCode> NewLogAsync() => Server.NewMartenLogAsync();

    protected override async Task RequireIntactAsync(RegionCode region) =>
        (await Server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();

    protected override Task ChangeAsync(RegionCode region, long position) => Server.Superuser.ExecuteAsync(
        $$"""update {{RegionStore.SchemaOf(region)}}.mt_events set bdata = '{"amount":1}' where seq_id = {{SequenceOf(region, position)}}""");

    protected override Task RemoveAsync(RegionCode region, long position) => Server.Superuser.ExecuteAsync(
        $"delete from {RegionStore.SchemaOf(region)}.mt_events where seq_id = {SequenceOf(region, position)}");

    private static string SequenceOf(RegionCode region, long position) =>
        $"(select seq_id from {RegionStore.SchemaOf(region)}.log_chain where position = {position})";
}
