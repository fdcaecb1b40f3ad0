using FinalAccounts.CritterStack.Hosting;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using Microsoft.AspNetCore.Builder;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>The scenarios on Wolverine and Marten.</summary>
public sealed class WolverineScenarioTest(WolverineHost host) : ApiScenarios(host), IClassFixture<WolverineHost>;

/// <summary>Wolverine and Marten.</summary>
public sealed class WolverineHost(LogServer server) : HostFixture
{
    protected override async Task<ApiHost> StartAsync() => await StartAsync(server, await server.NewMartenRegionAsync(), _ => { });

    /// <param name="configure">What a test wants otherwise.</param>
    public static Task<ApiHost> StartAsync(LogServer server, RegionCode region, Action<WebApplicationBuilder> configure) => ApiHost.StartAsync(
        server,
        region,
        (arguments, ground) =>
        {
            var builder = WolverineApplication.CreateBuilder(arguments, ground, region);
            configure(builder);
            return builder;
        },
        WolverineApplication.Map);
}
