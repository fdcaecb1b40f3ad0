// Marten's turns of the benchmarks: started by FinalAccounts.Benchmarks (MartenProcess), on its server.
using System.Reflection;
using System.Text.Json;
using FinalAccounts.Benchmarks;
using FinalAccounts.CritterStackBenchmarks;
using Npgsql;

// Together with all others' connections it stays within what the server takes.
const int connections = 64;
if (await Console.In.ReadLineAsync() is not { } connectionString)
{
    await Console.Error.WriteLineAsync("Expected a connection string, and then a turn a line. See FinalAccounts.Benchmarks.");
    return 2;
}

// Marten says on the console what it does to tables.
var answers = Console.Out;
Console.SetOut(Console.Error);
await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = connections });
await using var contestants = new MartenContestants(dataSource);
await answers.WriteLineAsync(typeof(Marten.IDocumentStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
while (await Console.In.ReadLineAsync() is { } line)
{
    await answers.WriteLineAsync(JsonSerializer.Serialize(await contestants.MeasureAsync(JsonSerializer.Deserialize<MartenTurn>(line)!)));
}

return 0;
