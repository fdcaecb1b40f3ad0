using System.Text;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Performance;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Ledger.Books;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>How the members that came later are stored: in words where there is something to say, not at all where there is not.</summary>
public class PerformanceEventTest
{
    [Fact]
    public void Targets_carry_the_weight_of_the_execution_rate_who_is_responsible_and_how_an_indicator_is_scored() =>
        Body(new PerformanceTargetsSet(
            Day(1, 31), "某项目", "按时完成", [new("产出指标", "数量指标", "指标1", "≥5次", null, 90_00, IndicatorScoring.Threshold)], 10_00, "某局", "某中心", ["甲项目"]))
        .ShouldBe(
            """{"date":"2024-01-31","project":"某项目","goal":"按时完成","indicators":[{"level1":"产出指标","level2":"数量指标","name":"指标1","target":"≥5次","weightHundredths":9000,"scoring":"达标"}],"executionWeightHundredths":1000,"responsibleDepartment":"某局","implementingUnit":"某中心","coveredProjects":["甲项目"]}""");

    [Fact]
    public void Results_and_scores_name_their_indicator()
    {
        Body(new PerformanceResultsReported(Day(12, 31), null, "完成", "", "", null, [new("指标1", "4次", "产出指标", "数量指标", 2, "人手不足")], "按目标完成")).ShouldBe(
            """{"date":"2024-12-31","achievements":"完成","problems":"","improvements":"","results":[{"name":"指标1","actual":"4次","level1":"产出指标","level2":"数量指标","number":2,"deviation":"人手不足"}],"goalCompletion":"按目标完成"}""");
        Body(new SelfEvaluationReported(Day(12, 31), null, null, null, 98_00, null, [new("指标1", 9_00, "产出指标", "数量指标", 2)], 9_99)).ShouldBe(
            """{"date":"2024-12-31","scoreHundredths":9800,"scores":[{"name":"指标1","scoreHundredths":900,"level1":"产出指标","level2":"数量指标","number":2}],"executionScoreHundredths":999}""");
    }

    [Fact]
    public void A_budget_line_may_say_where_the_money_comes_from() =>
        Body(new BudgetAppropriated(Day(1, 2), "1号", "年初预算", [Budget(1) with { Source = IncomeSource.Other }])).ShouldEndWith(
            """
            "amount":1,"source":"其他收入"}]}
            """);

    private static string Body(LedgerEvent e)
    {
        var stored = EventCodec.Encode(e);
        EventCodec.Encode(EventCodec.Decode(stored.Type, stored.SchemaVersion, stored.Body)).Body.ShouldBe(stored.Body);
        return Encoding.UTF8.GetString(stored.Body);
    }
}
