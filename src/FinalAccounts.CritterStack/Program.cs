using FinalAccounts.CritterStack;
using FinalAccounts.CritterStack.Hosting;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using NodaTime;

// The region comes first; what follows is the server's.
if (args is not [{ } code, .. var rest] || !RegionCode.IsValid(code))
{
    await Console.Error.WriteLineAsync("用法：FinalAccounts.CritterStack 地区代码（6 位） / usage: FinalAccounts.CritterStack <region, 6 digits>");
    return 2;
}

var region = new RegionCode(code);
var dataDirectory = DataDirectory.Find();
await using var database = await Database.OpenAsync(dataDirectory, CancellationToken.None);
var located = database.For(region);
await RegionStore.MigrateAsync(located.Owner, region, located.ApplicationRole, CancellationToken.None);
await using var app = WolverineApplication.CreateBuilder(rest, new(database, dataDirectory, SystemClock.Instance), region).Build();
WolverineApplication.Map(app);
await ServerApplication.PrepareAsync(app, Console.Out, CancellationToken.None);
await app.RunAsync();
return 0;
