using System.Globalization;
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

public class ProvenanceTest
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    private static readonly Books Year = new Books().Budget(Running, 100_000).Supplement(Running, 20_000, "增资", "追1").Budget(Housing, 5_000)
        .Spend(Running, Wages, 60_000).Spend(Housing, "30113", 5_000)
        .Add(new ExpenditurePosted(new(2024, 3, 5), "记3", "", [Line(Office, 30_000), Line(Wages, 10_000)]))
        .Add(new ExpenditureReversed(new(2024, 4, 1), "冲3", "记3", "错账", [Line(Office, 1_000)]))
        .Comparatives(("支出总计", 50_000), ("一般公共预算财政拨款支出/2080101", 80_000));

    private static readonly ReportBooks Recorded = new(Year.Fold(), null);

    [Fact]
    public void A_cell_is_the_postings_behind_it_with_running_totals()
    {
        var sum = Prove("公开05/2080101/本年支出/小计").Operands.Single().Sum;
        sum.Events.Select(e => (e.Recorded.Event.GetType().Name, e.Amount, e.RunningTotal)).ShouldBe(
        [
            (nameof(ExpenditurePosted), 6_000_000, 6_000_000),
            (nameof(ExpenditurePosted), 4_000_000, 10_000_000),
            (nameof(ExpenditureReversed), -100_000, 9_900_000),
        ]);
        ExplainedMonth.Of(sum.Events).Select(m => (m.Month.Month, m.Amount, m.RunningTotal)).ShouldBe(
            [(1, 6_000_000, 6_000_000), (3, 4_000_000, 10_000_000), (4, -100_000, 9_900_000)]);
    }

    [Fact]
    public void A_page_of_events_runs_on_from_the_page_before()
    {
        var events = Prove("公开05/2080101/本年支出/小计").Operands.Single().Sum.Events;
        events.Page(1, 1).ShouldHaveSingleItem().ShouldBe(events[1]);
        (events[1].Amount, events[1].RunningTotal).ShouldBe(((Int128)4_000_000, (Int128)10_000_000));
        events.Page(2, 100).Count.ShouldBe(1);
        events.Page(3, 100).ShouldBeEmpty();
        Should.Throw<ArgumentOutOfRangeException>(() => events.Page(-1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => events.Page(0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => events.Page(0, ExplainedEvents.LargestPage + 1));
    }

    [Fact]
    public void A_posting_and_its_reversal_name_each_other()
    {
        var events = Prove("公开05/2080101/本年支出/小计").Operands.Single().Sum.Events;
        (events[0].Reverses, events[0].ReversedBy.Count).ShouldBe((null, 0));
        events[1].ReversedBy.ShouldBe([events[2].Recorded]);
        events[2].Reverses.ShouldBe(events[1].Recorded);
    }

    [Fact]
    public void A_sum_is_taken_apart_in_each_way_that_says_something()
    {
        var sum = Prove("公开01/57/金额").Operands.Single().Sum;
        sum.Total.ShouldBe(10_400_000);
        Parts(SumAspect.Item).ShouldBe([(Running, "行政运行", 99_000), (Housing, "住房公积金", 5_000)]);
        Parts(SumAspect.Economic).ShouldBe([("30101", "基本工资", 70_000), ("30201", "办公费", 29_000), ("30113", "住房公积金", 5_000)]);
        Parts(SumAspect.Month).ShouldBe([("2024-01", "2024-01", 65_000), ("2024-03", "2024-03", 40_000), ("2024-04", "2024-04", -1_000)]);
        Parts(SumAspect.Fund).ShouldBe([("一般公共预算", "一般公共预算", 104_000)]);
        sum.By(SumAspect.Project).ShouldBeNull();
        sum.By(SumAspect.Unit).ShouldBeNull();

        IEnumerable<(string?, string?, long)> Parts(SumAspect aspect) => sum.By(aspect)!.Parts.Select(p => (p.Key, p.Name, (long)p.Amount / 100));
    }

    [Fact]
    public void What_is_not_assigned_to_a_part_is_a_part_of_its_own()
    {
        BudgetLine project = new(new(Running), Fund.GeneralPublicBudget, SpendingKind.Project, "稽核", null, Yuan(70));
        ReportBooks books = new(new Books().Budget(Running, 100).Add(new BudgetSupplemented(new(2024, 2, 1), "追1", "稽核", [project])).Fold(), null);
        var sum = ExplainedSum.Of(new Quantities(Pack, books).Find("一般公共预算年初预算", Narrowing.None)! with
        {
            Terms = [new(1, new(Measure.InitialBudget)), new(1, new(Measure.Supplement))],
        }, books);

        sum.By(SumAspect.Project)!.Parts.ShouldBe([new("稽核", "稽核", 7_000), new(null, null, 10_000)]);
        sum.By(SumAspect.Project)!.Label(English).ShouldBe("By project");
        sum.By(SumAspect.Project)!.Parts.Select(p => p.Label(CultureInfo.InvariantCulture)).ShouldBe(["稽核", "其余"]);
        sum.By(SumAspect.Measure)!.Parts.Select(p => (p.Key, p.Amount)).ShouldBe([("年初预算", 10_000), ("追加", 7_000)]);
        sum.Part(SumAspect.Project, null).Events.Single().Recorded.Event.ShouldBeOfType<BudgetAppropriated>();
        sum.Part(SumAspect.Project, "稽核").Total.ShouldBe(7_000);
        sum.Part(SumAspect.Month, "2024-02").Total.ShouldBe(7_000);
    }

    [Fact]
    public void Behind_expenditure_stands_its_budget_and_what_is_left_of_it()
    {
        var chain = Prove("公开05/2080101/本年支出/小计").Chains.Single();
        chain.Budget.Events.Select(e => e.RunningTotal).ShouldBe([10_000_000, 12_000_000]);
        chain.IsComplete.ShouldBeTrue();

        // 100,000 + 20,000 - 99,000 = 21,000.
        chain.Waterfall.Steps.Select(s => (s.Label(CultureInfo.InvariantCulture), (long)s.Amount / 100, (long)s.Level / 100)).ShouldBe(
            [("年初预算", 100_000, 100_000), ("追加", 20_000, 120_000), ("执行", -99_000, 21_000), ("剩余", 21_000, 21_000)]);
        chain.Waterfall.Steps.Select(s => s.Label(English)).ShouldBe(["Initial budget", "Supplements", "Spent", "Remaining"]);
        chain.Waterfall.Steps.Select(s => s.IsTotal).ShouldBe([false, false, false, true]);
    }

    [Fact]
    public void A_budget_that_is_not_given_by_economic_items_says_nothing_about_one_of_them()
    {
        var books = new Books().Budget(Running, 100).Budget(Running, 30, Reception).Spend(Running, Reception, 18);
        ReportBooks recorded = new(books.Fold(), null);
        var reception = new Quantities(Pack, recorded).Find("公务接待费", Narrowing.None)!;

        // 30 granted for it by name; of the other 100 anything may be.
        var chain = BudgetChain.Of(reception, recorded)!;
        chain.Budget.Total.ShouldBe(3_000);
        chain.IsComplete.ShouldBeFalse();

        ReportBooks named = new(new Books().Budget(Running, 100, Wages).Budget(Running, 30, Reception).Spend(Running, Reception, 18).Fold(), null);
        BudgetChain.Of(new Quantities(Pack, named).Find("公务接待费", Narrowing.None)!, named)!.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void A_rate_is_explained_by_value_and_base()
    {
        var provenance = Prove("说明/一/支出总计比上年增减率");
        provenance.Operands.Select(o => (o.Sum.Name, o.Sum.Total, o.Printed, o.Unit)).ShouldBe(
            [("支出总计", 10_400_000, "10.4", "万元"), ("支出总计（上年）", 5_000_000, "5", "万元")]);
        provenance.Figure.Printed.ShouldBe("108"); // (104000 - 50000) / 50000
        provenance.Arithmetic(CultureInfo.InvariantCulture).ShouldBe("｜支出总计（104000.00元）－支出总计（上年）（50000.00元）｜÷｜支出总计（上年）｜＝108%");
        provenance.Arithmetic(English).ShouldBe("|支出总计 (104000.00 yuan) − 支出总计（上年） (50000.00 yuan)| ÷ |支出总计（上年）| = 108%");
        provenance.AgainstPrior.ShouldBe(provenance.Change);
    }

    [Fact]
    public void A_sum_says_in_words_what_it_adds_up()
    {
        Prove("公开05/2080101/本年支出/小计").Arithmetic(CultureInfo.InvariantCulture).ShouldBe("支出，合计99000.00元");
        Prove("公开01/30/金额").Arithmetic(CultureInfo.InvariantCulture).ShouldBe("收入＋使用非财政拨款结余＋年初结转和结余，合计0.00元");
    }

    [Fact]
    public void A_sum_that_states_no_change_is_set_against_last_year_all_the_same()
    {
        // Imported for all items together and for one of them: nothing is known of the other.
        var total = Prove("公开01/60/金额");
        total.Change.ShouldBeNull();
        total.AgainstPrior!.Amount.ShouldBe(5_400_000);
        Steps(total.AgainstPrior, Recorded).ShouldBe([("上年", 50_000), ("其余", 54_000), ("本年", 104_000)]);
        Prove("公开05/2080101/本年支出/小计").AgainstPrior!.Amount.ShouldBe(1_900_000);
        Prove("公开05/2210201/本年支出/小计").AgainstPrior.ShouldBeNull();
    }

    [Fact]
    public void With_last_years_books_the_change_of_any_sum_is_taken_apart_by_item()
    {
        var last = new Books(2023).Spend(Running, Wages, 80_000).Spend("2080199", Office, 3_000);
        ReportBooks both = new(Year.Fold(), YearBooks.From(new(2023), last.Recorded().Select(e => e with { Position = e.Position + 1000 })));
        var document = DisclosureBuilder.Build(Pack, both, ChartOfAccounts.For(new(2024)));
        var provenance = Provenance.Of(document.Figures.Single(f => f.Address == "公开01/57/金额"), both, Pack);

        Steps(provenance.AgainstPrior!, both).ShouldBe(
            [("上年", 83_000), ("行政运行", 19_000), ("住房公积金", 5_000), ("其他人力资源和社会保障管理事务支出", -3_000), ("本年", 104_000)]);
    }

    [Fact]
    public void Every_figures_events_add_up_to_its_exact_value()
    {
        foreach (var figure in Year.Report().Figures)
        {
            AddUp(figure, Recorded).ShouldBe(figure.Exact, figure.Address);
        }
    }

    /// <summary>Whatever happened in two years: each way of taking a figure apart adds up to it.</summary>
    [Fact]
    public void Parts_steps_and_events_of_every_figure_add_up_to_the_fen() => Prop.ForAll(ChangeTest.TwoYears.ToArbitrary(), years =>
    {
        ReportBooks books = new(years.This.Fold(), years.Last.Recorded(1000));
        foreach (var figure in DisclosureBuilder.Build(Pack, books, ChartOfAccounts.For(new(2024))).Figures)
        {
            var provenance = Provenance.Of(figure, books, Pack);
            AddUp(figure, books).ShouldBe(figure.Exact, figure.Address);
            foreach (var sum in provenance.Operands.Select(o => o.Sum))
            {
                sum.Total.ShouldBe(sum.Query.Total(books));
                sum.Decompositions.ShouldAllBe(d => Sum(d.Parts.Select(p => p.Amount)) == sum.Total);
                sum.Decompositions.ShouldAllBe(d => d.Parts.All(p => sum.Part(d.Aspect, p.Key).Events.LastOrDefault()!.RunningTotal == p.Amount));
                sum.Events.Select(e => e.Recorded.Position).ShouldBeInOrder();
                sum.Events.Select(e => e.RunningTotal).ShouldBe(sum.Events.Select((_, i) => Sum(sum.Events.Take(i + 1).Select(e => e.Amount))));
            }

            foreach (var chain in provenance.Chains)
            {
                AddUp(chain.Waterfall);
                chain.Waterfall.Steps[^1].Amount.ShouldBe(chain.Budget.Total - chain.Spending.Total(books));
                chain.Waterfall.Steps.ShouldAllBe(s => s.Query == null || Int128.Abs(s.Query.Total(books)) == Int128.Abs(s.Amount));
            }

            foreach (var aspect in provenance.AgainstPrior is null ? [] : Enum.GetValues<ChangeAspect>())
            {
                var waterfall = Waterfall.Of(provenance.AgainstPrior!, aspect, books);
                AddUp(waterfall);
                waterfall.Steps[^1].Amount.ShouldBe(provenance.AgainstPrior!.Value.Total(books));
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    private static void AddUp(Waterfall waterfall)
    {
        waterfall.Steps[^1].IsTotal.ShouldBeTrue();
        Sum(waterfall.Steps.SkipLast(1).Select(s => s.Amount)).ShouldBe(waterfall.Steps[^1].Amount);
        waterfall.Steps[^1].Level.ShouldBe(waterfall.Steps[^1].Amount);
    }

    private static Int128 Sum(IEnumerable<Int128> amounts) => amounts.Aggregate((Int128)0, (sum, amount) => sum + amount);

    /// <summary>The exact value from nothing but the explained events, by the meaning of the figure.</summary>
    public static Ratio AddUp(Figure figure, ReportBooks books)
    {
        var sums = figure.Query.Sums.Select(s => ExplainedSum.Of(s, books).Events.Aggregate((Int128)0, (sum, e) => sum + e.Amount)).ToList();
        return figure.Query switch
        {
            SumQuery => new(sums[0], 1),
            DifferenceQuery => new(Int128.Abs(sums[0] - sums[1]), 1),
            ShareQuery q => Ratio.Of(sums[0], sums[1], q.WhenBaseIsZero),
            RateQuery q => Ratio.Of(Int128.Abs(sums[0] - sums[1]), Int128.Abs(sums[1]), q.WhenBaseIsZero),
            _ => throw new NotSupportedException(),
        };
    }

    private static IEnumerable<(string, long)> Steps(Change change, ReportBooks books) =>
        Waterfall.Of(change, ChangeAspect.Item, books).Steps.Select(s => (s.Label(CultureInfo.InvariantCulture), (long)s.Amount / 100));

    private static Provenance Prove(string address) => Provenance.Of(Year.Report().Figures.Single(f => f.Address == address), Recorded, Pack);

    private static PostingLine Line(string economic, long yuan) =>
        new(new(Running), new(economic), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(yuan));
}
