using FinalAccounts.Regions;
using FinalAccounts.Server;
using FinalAccounts.Server.Access;
using NodaTime;

if (args is ["docs", var folder])
{
    await ServerDocuments.WriteAsync(folder);
    return 0;
}

var isCommand = args is ["demo-users", _] or ["reset-password", _];
var dataDirectory = DataDirectory.Find();
await using var database = await Database.OpenAsync(dataDirectory, CancellationToken.None);
await using var app = ServerApplication.Build(isCommand ? [] : args, new(database, dataDirectory, SystemClock.Instance));
if (isCommand)
{
    return await AccessCommands.RunAsync(app, args[0], args[1], Console.Out, CancellationToken.None);
}

await ServerApplication.PrepareAsync(app, Console.Out, CancellationToken.None);
await app.RunAsync();
return 0;
