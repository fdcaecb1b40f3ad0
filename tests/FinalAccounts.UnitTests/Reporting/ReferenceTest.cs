using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Written texts quote sums and quotients of what is reported and booked, so that their numbers stay linked.</summary>
public class ReferenceTest
{
    // 753500 + 318800 = 1072300 人 = 107.23 万人; 6508 ÷ 13482 = 48.272… %; 1242 ÷ (1248 − 6) = 1.
    private static readonly (string Name, long Value)[] Reported =
        [("在职", 753_500), ("离退休", 318_800), ("核查数", 13_482), ("缴费-人数", 6_508), ("已参保", 1_242), ("渔民", 1_248), ("不符合", 6), ("无", 0), ("节庆、晚会、论坛、赛事活动开支", 1_000_000)];

    [Theory]
    [InlineData("{在职＋离退休|万个}", "107.23")]
    [InlineData("{渔民－不符合}", "1242")]
    [InlineData("{缴费-人数}", "6508")] // a hyphen is part of the name
    [InlineData("{缴费-人数÷核查数|%}", "48.27")]
    [InlineData("{已参保÷渔民－不符合}", "100")] // what stands after the sign is the whole
    [InlineData("{一般公共预算年初预算}", "15")]
    [InlineData("{一般公共预算年初预算÷支出合计}", "75")] // 150,000 ÷ 200,000
    [InlineData("{节庆、晚会、论坛、赛事活动开支÷支出合计}", "5")] // 10,000 ÷ 200,000 yuan, the one reported, the other booked
    public void A_written_text_quotes_what_is_computed_from_reported_numbers(string reference, string printed) =>
        Text($"达到{reference}左右").ShouldBe($"达到{printed}左右");

    [Theory]
    [InlineData("{没有报的}")]
    [InlineData("{在职＋没有报的}")]
    [InlineData("{在职÷无}")] // nothing is a share of nothing
    [InlineData("{在职＋支出合计}")] // persons and money don't add up
    [InlineData("{在职÷支出合计}")]
    public void What_is_not_known_or_makes_no_sense_is_asked_for(string reference) =>
        Text($"达到{reference}左右").ShouldBe($"达到〔未填报：{reference.Trim('{', '}')}〕左右");

    [Theory]
    [InlineData(10_000, "100")]
    [InlineData(4_827, "48.27")]
    public void A_reported_percentage_is_quoted_from_its_hundredths(long value, string printed) => new Books()
        .Budget("2080101", 150_000).Explain("2080101/比年初预算", "发放率{发放率}%")
        .Add(new StatisticsReported(new(2024, 12, 31), [new("发放率", value, "%")], null))
        .Text("1.").ShouldEndWith($"发放率{printed}%。");

    [Fact]
    public void A_quotient_is_a_figure_with_both_of_its_sums()
    {
        var figure = Books("{缴费-人数÷核查数|%}").Report().Figures.Single(f => f.Address.EndsWith("缴费-人数÷核查数", StringComparison.Ordinal));
        figure.Exact.ShouldBe(new(6_508, 13_482));
        figure.Unit.ShouldBe("%");
        figure.Query.Sums.Select(s => s.Name).ShouldBe(["缴费-人数", "核查数"]);
    }

    [Fact]
    public void In_the_reason_for_an_item_a_quantity_is_the_items() =>
        new Books().Budget("2080101", 150_000).Budget("2210201", 30_000).Explain("2210201/比年初预算", "年初{一般公共预算年初预算}万元")
            .Text("2.住房保障支出").ShouldEndWith("年初3万元。");

    private static Books Books(string written) => new Books()
        .Statistics(Reported).Budget("2080101", 150_000)
        .Add(new BudgetSupplemented(
            new(2024, 6, 1), "追1号", "人员经费", [new(new("2080101"), Fund.GeneralPublicBudget, SpendingKind.Basic, null, null, new(5_000_000))]))
        .Spend("2080101", "30101", 200_000).Explain("2080101/比年初预算", written);

    private static string Text(string written) => Books(written).Text("1.").Split("主要原因是：")[1].TrimEnd('。');
}
