using FinalAccounts.IntegrationTests.EventLog;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>The scenarios on the server that the program starts by default.</summary>
public sealed class ServerScenarioTest(ServerHost host) : ApiScenarios(host), IClassFixture<ServerHost>;

/// <summary>The server on our own engine.</summary>
public sealed class ServerHost(LogServer server) : HostFixture
{
    protected override Task<ApiHost> StartAsync() => ApiHost.StartServerAsync(server);
}
