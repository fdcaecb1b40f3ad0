// The test assembly run as a program: a process that works on a region's log on Marten until it is killed. As FinalAccounts.LogWriter, which
// knows nothing of Marten, it takes region, seed, writers and events per writer, appends and prints what was acknowledged; or `project` and a
// region, whose tables it keeps up to date.
using System.Globalization;
using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.LogWriter;
using FinalAccounts.Projections;
using NodaTime;
using Npgsql;

int Number(int i) => int.Parse(args[i], CultureInfo.InvariantCulture);

var isProjecting = args[0] == "project";
await using var dataSource = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("FINALACCOUNTS_DATABASE")!);
await using var log = new MartenEventLog(dataSource, new(args[isProjecting ? 1 : 0]), SystemClock.Instance);
if (isProjecting)
{
    await new Projector(new(() => dataSource, log, new(args[1]), SystemClock.Instance)).RunAsync(CancellationToken.None);
    return;
}

await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var acknowledged = TextWriter.Synchronized(output);
await Task.WhenAll(Enumerable.Range(0, Number(2)).Select(writer => Task.Run(() => new RandomWriter(log, RollBackAsync, Number(1), writer, acknowledged).RunAsync(Number(3)))));

// It takes numbers of Marten's with it.
async Task RollBackAsync(int milliseconds)
{
    try
    {
        await log.AppendBulkAsync(Guid.NewGuid(), "nobody", BrokenOff(milliseconds), CancellationToken.None);
    }
    catch (OperationCanceledException)
    {
    }
}

static async IAsyncEnumerable<StreamAppend> BrokenOff(int milliseconds)
{
    yield return new($"rolled-back/{Guid.NewGuid():N}", 0, [.. Enumerable.Repeat(LogTesting.Event(), 1_001)]);
    yield return new($"rolled-back/{Guid.NewGuid():N}", 0, [LogTesting.Event()]);
    await Task.Delay(milliseconds);
    throw new OperationCanceledException();
}
