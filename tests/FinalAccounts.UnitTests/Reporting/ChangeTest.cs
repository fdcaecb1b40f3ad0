using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

public class ChangeTest
{
    private const string Spent = "一般公共预算财政拨款支出";
    private const string Budgeted = "一般公共预算年初预算";

    private static readonly Books This = new Books()
        .Budget(Running, 600).Budget(Housing, 50)
        .Withdraw(Running, 120, "压减", "扣1").Supplement(Running, 598, "运转", "追1").Supplement(Running, 171, "奖励", "追2")
        .Spend(Running, Wages, 1_100).Spend(Running, Office, 160).Spend(Housing, "30113", 50);

    private static readonly Books Last = new Books(2023)
        .Budget(Running, 500).Supplement(Running, 90, "奖励", "追9")
        .Spend(Running, Wages, 400).Spend(Running, Office, 190);

    [Fact]
    public void Against_the_budget_the_documents_come_by_size_and_the_rest_is_what_was_spent_otherwise()
    {
        // 1310 spent less 650 budgeted = 660 = 598 + 171 - 120 + 11 (1260 of 1249 on 2080101).
        var change = Explain(This, null, Spent, Budgeted)!;

        change.With.ShouldBe(ComparedWith.Budget);
        change.Amount.ShouldBe(66_000);
        var events = change.By(ChangeAspect.Event)!;
        events.Parts!.Select(p => (p.Kind, p.Key, Yuan: (long)p.Amount / 100)).ShouldBe(
            [(ChangeEventKind.Supplement, "追1", 598), (ChangeEventKind.Supplement, "追2", 171), (ChangeEventKind.Withdrawal, "扣1", -120)]);
        events.Rest.ShouldBe(11_00);
    }

    [Fact]
    public void Against_the_budget_items_are_set_against_items_and_a_budget_without_economic_codes_is_not_taken_apart_by_them()
    {
        var change = Explain(This, null, Spent, Budgeted)!;

        change.By(ChangeAspect.Item)!.Parts!.Select(p => (p.Key, (long)p.Amount / 100)).ShouldBe([(Running, 660)]);
        change.By(ChangeAspect.Item)!.Rest.ShouldBe(0);
        change.By(ChangeAspect.Economic)!.IsKnown.ShouldBeFalse();
    }

    [Fact]
    public void Against_last_year_the_largest_item_comes_first()
    {
        // 1310 less 590 = 720: 2080101 1260 - 590 = 670, 2210201 50.
        var change = Explain(This, Last, Spent, Spent + "@上年")!;

        change.With.ShouldBe(ComparedWith.PriorYear);
        change.Amount.ShouldBe(72_000);
        change.By(ChangeAspect.Item)!.Parts!.Select(p => (p.Key, (long)p.Amount / 100)).ShouldBe([(Running, 670), (Housing, 50)]);
        change.By(ChangeAspect.Economic)!.Parts!.Select(p => (p.Key, (long)p.Amount / 100)).ShouldBe([(Wages, 700), ("30113", 50), (Office, -30)]);
    }

    [Fact]
    public void Against_last_year_documents_of_both_years_count()
    {
        // Budgets 650 less 500; this year's 598 + 171 - 120, last year's 90; the rest 11 is spending beyond budget: 11 less 0.
        var events = Explain(This, Last, Spent, Spent + "@上年")!.By(ChangeAspect.Event)!;

        events.Parts!.Select(p => (p.Kind, p.Key, (long)p.Amount / 100)).ShouldBe(
        [
            (ChangeEventKind.Supplement, "追1", 598),
            (ChangeEventKind.Supplement, "追2", 171),
            (ChangeEventKind.InitialBudget, "", 150),
            (ChangeEventKind.Withdrawal, "扣1", -120),
            (ChangeEventKind.Supplement, "追9", -90),
        ]);
        events.Rest.ShouldBe(11_00);
    }

    [Fact]
    public void Projects_are_set_against_projects_and_what_has_none_is_the_rest()
    {
        BudgetLine line = new(new("2080199"), Fund.GeneralPublicBudget, SpendingKind.Project, "奖励", null, Yuan(30));
        var books = new Books().Budget(Running, 100).Spend(Running, Wages, 90)
            .Add(new BudgetSupplemented(new(2024, 5, 1), "追1", "奖励", [line]))
            .Add(new ExpenditurePosted(new(2024, 5, 2), "记9", "奖励",
                [new(line.Function, new(Wages), line.Fund, line.Kind, line.Project, IncomeSource.FiscalAppropriation, line.Amount)]));

        var projects = Explain(books, null, Spent, Budgeted)!.By(ChangeAspect.Project)!;

        projects.Parts!.Select(p => (p.Key, (long)p.Amount / 100)).ShouldBe([("奖励", 30)]);
        projects.Rest.ShouldBe(-10_00);
    }

    [Fact]
    public void A_reversal_is_a_part_of_its_own()
    {
        var books = new Books().Budget(Running, 100).Spend(Running, Office, 80);
        books.Add(new ExpenditureReversed(new(2024, 5, 1), "红1", "记4", "冲销", [Line(Running, Office, 30)]));

        var events = Explain(books, null, Spent, Budgeted)!.By(ChangeAspect.Event)!;

        events.Parts!.Select(p => (p.Kind, p.Key, (long)p.Amount / 100)).ShouldBe([(ChangeEventKind.Reversal, "红1", -30)]);
        events.Rest.ShouldBe(-20_00);
    }

    [Fact]
    public void An_imported_figure_of_last_year_is_not_taken_apart()
    {
        var books = new Books().Spend(Running, Wages, 100).Comparatives((Spent, 90));

        var change = Explain(books, null, Spent, Spent + "@上年")!;

        change.Amount.ShouldBe(10_00);
        change.Breakdowns.Select(b => (b.Aspect, b.IsKnown)).ShouldBe(
            [(ChangeAspect.Item, false), (ChangeAspect.Economic, false), (ChangeAspect.Event, false)]);
    }

    [Fact]
    public void The_adjusted_budget_has_its_supplements_in_it()
    {
        var books = new Books().Budget(Running, 20, Reception).Add(new BudgetSupplemented(
            new(2024, 3, 1), "追1", "接待", [new(new(Running), Fund.GeneralPublicBudget, SpendingKind.Basic, null, new EconomicCode(Reception), Yuan(5))]))
            .Spend(Running, Reception, 18);

        var change = Explain(books, null, "公务接待费", "公务接待费预算")!;

        change.Amount.ShouldBe(-7_00);
        change.By(ChangeAspect.Event).ShouldBeNull();
        change.By(ChangeAspect.Economic)!.Parts!.Single().Amount.ShouldBe(-7_00);
    }

    [Theory]
    [InlineData("支出决算", false)]
    [InlineData("完成年初预算的百分比", true)]
    public void Only_figures_that_compare_are_changes(string label, bool compares)
    {
        var document = This.Report();
        var figure = document.Figures.Single(f => f.Address == $"说明/五（三）1/{label}");
        (ExplainingChange.Explain(figure, new(This.Fold(), null)) is not null).ShouldBe(compares);
    }

    [Fact]
    public void A_share_of_a_whole_is_no_change() => ExplainingChange.ComparisonOf(
        This.Report().Figures.First(f => f.Address.EndsWith("占本年支出合计的比重", StringComparison.Ordinal)).Query).ShouldBeNull();

    /// <summary>Whatever happened in two years: each way of taking a change apart adds up to it, and each part is what its query says.</summary>
    [Fact]
    public void All_parts_add_up_to_the_change_exactly() => Prop.ForAll(TwoYears.ToArbitrary(), years =>
    {
        ReportBooks books = new(years.This.Fold(), years.Last.Recorded(1000));
        Quantities quantities = new(Pack, books);
        foreach (var (value, @base) in Compared)
        {
            var change = ExplainingChange.Explain(quantities.Find(value, Narrowing.None)!, quantities.Find(@base, Narrowing.None)!, books)!;
            change.Amount.ShouldBe(change.Value.Total(books) - change.Base.Total(books));
            foreach (var breakdown in change.Breakdowns.Where(b => b.IsKnown))
            {
                breakdown.Parts!.ShouldAllBe(p => p.Query.Total(books) == p.Amount && p.Amount != 0);
                breakdown.RestQuery!.Total(books).ShouldBe(breakdown.Rest);
                (breakdown.Parts!.Aggregate((Int128)0, (sum, p) => sum + p.Amount) + breakdown.Rest).ShouldBe(change.Amount);
                breakdown.Parts!.Select(p => Int128.Abs(p.Amount)).ShouldBeInOrder(SortDirection.Descending);
            }

            // Every fact of these quantities has an item, so the items are all there is.
            if (change.By(ChangeAspect.Item) is { IsKnown: true } items)
            {
                items.Rest.ShouldBe(0);
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static readonly (string, string)[] Compared =
    [
        (Spent, Budgeted), (Spent, Spent + "@上年"), ("支出合计", "支出合计@上年"), ("收入合计", "收入合计@上年"), ("机关运行经费", "机关运行经费@上年"),
        ("公务接待费", "公务接待费预算"), ("“三公”经费", "“三公”经费@上年"),
    ];

    internal static Gen<(Books This, SecondYear Last)> TwoYears => from current in Year(2024) from last in Year(2023) select (current, new SecondYear(last));

    internal static Gen<Books> Year(int year) => Step.ListOf(25).Select(steps =>
    {
        Books books = new(year);
        foreach (var step in steps)
        {
            step(books);
        }

        return books;
    });

    private static Gen<Action<Books>> Step =>
        from function in Gen.Elements(Running, Housing, "2080505")
        from economic in Gen.Elements(Wages, Office, Reception)
        from yuan in Gen.Choose(1, 900)
        from kind in Gen.Choose(0, 6)
        from fund in Gen.Elements(Fund.GeneralPublicBudget, Fund.GovernmentFund)
        select (Action<Books>)(books => _ = kind switch
        {
            0 => books.Budget(function, yuan, yuan % 2 == 0 ? economic : null, fund),
            1 => books.Supplement(function, yuan, "事由", $"追{books.Events.Count}"),
            2 => books.Withdraw(function, yuan, "事由", $"扣{books.Events.Count}"),
            3 => books.Income(function, yuan, fund: fund),
            4 => books.Add(new ExpenditureReversed(new(books.Events[0].Date.Year, 6, 1), $"红{books.Events.Count}", "记", "冲销", [Line(function, economic, yuan)])),
            5 => books.Add(new BudgetReallocated(new(books.Events[0].Date.Year, 6, 1), $"调{books.Events.Count}", "事由",
                [new(new(Running), fund, SpendingKind.Basic, null, null, Yuan(yuan))], [new(new(function), fund, SpendingKind.Basic, null, null, Yuan(yuan))])),
            _ => books.Spend(function, economic, yuan, fund),
        });

    private static PostingLine Line(string function, string economic, long yuan) => new(
        new(function), new(economic), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(yuan));

    private static Change? Explain(Books current, Books? last, string value, string @base)
    {
        ReportBooks books = new(current.Fold(), last is null ? null : new SecondYear(last).Recorded(1000));
        Quantities quantities = new(Pack, books);
        return ExplainingChange.Explain(quantities.Find(value, Narrowing.None)!, quantities.Find(@base, Narrowing.None)!, books);
    }

    /// <summary>The year before in the same log: its positions are others than this year's.</summary>
    internal sealed record SecondYear(Books Books)
    {
        public YearBooks Recorded(long after) => YearBooks.From(new(2023), Books.Recorded().Select(e => e with { Position = e.Position + after }));
    }
}
