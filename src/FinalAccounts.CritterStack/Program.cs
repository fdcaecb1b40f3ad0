using FinalAccounts.Cli;
using FinalAccounts.CritterStack;
using FinalAccounts.CritterStack.Hosting;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using NodaTime;

// A region's whole log, as `fa` exports and imports it.
if (args is ["export" or "import", ..])
{
    return await CommandLine.RunAsync(args, MartenRegion.Engine);
}

// The region comes first; what follows is the server's.
if (args is not [{ } code, .. var rest] || !RegionCode.IsValid(code))
{
    await Console.Error.WriteLineAsync("用法：FinalAccounts.CritterStack 地区代码（6 位） | export log … | import log … / usage: FinalAccounts.CritterStack <region, 6 digits> | export log … | import log …");
    return 2;
}

var region = new RegionCode(code);
var dataDirectory = DataDirectory.Find();
await using var database = await Database.OpenAsync(dataDirectory, CancellationToken.None);
await MartenRegion.MigrateAsync(database, region, CancellationToken.None);
await using var app = WolverineApplication.CreateBuilder(rest, new(database, dataDirectory, SystemClock.Instance), region).Build();
WolverineApplication.Map(app);
await ServerApplication.PrepareAsync(app, Console.Out, CancellationToken.None);
await app.RunAsync();
return 0;
