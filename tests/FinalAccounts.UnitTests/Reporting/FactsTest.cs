using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

public class FactsTest
{
    private static readonly string[] Functions = [Running, Housing, "2010501", "2101101"];
    private static readonly string[] Economics = [Wages, Office, Reception, "30302"];

    /// <summary>Postings over a few codes; amounts in yuan from 1 to 1,000,000.</summary>
    private static Arbitrary<(int Function, int Economic, int Yuan)[]> Postings => Gen.Choose(0, 3)
        .SelectMany(f => Gen.Choose(0, 3).SelectMany(e => Gen.Choose(1, 1_000_000).Select(y => (f, e, y))))
        .ArrayOf().Where(p => p.Length > 0).ToArbitrary();

    [Fact]
    public void The_order_of_postings_does_not_matter() => Prop.ForAll(Postings, postings =>
        Figures(Book(postings)).SequenceEqual(Figures(Book([.. postings.Reverse()])))).QuickCheckThrowOnFailure();

    [Fact]
    public void Splitting_a_posting_does_not_matter() => Prop.ForAll(Postings, postings =>
        Figures(Book(postings)).SequenceEqual(Figures(Book([.. postings.SelectMany(Split)])))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reversal_takes_exactly_its_posting_back()
    {
        var before = new Books().Income(Running, 500).Spend(Running, Office, 300);
        var line = new PostingLine(new(Running), new(Office), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(70));
        var after = new Books().Income(Running, 500).Spend(Running, Office, 300)
            .Add(new ExpenditurePosted(new(2024, 5, 1), "错1", "错账", [line]))
            .Add(new ExpenditureReversed(new(2024, 5, 2), "冲1", "错1", "红字冲销", [line]));
        Figures(after).ShouldBe(Figures(before));
    }

    [Fact]
    public void The_adjusted_budget_is_initial_plus_supplements_minus_withdrawals_and_moved_lines()
    {
        BudgetLine reception = new(new(Running), Fund.GeneralPublicBudget, SpendingKind.Basic, null, new(Reception), Yuan(1_000));
        BudgetLine office = reception with { Economic = new(Office), Amount = Yuan(1_000) };
        var books = new Books().Budget(Running, 10_000, Reception)
            .Add(new BudgetSupplemented(new(2024, 5, 1), "追1", "增加", [reception with { Amount = Yuan(5_000) }]))
            .Add(new BudgetWithdrawn(new(2024, 6, 1), "扣1", "压减", [reception with { Amount = Yuan(2_000) }]))
            .Add(new BudgetReallocated(new(2024, 7, 1), "调1", "调剂", [reception], [office]));

        // 10,000 + 5,000 - 2,000 - 1,000 = 12,000 for receptions; moving a line leaves the whole at 13,000.
        var cells = books.Report().Figures.ToDictionary(f => f.Address, f => f.Exact);
        cells["公开09/预算数/公务接待费"].ShouldBe(Ratio.Whole(1_200_000));
        cells["说明/十三（二）/整体支出全年预算数"].ShouldBe(Ratio.Whole(1_300_000));
    }

    [Fact]
    public void What_is_reported_again_replaces_what_was_reported_and_both_stay_visible()
    {
        var books = new Books().Statistics(("更新公务用车", 2)).Statistics(("更新公务用车", 5)).Fold();
        var filter = new FactFilter(Measure.Statistic, Name: "更新公务用车");
        books.Sum(filter).ShouldBe(5);
        books.Matching(filter).Select(f => f.Value).ShouldBe([2L, -2L, 5L]);
    }

    [Fact]
    public void A_carry_over_determined_again_replaces_all_lines_even_with_none()
    {
        BalanceLine[] lines = [new(null, Fund.GeneralPublicBudget, null, null, Yuan(10)), new(null, Fund.Other, null, null, Yuan(20))];
        var filter = new FactFilter(Measure.CarryOver);
        var books = new Books().Add(new CarryOverDetermined(new(2024, 12, 31), lines));
        books.Fold().Sum(filter).ShouldBe(3000);
        books.Add(new CarryOverDetermined(new(2024, 12, 31), lines[..1])).Fold().Sum(filter).ShouldBe(1000);
        books.Add(new CarryOverDetermined(new(2024, 12, 31), [])).Fold().Sum(filter).ShouldBe(0);
    }

    [Fact]
    public void A_report_as_of_a_position_equals_one_from_a_log_cut_there()
    {
        var all = new Books().Budget(Running, 900).Income(Running, 500).Spend(Running, Office, 300).Supplement(Running, 50, "人员增资", "追1")
            .Spend(Running, Wages, 20).Recorded().ToList();
        for (var n = 3; n <= all.Count; n++)
        {
            var asked = new AsOf(Position: n);
            Print(YearBooks.From(new(2024), all.Where(asked.Includes))).ShouldBe(Print(YearBooks.From(new(2024), all.Take(n))));
        }
    }

    [Fact]
    public void An_accounting_date_and_an_instant_of_recording_limit_a_report()
    {
        var posted = new Books().Add(new ExpenditurePosted(new(2024, 6, 30), "记1", "", [Line(100)])).Add(new ExpenditurePosted(new(2024, 7, 1), "记2", "", [Line(7)]));
        var filter = new FactFilter(Measure.Expenditure);
        YearBooks.From(new(2024), posted.Recorded().Where(new AsOf(Date: new(2024, 6, 30)).Includes)).Sum(filter).ShouldBe(10000);
        var fourth = posted.Recorded().ElementAt(3).RecordedAt;
        YearBooks.From(new(2024), posted.Recorded().Where(new AsOf(RecordedAt: fourth).Includes)).Sum(filter).ShouldBe(10000);
    }

    private static PostingLine Line(long yuan) =>
        new(new(Running), new(Office), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(yuan));

    private static IEnumerable<(int Function, int Economic, int Yuan)> Split((int Function, int Economic, int Yuan) posting) =>
        posting.Yuan == 1 ? [posting] : [posting with { Yuan = posting.Yuan / 3 + 1 }, posting with { Yuan = posting.Yuan - (posting.Yuan / 3) - 1 }];

    private static Books Book((int Function, int Economic, int Yuan)[] postings)
    {
        var books = new Books().Budget(Running, 1000).Income(Running, 1000);
        foreach (var (function, economic, yuan) in postings)
        {
            if (yuan > 0)
            {
                books.Spend(Functions[function], Economics[economic], yuan);
            }
        }

        return books;
    }

    private static List<(string, Ratio, string?)> Figures(Books books) => [.. books.Report().Figures.Select(f => (f.Address, f.Exact, f.Printed))];

    private static string Print(YearBooks books) => string.Join(
        '\n', DisclosureBuilder.Build(Pack, new(books, null), ChartOfAccounts.For(new(2024))).Figures.Select(f => $"{f.Address} {f.Exact} {f.Printed}"));
}
