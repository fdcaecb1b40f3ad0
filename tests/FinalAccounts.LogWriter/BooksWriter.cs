using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.LogWriter;

/// <summary>
/// Posts expenditures of random amounts to years of departments: to those of its own, and to some that all writers share (conflicts are
/// certain), or to both at once. What is not known to be stored is sent again until it is.
/// </summary>
internal sealed class BooksWriter(PostgresEventLog log, int seed, int writer, TextWriter acknowledged)
{
    private const int SharedDepartments = 3;
    private const int MostEvents = 3;
    private const int MostFen = 100_000_00;

    private readonly Random random = new((seed * 1000) + writer);
    private readonly Dictionary<string, long> versions = [];

    /// <summary>Runs until it is enough; what is under way then is brought to its end.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            string[] streams = random.Next(10) switch { 0 => [Shared()], 1 => [Shared(), Own()], _ => [Own()] };
            await AppendAsync(streams);
        }
    }

    private string Shared() => Year(303_001 + random.Next(SharedDepartments));

    private string Own() => Year(302_000 + (seed % 100 * 10) + writer);

    private string Year(int department) => Streams.Year(
        new(department.ToString(CultureInfo.InvariantCulture)), new(2023 + random.Next(2)));

    private async Task AppendAsync(string[] streams)
    {
        var id = new byte[16];
        random.NextBytes(id);
        var count = random.Next(1, MostEvents + 1);
        var fen = Enumerable.Range(0, count * streams.Length).Select(_ => (long)random.Next(1, MostFen)).ToList();
        var request = new AppendRequest(
            new(id), "张三", [.. streams.Select((s, i) => new StreamAppend(s, versions.GetValueOrDefault(s), [.. Enumerable.Range(0, count).Select(n => Posting((i * count) + n, fen))]))]);
        while (true)
        {
            try
            {
                var result = await log.AppendAsync(request, CancellationToken.None);
                await acknowledged.WriteLineAsync(Acknowledgement.Of(request.CommandId, result, fen.Sum()));
                foreach (var stream in request.Streams)
                {
                    versions[stream.Stream] = stream.ExpectedVersion + stream.Events.Count;
                }

                return;
            }
            catch (VersionConflictException conflict)
            {
                versions[conflict.Stream] = conflict.Found;
                return;
            }
            catch (LogUnavailableException)
            {
                // Stored or not: sent again under its command id, it is stored once.
            }
        }
    }

    /// <summary>The voucher says how many events the whole append has, so that half an append would be seen.</summary>
    private static NewEvent Posting(int number, List<long> fen) => Postings.Encode(string.Create(CultureInfo.InvariantCulture, $"{number + 1}/{fen.Count}"), fen[number]);
}

/// <summary>Expenditures as events.</summary>
internal static class Postings
{
    public static NewEvent Encode(string voucher, long fen)
    {
        var posted = new ExpenditurePosted(
            new(2024, 5, 1), voucher, "办公费",
            [new(new("2080101"), new("30201"), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, new(fen))]);
        var encoded = EventCodec.Encode(posted);
        return new(encoded.Type, encoded.SchemaVersion, posted.Date, encoded.Body);
    }
}

/// <summary>What is printed of an append that was acknowledged.</summary>
internal static class Acknowledgement
{
    public static string Of(Guid commandId, AppendResult result, long fen) => string.Create(
        CultureInfo.InvariantCulture, $"{commandId} {result.FirstPosition} {result.LastPosition} {(result.Repeated ? "repeated" : "new")} {fen}.");
}
