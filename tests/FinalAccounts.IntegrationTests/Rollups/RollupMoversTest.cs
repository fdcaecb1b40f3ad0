using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Projections;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Rollups;

/// <summary>
/// Four departments, of which one has both years, one has imported figures of last year, one has this year alone and one last year alone.
/// Amounts in fen.
/// </summary>
[Collection(LogServerCollection.Name)]
public sealed class RollupMoversTest(LogServer server)
{
    private const string Running = "2080101";
    private const string Others = "2080199";
    private const string Housing = "2210201";

    private static readonly HistoryEvent[] Events =
    [
        Open("302", 2023), Spend("302", 2023, Running, 100), Open("302", 2024), Spend("302", 2024, Running, 150), Spend("302", 2024, Housing, 20),
        Open("301", 2024), Spend("301", 2024, Running, 70), Spend("301", 2024, Others, 5),
        Import("301", ("支出合计", 60), ($"支出合计/{Running}", 40)),
        Open("303", 2024), Spend("303", 2024, Running, 7),
        Open("304", 2023), Spend("304", 2023, Running, 999),
    ];

    [Fact]
    public async Task A_departments_last_year_is_that_of_its_books_else_what_was_imported_else_unknown() =>
        (await MoversAsync(RollupMoverAspect.Department)).ShouldBe([("302", 170, 170, 100), ("301", 75, 75, 60), ("303", 7, 0, null)]);

    [Fact]
    public async Task Of_an_item_the_departments_are_compared_whose_last_year_is_known() =>
        (await MoversAsync(RollupMoverAspect.Function)).ShouldBe(
        [
            // 150 + 70 + 7; without the 7 of 303: 220 against 100 of the books of 302 and 40 imported by 301.
            (Running, 227, 220, 140),
            (Housing, 20, 20, 0),

            // 301 has imported nothing of it.
            (Others, 5, 0, null),
        ]);

    [Fact]
    public async Task Of_an_economic_item_only_books_say_something_of_last_year() =>
        // All is one economic item: 150 + 20 + 70 + 5 + 7, of which 302 is known: 170 against 100.
        (await MoversAsync(RollupMoverAspect.Economic)).ShouldBe([("30101", 252, 170, 100)]);

    /// <summary>Where most departments can be compared, they are all less the others.</summary>
    [Fact]
    public async Task With_most_departments_known_the_sums_are_the_same()
    {
        HistoryEvent[] more =
        [
            .. Events,
            Open("305", 2023), Spend("305", 2023, Running, 11), Open("305", 2024), Spend("305", 2024, Running, 13),
            Open("306", 2023), Spend("306", 2023, Housing, 2), Open("306", 2024), Spend("306", 2024, Running, 3),
        ];

        // The 252 and 170 against 100 from before, with 13 and 3 against 11 and 2.
        (await MoversAsync(RollupMoverAspect.Economic, more)).ShouldBe([("30101", 268, 186, 113)]);
        (await MoversAsync(RollupMoverAspect.Function, more)).ShouldBe([(Running, 243, 236, 151), (Housing, 20, 20, 2), (Others, 5, 0, null)]);
    }

    private async Task<List<(string Key, long Value, long Comparable, long? Prior)>> MoversAsync(RollupMoverAspect aspect, HistoryEvent[]? events = null)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await History.AppendAsync(log, events ?? Events);
        await new Projector(new(() => server.Application, log, region, SystemClock.Instance)).CatchUpAsync(default);
        await using var reader = await new RegionRollups(server.Application, log, region).OpenAsync(default);
        return [.. (await reader.MoversAsync(new(2024), aspect, 10, default)).Select(m => (m.Key, (long)m.Value, (long)m.Comparable, (long?)m.Prior))];
    }

    private static HistoryEvent Open(string department, int year) => Of(
        department, year, new FiscalYearOpened(new(year, 1, 1), new(department), new(year), "hunan-2024", OverspendingPolicy.Warn, [], []));

    private static HistoryEvent Spend(string department, int year, string function, long fen) => Of(department, year, new ExpenditurePosted(
        new(year, 3, 1), "记-1", "支出", [new(new(function), new("30101"), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, new(fen))]));

    private static HistoryEvent Import(string department, params (string Quantity, long Fen)[] items) => Of(
        department, 2024, new ComparativesImported(new(2024, 1, 1), new(2023), "上年公开", [.. items.Select(i => new Comparative(i.Quantity, new(i.Fen)))]));

    private static HistoryEvent Of(string department, int year, LedgerEvent e) => new(Streams.Year(new(department), new(year)), e);
}
