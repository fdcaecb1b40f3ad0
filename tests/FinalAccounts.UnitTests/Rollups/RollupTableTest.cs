using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using FinalAccounts.UnitTests.Golden;
using FinalAccounts.UnitTests.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Rollups;

public class RollupTableTest
{
    private static readonly FiscalYear Year = new(2024);

    private static readonly YearBooks[] Two =
    [
        new Books().Budget(Running, 1_000).Supplement(Running, 300, "人员", "追1").Withdraw(Running, 100, "收回", "扣1").Budget(Housing, 80)
            .Income(Running, 900).Spend(Running, Wages, 700).Spend(Housing, "30113", 60).Fold(),
        new Books().Budget(Running, 50, Wages).Income("2080199", 20, IncomeSource.Other, Fund.Other)
            .Spend("2080199", Office, 20, Fund.Other, SpendingKind.Operating, IncomeSource.Other).Fold(),
    ];

    public static TheoryData<string> Samples => ["yiyang-2023", "yiyang-2024", "zhuzhou-2020", "haidong-2024", "huaihua-2024", "shuangpai-2023", "shuangpai-2024"];

    [Fact]
    public void Items_are_added_up_over_departments_under_their_sections_and_classes() =>
        // 2080101: 1,000 + 300 - 100 + 50 budget, 900 income, 700 spent; 2080199: 20 of other money; 2210201: 80 and 60.
        Of(RollupAspect.Function).Rows.Select(r => (r.Key, r.Level, Yuan(r.Amounts.Initial), Yuan(r.Amounts.Budget), Yuan(r.Amounts.Income), Yuan(r.Amounts.Expenditure)))
            .ShouldBe(
            [
                ("208", 0, 1_050, 1_250, 920, 720),
                ("20801", 1, 1_050, 1_250, 920, 720),
                ("2080101", 2, 1_050, 1_250, 900, 700),
                ("2080199", 2, 0, 0, 20, 20),
                ("221", 0, 80, 80, 0, 60),
                ("22102", 1, 80, 80, 0, 60),
                ("2210201", 2, 80, 80, 0, 60),
            ]);

    [Fact]
    public void Budget_that_is_given_without_an_economic_item_is_a_row_of_its_own_and_the_last()
    {
        var table = Of(RollupAspect.Economic);

        table.Rows.Select(r => (r.Key, r.Level, Yuan(r.Amounts.Budget), Yuan(r.Amounts.Expenditure))).ShouldBe(
            [("301", 0, 50, 760), ("30101", 1, 50, 700), ("30113", 1, 0, 60), ("302", 0, 0, 20), ("30201", 1, 0, 20), ("", 0, 1_280, 0)]);
        table.Rows[^1].Name.ShouldBeNull();
        table.HasIncome.ShouldBeFalse();
        table.Total.Income.ShouldBe(0);
    }

    [Fact]
    public void Funds_and_kinds_stand_in_the_order_of_the_forms()
    {
        Of(RollupAspect.Fund).Rows.Select(r => (r.Key, Yuan(r.Amounts.Income), Yuan(r.Amounts.Expenditure)))
            .ShouldBe([("一般公共预算", 900, 760), ("其他资金", 20, 20)]);
        Of(RollupAspect.Kind).Rows.Select(r => (r.Key, Yuan(r.Amounts.Expenditure))).ShouldBe([("基本支出", 760), ("经营支出", 20)]);
    }

    [Theory]
    [InlineData(RollupAspect.Function)]
    [InlineData(RollupAspect.Economic)]
    [InlineData(RollupAspect.Fund)]
    [InlineData(RollupAspect.Kind)]
    public void Tables_of_regions_add_up_to_the_table_of_all_their_books(RollupAspect aspect)
    {
        var sum = RollupTable.Sum([.. Two.Select(books => RollupTable.Of(Year, aspect, books.Facts.Sums))]);

        (sum.Year, sum.Aspect, sum.HasIncome, sum.Total).ShouldBe((Year, aspect, Of(aspect).HasIncome, Of(aspect).Total));
        sum.Rows.ShouldBe(Of(aspect).Rows);
    }

    [Fact]
    public void Only_tables_of_one_kind_are_added_up() =>
        Should.Throw<ArgumentException>(() => RollupTable.Sum([Of(RollupAspect.Fund), Of(RollupAspect.Kind)]));

    [Fact]
    public void Codes_are_called_what_the_chart_of_the_year_calls_them() =>
        Of(RollupAspect.Function).Rows.Select(r => r.Name).Take(3).ShouldBe(["社会保障和就业支出", "人力资源和社会保障管理事务", "行政运行"]);

    [Fact]
    public void The_rate_is_a_share_of_the_adjusted_budget_and_there_is_none_without_a_budget()
    {
        var rows = Of(RollupAspect.Function).Rows;

        rows.Single(r => r.Key == Running).Amounts.Rate.ShouldBe(new Ratio(700_00, 1_250_00));
        rows.Single(r => r.Key == "2080199").Amounts.Rate.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_rows_of_each_table_add_up_to_what_the_books_say(string sample)
    {
        var books = Sample.Of(sample).Books.Current;
        foreach (var aspect in Enum.GetValues<RollupAspect>())
        {
            var table = RollupTable.Of(books.Year, aspect, books.Facts.Sums);
            var top = table.Rows.Where(r => r.Level == 0).Aggregate(default(RollupAmounts), (sum, r) => sum + r.Amounts);

            top.ShouldBe(table.Total);
            table.Total.Expenditure.ShouldBe(books.Sum(new(Measure.Expenditure)));
            table.Total.Initial.ShouldBe(books.Sum(new(Measure.InitialBudget)));
            table.Total.Budget.ShouldBe(new[] { Measure.InitialBudget, Measure.Supplement, Measure.Withdrawal, Measure.Reallocation }
                .Aggregate((Int128)0, (sum, m) => sum + books.Sum(new(m))));
            foreach (var (parent, children) in Families(table))
            {
                children.Aggregate(default(RollupAmounts), (sum, r) => sum + r.Amounts).ShouldBe(parent.Amounts, parent.Key);
            }
        }

        RollupTable.Of(books.Year, RollupAspect.Function, books.Facts.Sums).Total.Income.ShouldBe(books.Sum(new(Measure.Income)));
    }

    /// <summary>Each row that has parts, with those one level below; lists whose books give a class only have nothing below it.</summary>
    private static IEnumerable<(RollupRow Parent, IReadOnlyList<RollupRow> Children)> Families(RollupTable table)
    {
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var parent = table.Rows[i];
            var below = table.Rows.Skip(i + 1).TakeWhile(r => r.Level > parent.Level).Where(r => r.Level == parent.Level + 1).ToList();
            if (below.Count > 0 && table.Aspect == RollupAspect.Function)
            {
                yield return (parent, below);
            }
        }
    }

    private static RollupTable Of(RollupAspect aspect) => RollupTable.Of(Year, aspect, Two.SelectMany(b => b.Facts.Sums));

    private static long Yuan(Int128 fen) => (long)(fen / 100);
}
