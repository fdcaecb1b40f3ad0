// A process for tests that need a second one, or one to kill. The connection string comes in the environment. After each append
// that was acknowledged it prints a line: the command id, the first and last position, and the fen posted where it posts.
//
//   FinalAccounts.LogWriter <region> <seed> <writers> <events per writer>   appends whatever may be appended
//   FinalAccounts.LogWriter project <region>                                keeps the region's tables up to date until it is killed
//   FinalAccounts.LogWriter books <region> <seed> <writers>                 posts, and keeps the tables up to date. After a line on its
//                                                                           input it posts no more, says "enough." and goes on projecting
//   FinalAccounts.LogWriter bulk <region> <bulks>                           appends in bulk; a line also for each piece
//   FinalAccounts.LogWriter archive <region> <year> <folder>                archives the year, restores it, archives it, …
//   FinalAccounts.LogWriter import <region> <file>                          imports the file of a log; a line also for each part of a piece
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.LogWriter;
using FinalAccounts.Projections;
using NodaTime;
using Npgsql;

var mode = char.IsDigit(args[0][0]) ? "" : args[0];
string[] rest = mode.Length == 0 ? args : args[1..];
var region = new RegionCode(rest[0]);
int Number(int i) => int.Parse(rest[i], CultureInfo.InvariantCulture);

await using var dataSource = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("FINALACCOUNTS_DATABASE")!);
await using var log = new PostgresEventLog(dataSource, region, SystemClock.Instance);
await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var acknowledged = TextWriter.Synchronized(output);

await (mode switch
{
    "project" => ProjectAsync(),
    "books" => PostAndProjectAsync(),
    "bulk" => new BulkWriter(log, acknowledged).RunAsync(Number(1)),
    "archive" => new ArchiveLoop(dataSource, region, new(Number(1)), rest[2], acknowledged).RunAsync(),
    "import" => new HistoryImport(dataSource, log, region, rest[1], acknowledged).RunAsync(),
    _ => Task.WhenAll(Enumerable.Range(0, Number(2)).Select(writer => Task.Run(() =>
        new RandomWriter(log, new RolledBackAppend(dataSource, region).RunAsync, Number(1), writer, acknowledged).RunAsync(Number(3))))),
});

Task ProjectAsync() => new Projector(new(() => dataSource, log, region, SystemClock.Instance, e => Console.Error.WriteLine(e.Message))).RunAsync(CancellationToken.None);

async Task PostAndProjectAsync()
{
    using var enough = new CancellationTokenSource();
    var projecting = ProjectAsync();
    var posting = Task.WhenAll(Enumerable.Range(0, Number(2)).Select(writer => Task.Run(() =>
        new BooksWriter(log, Number(1), writer, acknowledged).RunAsync(enough.Token))));
    var told = Console.In.ReadLineAsync();
    await await Task.WhenAny(told, posting, projecting);
    await enough.CancelAsync();
    await posting;
    await acknowledged.WriteLineAsync("enough.");

    // Until killed, or whoever started it has ended.
    await Console.In.ReadToEndAsync();
}
