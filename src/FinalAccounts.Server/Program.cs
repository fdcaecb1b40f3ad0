using FinalAccounts.Regions;
using FinalAccounts.Server;
using NodaTime;

var dataDirectory = DataDirectory.Find();
await using var database = await Database.OpenAsync(dataDirectory, CancellationToken.None);
await using var app = ServerApplication.Build(args, new(database, dataDirectory, SystemClock.Instance));
await ServerApplication.PrepareAsync(app, Console.Out, CancellationToken.None);
await app.RunAsync();
