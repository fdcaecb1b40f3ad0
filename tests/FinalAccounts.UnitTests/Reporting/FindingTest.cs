using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Each rule of documents is broken once, exactly, and kept beside it.</summary>
public class FindingTest
{
    [Theory]
    [InlineData(200, 100, "厉行节约，支出减少", "减少")]
    [InlineData(200, 100, "降低成本，压减经费", "降低、压减")]
    [InlineData(100, 200, "人员增加", "增加")]
    public void A_reason_that_says_the_opposite_of_the_figures_is_an_error(long now, long then, string reason, string words)
    {
        var finding = Findings(now, then, reason).ShouldHaveSingleItem();
        finding.Rule.ShouldBe(ReportRules.ReasonContradicts);
        finding.Rule.Severity.ShouldBe(FindingSeverity.Error);
        finding.ToText(CultureInfo.InvariantCulture).ShouldBe(
            $"R-REASON-01 “一般公共预算财政拨款支出/比上年”由{then * 100}.00元变为{now * 100}.00元，原因却只说“{words}”。");
    }

    [Theory]
    [InlineData(200, 100, "人员增加，公用经费减少")]
    [InlineData(200, 100, "政策调整")]
    [InlineData(100, 200, "厉行节约，支出减少")]
    [InlineData(100, 100, "人员增加")] // unchanged: whatever a reason speaks of, it can't be the wrong way
    [InlineData(200, 100, "见{减少数}")] // a reference is no word
    public void A_reason_that_says_what_happened_or_nothing_of_it_is_none(long now, long then, string reason) =>
        Findings(now, then, reason).ShouldBeEmpty();

    [Fact]
    public void A_reason_against_the_budget_is_checked_by_its_item()
    {
        var books = new Books().Budget(Running, 100).Budget(Housing, 900).Spend(Running, Wages, 300).Spend(Housing, "30113", 50)
            .Explain($"{Running}/比年初预算", "支出减少").Explain($"{Housing}/比年初预算", "支出减少");
        books.Report().Findings.Where(f => f.Rule == ReportRules.ReasonContradicts).Select(f => (f.Subject, string.Join(' ', f.Arguments)))
            .ShouldBe([($"{Running}/比年初预算", "300.00 100.00 减少")]);
    }

    [Theory]
    [InlineData("收入总和/比上年")]
    [InlineData("2080101/比去年")]
    [InlineData("随便")]
    public void An_explanation_that_the_form_does_not_know_is_an_error(string subject) =>
        new Books().Explain(subject, "文字").Report().Findings.Select(f => (f.Rule, f.Subject)).ShouldBe([(ReportRules.SubjectUnknown, subject)]);

    [Fact]
    public void An_explanation_for_the_document_with_all_units_is_no_error_in_the_department_s_own()
    {
        new Books().Explain("汇总/收入总计/比上年", "文字").Report().Findings.Select(f => f.Rule).ShouldBe([ReportRules.SubjectUnknown]);
        new Books().Members("900002").Explain("汇总/收入总计/比上年", "文字").Report().Findings.ShouldBeEmpty();
        new Books().Members().Explain("汇总/收入总计/比上年", "文字").Report().Findings.Select(f => f.Rule).ShouldBe([ReportRules.SubjectUnknown]);
    }

    [Theory]
    [InlineData("收入总计/比上年")] // last year is not known
    [InlineData("2080199/比年初预算")] // nothing was booked there
    [InlineData("培训费/内容")] // there was no training
    public void An_explanation_that_this_year_does_not_need_is_a_warning(string subject)
    {
        var finding = new Books().Explain(subject, "文字").Report().Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Subject, finding.Rule.Severity).ShouldBe((ReportRules.SubjectNotAsked, subject, FindingSeverity.Warning));
    }

    [Fact]
    public void The_opening_balances_equal_what_the_year_before_carried_over()
    {
        Check(Opened(Line(null, 500)), Carrying(Line(null, 500))).ShouldBeEmpty();
        Check(Opened(), Carrying()).ShouldBeEmpty();
        Check(Opened(Line(Running, 300), Line(Housing, 200)), Carrying(Line(null, 500))).ShouldBeEmpty();
        Check(Opened(Line(Running, 500)), Carrying(Line(Running, 400), Line(Running, 100))).ShouldBeEmpty();
    }

    [Fact]
    public void A_difference_names_the_kind_of_budget_and_both_values()
    {
        Check(Opened(Line(null, 500)), Carrying(Line(null, 450))).ShouldBe(
            ["R-OPEN-01 一般公共预算：2024年度年初为500.00元，上年年末结转为450.00元，相差50.00元。"]);
        Check(Opened(), Carrying(Line(null, 450))).ShouldBe(
            ["R-OPEN-01 一般公共预算：2024年度年初为0.00元，上年年末结转为450.00元，相差-450.00元。"]);
        Check(Opened(Line(null, 10) with { Fund = Fund.GovernmentFund }), Carrying(Line(null, 10))).Count.ShouldBe(2);
    }

    [Fact]
    public void Items_are_compared_where_both_years_name_them() =>
        Check(Opened(Line(Running, 300), Line(Housing, 200)), Carrying(Line(Running, 200), Line(Housing, 300))).ShouldBe(
        [
            "R-OPEN-01 一般公共预算 2080101：2024年度年初为300.00元，上年年末结转为200.00元，相差100.00元。",
            "R-OPEN-01 一般公共预算 2210201：2024年度年初为200.00元，上年年末结转为300.00元，相差-100.00元。",
        ]);

    [Fact]
    public void Books_of_last_year_that_are_open_are_warned_of_and_not_compared()
    {
        var open = new Books(2023).Add(new CarryOverDetermined(new(2023, 12, 31), [Line(null, 1)]));
        Check(Opened(), open).ShouldBe(["R-PRIOR-01 2023年度的账没有结账，由它得出的上年数还会变。"]);
    }

    [Fact]
    public void Every_rule_has_its_words_in_both_languages()
    {
        ReportRules.All.Select(r => r.Id).ShouldBeUnique();
        foreach (var culture in new[] { CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("en") })
        {
            foreach (var rule in ReportRules.All)
            {
                rule.Demand(culture).ShouldNotBeEmpty();
                rule.Remedy(culture).ShouldNotBeEmpty();
                for (var i = 0; i < rule.Parameters.Count; i++)
                {
                    rule.MessageTemplate(culture).ShouldContain($"{{{i}}}");
                }
            }
        }

        ReportRules.All[0].Demand(CultureInfo.GetCultureInfo("en")).ShouldNotBe(ReportRules.All[0].Demand(CultureInfo.InvariantCulture));
    }

    private static List<ReportFinding> Findings(long now, long then, string reason)
    {
        const string Spent = "一般公共预算财政拨款支出";
        return [.. new Books().Spend(Running, Wages, now * 100).Comparatives((Spent, then * 100)).Explain($"{Spent}/比上年", reason).Report().Findings
            .Where(f => f.Rule == ReportRules.ReasonContradicts)];
    }

    private static Books Opened(params BalanceLine[] lines) => new(2024, lines);

    private static Books Carrying(params BalanceLine[] lines) => new Books(2023)
        .Add(new CarryOverDetermined(new(2023, 12, 31), lines))
        .Add(new YearClosed(new(2023, 12, 31), Money.Zero, Money.Zero, new(1, new string('a', 64))));

    private static BalanceLine Line(string? function, long yuan) =>
        new(function is null ? null : new FunctionCode(function), Fund.GeneralPublicBudget, null, null, Yuan(yuan));

    private static List<string> Check(Books current, Books prior) =>
        [.. BooksCheck.Check(new(current.Fold(), prior.Fold())).Select(f => f.ToText(CultureInfo.InvariantCulture))];
}
