using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Reported scores beside computed ones: every difference is listed, and each computed score leads to its events.</summary>
public class EvaluationScoresTest
{
    private const string Project = "稽核经费";

    [Fact]
    public void Each_score_stands_beside_the_one_that_the_rules_give()
    {
        // 27,530 ÷ 27,550 × 10 = 9.99; 2 ÷ 3 × 30 = 20; 基本完成 of 20 points: 12 to 16.
        var scores = Report(SomeBooks()).Scores.ShouldHaveSingleItem();

        scores.Lines.Select(l => (l.Name, l.Reported, l.Score, l.Least, l.Differs)).ShouldBe(
        [
            ("预算执行率", 9_99, 9_99, 9_99, false),
            ("培训次数", 21_00, 20_00, 20_00, true),
            ("核查率", 40_00, 40_00, 40_00, false),
            ("基金安全", 13_00, 16_00, 12_00, false),
        ]);
        (scores.Total.Score, scores.Total.Least, scores.Total.Reported, scores.Total.Differs).ShouldBe((85_99, 81_99, 84_00, false));
        (scores.ReportedGrade, scores.Grade, scores.GradeAgrees).ShouldBe(("优", "良", false));
    }

    [Fact]
    public void Differences_are_findings_that_keep_nothing_from_being_published()
    {
        var findings = Report(SomeBooks()).Findings.Where(f => f.Rule.Id.StartsWith("R-SCORE", StringComparison.Ordinal)).ToList();

        findings.Select(f => f.ToText(System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(
        [
            "R-SCORE-01 自评/稽核经费/培训次数：填报21分，按规则是20分（未达到目标值，按完成值与目标值的比例得分）。",
            "R-SCORE-02 自评/稽核经费/总分：填报的总分是84分，各项得分之和是83.99分。",
            "R-SCORE-03 自评/稽核经费/总分：填报的等级是“优”，84分应为“良”。",
        ]);
        findings.ShouldAllBe(f => f.Rule.Severity == FindingSeverity.Warning);
    }

    [Fact]
    public void Computed_scores_have_addresses_and_lead_to_targets_results_and_postings()
    {
        var books = SomeBooks();
        var document = Report(books);
        var figures = document.AllFigures.ToDictionary(f => f.Address);
        ReportBooks folded = new(books.Fold(), null);

        var execution = figures["自评/稽核经费/预算执行率/计算得分"];
        (execution.Printed, execution.Unit).ShouldBe(("9.99", "分"));
        execution.Exact.Round(0).ShouldBe(9_99);
        execution.Query.Sums.Select(s => ExplainedSum.Of(s, folded)).Select(s => string.Join(',', s.Events.Select(e => e.Recorded.Event.GetType().Name))).ShouldBe(
            [nameof(PerformanceTargetsSet), nameof(ExpenditurePosted), $"{nameof(BudgetAppropriated)},{nameof(BudgetSupplemented)}"]);
        var training = figures["自评/稽核经费/培训次数/计算得分"];
        training.Query.Sums.Select(s => ExplainedSum.Of(s, folded)).Select(s => s.Events.Single().Recorded.Event.GetType().Name).ShouldBe(
            [nameof(PerformanceTargetsSet), nameof(PerformanceResultsReported)]);
        figures["自评/稽核经费/总分/计算得分"].Printed.ShouldBe("85.99");

        // What is not printed is not among the document's own figures.
        document.Figures.ShouldNotContain(f => f.Address.EndsWith("计算得分", StringComparison.Ordinal));
        figures.Count.ShouldBe(document.Figures.Count + 5);
    }

    [Fact]
    public void A_changed_posting_changes_the_computed_score()
    {
        var spent = SomeBooks().Add(Spending("记9", -1_377_500)); // 13,755 ÷ 27,550 × 10 = 4.9927

        Report(spent).Scores.Single().Lines[0].Score.ShouldBe(4_99);
        Report(spent).Findings.Select(f => f.Subject).ShouldContain("自评/稽核经费/预算执行率");
    }

    [Fact]
    public void What_was_not_reported_is_unknown_and_no_difference()
    {
        var books = new Books().Add(new BudgetAppropriated(Day, "预1", "部门预算", [Line(2_755_000)])).Add(Targets);
        var scores = Report(books).Scores.Single();

        scores.Lines.Select(l => (l.Reported, l.Score)).ShouldBe([(null, 0L), (null, null), (null, null), (null, null)]);
        (scores.Total.Score, scores.ReportedParts, scores.GradeAgrees).ShouldBe((null, null, true));
        Report(books).Findings.ShouldNotContain(f => f.Rule.Id.StartsWith("R-SCORE", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_budget_nobody_can_tell_the_execution_rate()
    {
        var line = Report(new Books().Add(Targets)).Scores.Single().Lines[0];
        (line.Score, line.Rule).ShouldBe((null, "没有预算，不能计算执行率"));
    }

    private static LocalDate Day => new(2024, 3, 5);

    private static PerformanceTargetsSet Targets => new(
        Day, Project, "全力核查。",
        [
            new("产出指标", "数量指标", "培训次数", "≥3", "次", 30_00), new("产出指标", "质量指标", "核查率", "100%", null, 40_00),
            new("效益指标", "社会效益指标", "基金安全", "保障安全", null, 20_00),
        ],
        10_00);

    private static Books SomeBooks() => new Books()
        .Add(new BudgetAppropriated(Day, "预1", "部门预算", [Line(2_700_000)]))
        .Add(new BudgetSupplemented(Day, "追1", "追加", [Line(55_000)]))
        .Add(Spending("记1", 2_753_000))
        .Add(Targets)
        .Add(new PerformanceResultsReported(Day, Project, "完成。", "", "", null, [new("培训次数", "2"), new("核查率", "100%"), new("基金安全", "基本完成")]))
        .Add(new SelfEvaluationReported(
            new(2025, 3, 5), Project, Fund.GeneralPublicBudget, new(2_753_000), 84_00, "优",
            [new("培训次数", 21_00), new("核查率", 40_00), new("基金安全", 13_00)], 9_99));

    private static DisclosureDocument Report(Books books) => books.Report();

    private static BudgetLine Line(long fen) => new(new(FinalAccounts.UnitTests.Reporting.Books.Running), Fund.GeneralPublicBudget, SpendingKind.Project, Project, null, new(fen));

    private static ExpenditurePosted Spending(string voucher, long fen) => new(
        Day, voucher, "支出",
        [new(new(FinalAccounts.UnitTests.Reporting.Books.Running), new(FinalAccounts.UnitTests.Reporting.Books.Office), Fund.GeneralPublicBudget, SpendingKind.Project, Project, IncomeSource.FiscalAppropriation, new(fen))]);
}
