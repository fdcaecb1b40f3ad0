using System.Globalization;
using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>What must hold between what processes were answered and what stands in the log.</summary>
internal static class Answers
{
    /// <summary>Every answer's positions hold its command, whole, with the amounts that were posted; no command is half there.</summary>
    /// <param name="where">Says in a failure which run it was.</param>
    public static void ShouldAllBeStored(this IEnumerable<Acknowledged> answers, List<StoredEvent> events, string where)
    {
        events.Select(e => e.Position).SequenceEqual(Enumerable.Range(1, events.Count).Select(n => (long)n)).ShouldBeTrue(where);
        var byCommand = events.ToLookup(e => e.CommandId);
        foreach (var answer in answers)
        {
            var own = byCommand[answer.CommandId].ToList();
            (own.Count == 0 ? (0, 0) : (own[0].Position, own[^1].Position)).ShouldBe((answer.First, answer.Last), $"{where}, command {answer.CommandId}");
            own.Count.ShouldBe((int)(answer.Last - answer.First + 1), where);
            own.Sum(e => Posted(e).Fen).ShouldBe(answer.Fen, where);
        }

        // "2/3" is the second of the three vouchers that its command posts.
        foreach (var command in byCommand.Where(c => Posted(c.First()).Voucher.Contains('/', StringComparison.Ordinal)))
        {
            command.Count().ShouldBe(int.Parse(Posted(command.First()).Voucher.Split('/')[1], CultureInfo.InvariantCulture), $"{where}, command {command.Key}");
        }
    }

    /// <summary>What all departments have spent by the tables that are read.</summary>
    public static async Task<long> ReadSpentAsync(NpgsqlDataSource dataSource, RegionCode region) => await dataSource.QueryAsync<long>(
        $"select coalesce(sum(y.expenditure), 0)::bigint from {LogSchema.NameOf(region)}.department_years y join {LogSchema.NameOf(region)}.projections p using (generation) where p.is_live");

    private static (string Voucher, long Fen) Posted(StoredEvent e)
    {
        using var body = JsonDocument.Parse(e.Body);
        return (body.RootElement.GetProperty("voucher").GetString()!, body.RootElement.GetProperty("lines")[0].GetProperty("amount").GetInt64());
    }
}
