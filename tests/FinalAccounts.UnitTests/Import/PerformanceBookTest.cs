using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Performance;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>Performance as clerks write it: what is read, and where each mistake is found.</summary>
public sealed class PerformanceBookTest : IDisposable
{
    private readonly BooksCopy copy = new();

    public void Dispose() => copy.Dispose();

    // The line of each row is part of the tests below.
    private const string Project =
        """
        项目:
          - 项目名称: 稽核经费
            目标日期: 2024-02-20
            主管部门: 某市某局
            实施单位: 某市某中心
            资金项目: [稽核经费, 追缴经费]
            年度目标: 全力核查。
            执行率分值: 10
            指标:
              - {一级指标: 产出指标, 二级指标: 数量指标, 三级指标: 指标1, 目标值: "≥2次", 分值: 40, 完成值: 3次, 得分: 40}
              - {一级指标: 产出指标, 二级指标: 数量指标, 三级指标: 指标1, 目标值: 随时发现, 完成值: 已做}
              - {一级指标: 产出指标, 二级指标: 质量指标, 三级指标: 指标1, 目标值: 100%, 分值: 30, 完成值: 90%, 得分: 27, 计分方式: 达标, 偏差原因分析及改进措施: 人手不足}
              - {一级指标: 效益指标, 二级指标: 社会效益指标, 三级指标: 基金安全, 目标值: 保障安全, 分值: 20}
            结果日期: 2025-01-10
            完成情况: 核查完毕。
            目标完成情况: 按总体目标要求完成。
            填报日期: 2025-03-05
            执行率得分: 9.99
            自评得分: 96.99
            预算类别: 一般公共预算
            项目资金(元): 40000.00

        """;

    [Fact]
    public void Everything_that_is_written_comes_into_the_commands()
    {
        var commands = Read(Project).Books!.Year.Select(e => e.Command).ToList();

        var targets = commands.OfType<SetPerformanceTargets>().Single();
        targets.ShouldSatisfyAllConditions(
            () => targets.ExecutionWeightHundredths.ShouldBe(10_00),
            () => targets.ResponsibleDepartment.ShouldBe("某市某局"),
            () => targets.ImplementingUnit.ShouldBe("某市某中心"),
            () => targets.CoveredProjects.ShouldBe(["稽核经费", "追缴经费"]),
            () => targets.Indicators.Select(i => i.WeightHundredths).ShouldBe([40_00, 0, 30_00, 20_00]),
            () => targets.Indicators.Select(i => i.Scoring).ShouldBe([null, null, IndicatorScoring.Threshold, null]));

        var results = commands.OfType<ReportPerformanceResults>().Single();
        results.Date.ShouldBe(new(2025, 1, 10));
        results.GoalCompletion.ShouldBe("按总体目标要求完成。");
        results.Results.ShouldBe(
        [
            new("指标1", "3次", "产出指标", "数量指标", 1), new("指标1", "已做", "产出指标", "数量指标", 2),
            new("指标1", "90%", "产出指标", "质量指标", null, "人手不足"),
        ]);

        var evaluation = commands.OfType<ReportSelfEvaluation>().Single();
        evaluation.Date.ShouldBe(new(2025, 3, 5));
        evaluation.Grade.ShouldBeNull();
        evaluation.ExecutionScoreHundredths.ShouldBe(9_99);
        evaluation.Scores.ShouldBe([new("指标1", 40_00, "产出指标", "数量指标", 1), new("指标1", 27_00, "产出指标", "质量指标")]);
    }

    /// <summary>One place changed, and the rule, line and key that are named.</summary>
    [Theory]
    [InlineData("分值: 40", "分值: 39.99", "L-PERF-02", 3, null, null)]
    [InlineData("执行率分值: 10", "执行率分值: 11", "L-PERF-02", 3, null, null)]
    [InlineData("    执行率分值: 10\n", "", "L-PERF-02", 3, null, null)]
    [InlineData("得分: 40}", "得分: 40.01}", "L-PERF-03", 10, "得分", "40.01")]
    [InlineData("执行率得分: 9.99", "执行率得分: 10.01", "L-PERF-03", 18, "执行率得分", "10.01")]
    [InlineData("自评得分: 96.99", "自评得分: 100.01", "L-PERF-01", 19, "自评得分", "100.01")]
    [InlineData("分值: 40", "分值: 四十", "I-not-a-number", 10, "分值", "四十")]
    [InlineData("得分: 27", "得分: 二十七", "I-not-a-number", 12, "得分", "二十七")]
    [InlineData("计分方式: 达标", "计分方式: 达到", "I-term-unknown", 12, "计分方式", "达到")]
    [InlineData("计分方式: 达标", "计分方法: 达标", "I-yaml-key-unknown", 12, "计分方法", null)]
    [InlineData("三级指标: 基金安全", "三级指标: ''", "I-value-missing", 13, "三级指标", "")]
    [InlineData("执行率得分: 9.99", "执行率得分: 很高", "I-not-a-number", 18, "执行率得分", "很高")]
    [InlineData("结果日期: 2025-01-10", "结果日期: 2026-01-10", "I-date-outside-year", 14, "结果日期", "2026-01-10")]
    [InlineData("结果日期: 2025-01-10", "结果日期: 不详", "I-not-a-date", 14, "结果日期", "不详")]
    public void A_mistake_is_refused_with_its_file_line_and_key(string old, string changed, string rule, int line, string? key, string? value)
    {
        Project.ShouldContain(old);

        var error = Errors(Project.Replace(old, changed, StringComparison.Ordinal)).ShouldHaveSingleItem();

        (error.RuleId, error.File, error.Line, error.Column, error.Value).ShouldBe((rule, "performance.yaml", line, key, value));
    }

    [Fact]
    public void A_budget_line_may_say_where_the_money_comes_from()
    {
        var lines = copy.Lines("budget.csv");
        copy.Write("budget.csv", string.Join('\n', lines.Select((line, i) => line + (i == 0 ? ",资金来源" : i == 1 ? ",其他收入" : ","))) + "\n");
        var plain = new BooksCopy();

        var budget = copy.Read().Books!.Year.Select(e => e.Command).OfType<AppropriateBudget>().SelectMany(c => c.Lines).ToList();

        budget.Count(l => l.Source == IncomeSource.Other).ShouldBe(1);
        budget.Select(l => l with { Source = null }).ShouldBe(plain.Read().Books!.Year.Select(e => e.Command).OfType<AppropriateBudget>().SelectMany(c => c.Lines));
        plain.Dispose();
    }

    private ReadResult Read(string performance)
    {
        copy.Write("performance.yaml", performance);
        return copy.Read();
    }

    /// <summary>What reading finds, else what the ledger refuses.</summary>
    private IReadOnlyList<ImportError> Errors(string performance)
    {
        var read = Read(performance);
        return read.Errors.Any ? read.Errors.Listed : ImportPlan.Make(read.Books!, [], []).Errors.Listed;
    }
}
