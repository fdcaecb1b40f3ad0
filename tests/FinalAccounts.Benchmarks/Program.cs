// What the event log reaches on this machine, each figure beside a reference that was measured in turns with it. Other load on
// the machine hits both, so the ratio says more than the figure. A plain program and not BenchmarkDotNet: what is measured is
// the throughput of many callers on a server with disk writes, not the time of a method.
using FinalAccounts.Benchmarks;
using Npgsql;

const int Rounds = 3;
var turn = TimeSpan.FromSeconds(1.5);

await using var server = await BenchmarkServer.StartAsync();
await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString);
await using var bench = await LogBenchmark.CreateAsync(dataSource);

if (args is ["api"])
{
    await ApiAsync();
    return;
}

Console.WriteLine($"PostgreSQL {await bench.ServerVersionAsync()}, {Environment.ProcessorCount} cores, fsync {await bench.ShowAsync("fsync")}; "
    + $"median of {Rounds} turns of {turn.TotalSeconds} s");
Console.WriteLine();
Console.WriteLine($"{"",-44}{"log",12}{"reference",12}{"ratio",8}   reference is");
if (args is not ["replay"])
{
    await LogAsync();
}

if (args is not ["log"])
{
    await ReplayAsync();
}

if (args is [])
{
    Console.WriteLine();
    await ApiAsync();
}

return;

async Task ApiAsync()
{
    await using var api = await ApiBenchmark.StartAsync(server.ConnectionString);
    await api.RunAsync();
}

async Task ReplayAsync()
{
    await using var replay = await ReplayBenchmark.CreateAsync(dataSource);
    Console.WriteLine($"replay of {replay.Events:N0} events");
    await PairAsync("  into facts, chain checked, events/s", replay.FactsAsync, "COPY … TO STDOUT of the same rows, dropped", replay.CopyAsync);
    await PairAsync("  chain checked only, events/s", replay.ScanAsync, "COPY … TO STDOUT of the same rows, dropped", replay.CopyAsync);
}

async Task LogAsync()
{
    foreach (var callers in new[] { 1, 8, 32, 128 })
    {
        await PairAsync(
            $"append single events, {callers} callers, events/s",
            () => bench.AppendAsync(callers, eventsPerAppend: 1, turn),
            "one-row INSERTs, a connection per caller",
            () => bench.InsertRowsAsync(callers, turn));
    }

    await PairAsync(
        "append batches of 100, 8 callers, events/s",
        () => bench.AppendAsync(8, eventsPerAppend: 100, turn),
        "COPY of the same rows, 10,000 per commit",
        () => bench.CopyRowsAsync(turn));
    await PairAsync("read all, events/s", bench.ReadAllAsync, "select of the same columns, rows dropped", bench.SelectAllAsync);
    await PairAsync("verify, events/s", bench.VerifyAsync, "select of the same columns, rows dropped", bench.SelectAllAsync);
}

async Task PairAsync(string what, Func<Task<double>> log, string reference, Func<Task<double>> measureReference)
{
    // The first turn of each warms up: connections, plans, compiled code.
    await log();
    await measureReference();
    var pairs = new List<(double Log, double Reference)>();
    for (var i = 0; i < Rounds; i++)
    {
        pairs.Add((await log(), await measureReference()));
    }

    Console.WriteLine(
        $"{what,-44}{Median(pairs.Select(p => p.Log)),12:N0}{Median(pairs.Select(p => p.Reference)),12:N0}"
        + $"{Median(pairs.Select(p => p.Log / p.Reference)),8:N2}   {reference}");
}

static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
