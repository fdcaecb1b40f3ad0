// A process that appends to a region's log, for tests that need a second process or one to kill. Prints a line for each append
// after it was acknowledged: the command id and its first and last position. The connection string comes in the environment.
//
//   FinalAccounts.LogWriter <region> <seed> <writers> <events per writer>
//
// Or one that keeps the region's tables up to date until it is killed:
//
//   FinalAccounts.LogWriter project <region>
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.LogWriter;
using FinalAccounts.Projections;
using NodaTime;
using Npgsql;

var isProjector = args[0] == "project";
var region = new RegionCode(args[isProjector ? 1 : 0]);
int Number(int i) => int.Parse(args[i], CultureInfo.InvariantCulture);

await using var dataSource = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("FINALACCOUNTS_DATABASE")!);
await using var log = new PostgresEventLog(dataSource, region, SystemClock.Instance);
if (isProjector)
{
    await new Projector(new(() => dataSource, log, region, SystemClock.Instance, e => Console.Error.WriteLine(e))).RunAsync(CancellationToken.None);
}

await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var acknowledged = TextWriter.Synchronized(output);
await Task.WhenAll(Enumerable.Range(0, Number(2)).Select(writer => Task.Run(() =>
    new RandomWriter(log, dataSource, region, Number(1), writer, acknowledged).RunAsync(Number(3)))));
