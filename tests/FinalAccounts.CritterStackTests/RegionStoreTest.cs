using System.Text;
using FinalAccounts.CritterStack;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using Marten;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

[Collection(LogServerCollection.Name)]
public sealed class RegionStoreTest(LogServer server)
{
    [Fact]
    public async Task An_event_has_the_alias_and_the_bytes_that_it_has_on_our_engine()
    {
        var region = server.NewRegion();
        await using var store = DocumentStore.For(options =>
        {
            options.Connection(server.OwnerConnectionString);
            RegionStore.Configure(options, region);
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var written = new ExplanationWritten(new(2024, 12, 31), "五（三）2", "人员经费增加。", "张三");

        await using (var session = store.LightweightSession())
        {
            session.Events.StartStream("year/117005/2024", written);
            await session.SaveChangesAsync();
        }

        var table = $"{RegionStore.SchemaOf(region)}.mt_events";
        var encoded = EventCodec.Encode(written);
        (await server.Superuser.QueryAsync<string>($"select type from {table}")).ShouldBe(encoded.Type);
        Encoding.UTF8.GetString(await server.Superuser.QueryAsync<byte[]>($"select bdata from {table}")).ShouldBe(Encoding.UTF8.GetString(encoded.Body));
        await using var query = store.QuerySession();
        (await query.Events.FetchStreamAsync("year/117005/2024")).ShouldHaveSingleItem().Data.ShouldBe(written);
    }
}
