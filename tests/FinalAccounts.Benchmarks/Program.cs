// What the program reaches on this machine, each figure beside references that took turns with it. Other load on the machine hits
// all of them, so the ratio says more than the figure. A plain program and not BenchmarkDotNet: what is measured is the throughput of
// many callers on a server with disk writes, not the time of a method.
using System.Diagnostics;
using FinalAccounts.Benchmarks;
using FinalAccounts.Benchmarks.Results;

if (args is ["render", var folder])
{
    await ResultFiles.RenderAsync(folder);
    return 0;
}

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

if (options.Parts.Count > 1)
{
    return await RunEachAsync(options);
}

var part = options.Parts[0];
await using var server = await BenchmarkServer.StartAsync();
await using var references = await References.FindAsync(server.ConnectionString, options.Marten, default);
var bench = new Bench(server, options, references);
Console.WriteLine();
Console.WriteLine($"── {Parts.Title(part)} ──");
await RunAsync();
if (options.Folder is not null)
{
    await ResultFiles.WriteAsync(options.Folder, new(part, await Machine.DescribeAsync(server.DataSource, options, default), bench.TakeRows()));
}

return 0;

// Each part has a process and a server of its own: none inherits the memory, the cache or the disorder of another, and one that fails
// does not stop the others.
static async Task<int> RunEachAsync(BenchmarkOptions options)
{
    var failed = new List<string>();
    foreach (var part in options.Parts)
    {
        using var process = Process.Start(Environment.ProcessPath!, [.. Own(), .. (options with { Parts = [part] }).ToArguments()]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            failed.Add(part);
        }
    }

    if (failed.Count > 0)
    {
        Console.Error.WriteLine($"Failed: {string.Join(", ", failed)}");
    }

    return failed.Count == 0 ? 0 : 1;

    // Started as `dotnet FinalAccounts.Benchmarks.dll` the process is dotnet.
    static string[] Own() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Bench).Assembly.Location] : [];
}

async Task RunAsync()
{
    switch (part)
    {
        case Parts.Fold:
            await new FoldBenchmark(bench).RunAsync();
            break;
        case Parts.Project:
            await new ProjectionBenchmark(bench).RunAsync();
            break;
        case Parts.Rollup:
            await new RollupBenchmark(bench).RunAsync();
            break;
        case Parts.Size:
            await new SizeBenchmark(bench).RunAsync();
            break;
        case Parts.Import:
            await new ImportBenchmark(bench).RunAsync();
            break;
        case Parts.City:
            await new CityBenchmark(bench).RunAsync();
            break;
        case Parts.Growth:
            await new GrowthBenchmark(bench).RunAsync();
            break;
        case Parts.Replay:
            await using (var replay = await ReplayBenchmark.CreateAsync(bench.DataSource))
            {
                await replay.RunAsync(bench);
            }

            break;
        case Parts.Api:
            await using (var api = await ApiBenchmark.StartAsync(bench))
            {
                await api.RunAsync();
            }

            break;
        default:
            await using (var log = await LogBenchmark.StartAsync(bench))
            {
                await (part switch
                {
                    Parts.Log => log.SinglesAsync(),
                    Parts.Batch => log.BatchesAsync(),
                    Parts.Bulk => log.BulkAsync(),
                    Parts.Read => log.ReadsAsync(),
                    _ => throw new ArgumentOutOfRangeException(nameof(part)),
                });
            }

            break;
    }
}
