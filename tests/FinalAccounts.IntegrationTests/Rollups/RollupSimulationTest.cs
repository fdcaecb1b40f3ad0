using System.Globalization;
using System.Numerics;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Reporting.Rollups;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Rollups;

/// <summary>The sums over a region that is made up, against sums that PostgreSQL makes of the events' bodies: nothing of the program is in them.</summary>
[Collection(LogServerCollection.Name)]
public sealed class RollupSimulationTest(LogServer server)
{
    /// <summary>What every event says of budget, income and expenditure, a row for each line.</summary>
    private const string Lines =
        """
        with lines as (
            select e.fiscal_year, split_part(e.stream, '/', 2) as department, extract(month from e.accounting_date)::int as month, l.line,
                   case e.type when 'expenditure-posted' then 'spent' when 'expenditure-reversed' then 'spent' when 'income-received' then 'received' else 'budget' end as what,
                   case when e.type in ('expenditure-reversed', 'budget-withdrawn') or l.side = 'from' then -1 else 1 end * (l.line ->> 'amount')::numeric as fen
              from SCHEMA.events_readable e
             cross join lateral (
                   select 'lines' as side, jsonb_array_elements(e.body::jsonb -> 'lines') as line
                   union all select 'from', jsonb_array_elements(e.body::jsonb -> 'from')
                   union all select 'to', jsonb_array_elements(e.body::jsonb -> 'to')) l
             where e.type in ('budget-appropriated', 'budget-supplemented', 'budget-withdrawn', 'budget-reallocated', 'income-received', 'expenditure-posted', 'expenditure-reversed'))
        """;

    private static readonly FiscalYear Year = new(2024);

    [Fact]
    public async Task Every_table_is_what_the_bodies_of_the_events_add_up_to()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await new Simulation(Year, FormPack.Load("hunan-2024")!, [.. Enumerable.Range(1, 25).Select(n => 10 * n)], seed: 11).AppendAsync(log, null, default);
        await new Projector(new(() => server.Application, log, region, SystemClock.Instance)).CatchUpAsync(default);
        await using var reader = await new RegionRollups(server.Application, log, region).OpenAsync(default);

        foreach (var (aspect, member) in new[]
        {
            (RollupAspect.Function, "function"), (RollupAspect.Economic, "economic"), (RollupAspect.Fund, "fund"), (RollupAspect.Kind, "kind"),
        })
        {
            var table = await reader.TableAsync(Year, aspect, RollupSelection.All, default);
            var leaves = table.Rows.Where(r => aspect is RollupAspect.Fund or RollupAspect.Kind || r.Key.Length is 0 or 7 || (aspect == RollupAspect.Economic && r.Key.Length == 5));
            leaves.Select(r => (r.Key, r.Amounts.Budget, r.Amounts.Expenditure)).ShouldBe(await SumsAsync(region, $"coalesce(line ->> '{member}', '')", "what <> 'received'"), ignoreOrder: true);
        }

        var departments = await reader.DepartmentsAsync(Year, RollupSelection.All, default);
        departments.Select(d => (d.Code.ToString(), d.Amounts.Budget, d.Amounts.Expenditure)).ShouldBe(await SumsAsync(region, "department", "true"), ignoreOrder: true);
        var item = (await reader.TableAsync(Year, RollupAspect.Function, RollupSelection.All, default)).Rows.Where(r => r.Level == 2).MaxBy(r => r.Amounts.Expenditure)!.Key;
        (await reader.DepartmentsAsync(Year, new(Function: new FunctionCode(item)), default)).Select(d => (d.Code.ToString(), d.Amounts.Budget, d.Amounts.Expenditure))
            .ShouldBe(await SumsAsync(region, "department", $"line ->> 'function' = '{item}'"), ignoreOrder: true);
        (await reader.ProgressAsync(Year, RollupSelection.All, default)).Months.Select(m => (m.Month.ToString(CultureInfo.InvariantCulture), m.Amounts.Budget, m.Amounts.Expenditure))
            .ShouldBe(await SumsAsync(region, "month::text", "true"), ignoreOrder: true);
    }

    /// <summary>Budget and expenditure by an expression; what comes to nothing in both is left out.</summary>
    private async Task<List<(string Key, Int128 Budget, Int128 Spent)>> SumsAsync(RegionCode region, string by, string where)
    {
        await using var command = server.Superuser.CreateCommand(
            $"""
            {Lines}
            select {by}, coalesce(sum(fen) filter (where what = 'budget'), 0), coalesce(sum(fen) filter (where what = 'spent'), 0)
              from lines where fiscal_year = {Year} and {where} group by 1
            """.Replace("SCHEMA", LogSchema.NameOf(region), StringComparison.Ordinal));
        await using var row = await command.ExecuteReaderAsync();
        List<(string Key, Int128 Budget, Int128 Spent)> sums = [];
        while (await row.ReadAsync())
        {
            sums.Add((row.GetString(0), (Int128)row.GetFieldValue<BigInteger>(1), (Int128)row.GetFieldValue<BigInteger>(2)));
        }

        return [.. sums.Where(s => s.Budget != 0 || s.Spent != 0)];
    }
}
