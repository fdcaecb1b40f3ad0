using System.Text.Json.Serialization;
using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting;

/// <summary>What a fact measures. The terms are the vocabulary of the form packs.</summary>
public enum Measure
{
    /// <summary>Balances brought into the year.</summary>
    [JsonStringEnumMemberName("年初结转和结余")]
    OpeningBalance,

    [JsonStringEnumMemberName("年初预算")]
    InitialBudget,

    [JsonStringEnumMemberName("追加")]
    Supplement,

    /// <summary>Budget taken back; the facts are below zero.</summary>
    [JsonStringEnumMemberName("扣回")]
    Withdrawal,

    /// <summary>Budget moved between lines; the facts of one event sum to zero.</summary>
    [JsonStringEnumMemberName("调剂")]
    Reallocation,

    [JsonStringEnumMemberName("收入")]
    Income,

    /// <summary>Expenditure; a reversal's facts are below zero.</summary>
    [JsonStringEnumMemberName("支出")]
    Expenditure,

    [JsonStringEnumMemberName("使用非财政拨款结余")]
    NonFiscalSurplusUsed,

    [JsonStringEnumMemberName("结余分配")]
    SurplusDistributed,

    /// <summary>Balances carried out of the year.</summary>
    [JsonStringEnumMemberName("年末结转和结余")]
    CarryOver,

    /// <summary>A reported statistic, by name; fen when its unit is 元.</summary>
    [JsonStringEnumMemberName("统计")]
    Statistic,

    /// <summary>An earlier year's figure from before the system, by quantity.</summary>
    [JsonStringEnumMemberName("上年数")]
    Comparative,

    /// <summary>Number of projects with a self-evaluation, by fund.</summary>
    [JsonStringEnumMemberName("自评项目数")]
    EvaluatedProjects,

    /// <summary>Money of the projects with a self-evaluation, by fund.</summary>
    [JsonStringEnumMemberName("自评项目资金")]
    EvaluatedFunds,

    /// <summary>The reported score of the self-evaluation of the spending as a whole, in hundredths of a point.</summary>
    [JsonStringEnumMemberName("整体自评得分")]
    OverallScore,

    /// <summary>The reported score of a project's self-evaluation, by project and fund, in hundredths of a point.</summary>
    [JsonStringEnumMemberName("项目自评得分")]
    ProjectScore,

    /// <summary>分值 of an indicator in hundredths of a point, by evaluated thing and indicator.</summary>
    [JsonStringEnumMemberName("指标分值")]
    IndicatorWeight,

    /// <summary>分值 of the execution rate in hundredths of a point, by evaluated thing.</summary>
    [JsonStringEnumMemberName("执行率分值")]
    ExecutionWeight,

    /// <summary>1 for each indicator whose 实际完成值 was reported; the value itself is words or numbers of any kind.</summary>
    [JsonStringEnumMemberName("指标完成值")]
    IndicatorResult,

    /// <summary>The reported score of an indicator in hundredths of a point.</summary>
    [JsonStringEnumMemberName("指标得分")]
    IndicatorScore,

    /// <summary>The reported score of the execution rate in hundredths of a point.</summary>
    [JsonStringEnumMemberName("执行率得分")]
    ExecutionScore,
}

/// <summary>What kind of value a measure has.</summary>
public static class Measures
{
    /// <summary>True for weights and scores, which are kept in hundredths of a point and are unknown until they are reported.</summary>
    public static bool IsPoints(this Measure measure) => measure is Measure.OverallScore or Measure.ProjectScore or Measure.IndicatorWeight
        or Measure.ExecutionWeight or Measure.IndicatorScore or Measure.ExecutionScore;
}

/// <summary>What a fact is about. A part that does not apply is null.</summary>
/// <param name="Name">The name of a statistic, or of the quantity of a comparative.</param>
/// <param name="Counterparty">对方单位 of a transfer between units.</param>
/// <param name="Unit">In consolidated books, whose fact it is; null in the books of one unit.</param>
/// <param name="EliminatedWith">In consolidated books, the unit with which this amount is eliminated (抵销); null for a fact
/// that an event says.</param>
public readonly record struct FactKey(
    Measure Measure,
    FunctionCode? Function = null,
    EconomicCode? Economic = null,
    Fund? Fund = null,
    SpendingKind? Kind = null,
    string? Project = null,
    IncomeSource? Source = null,
    string? Name = null,
    DepartmentCode? Counterparty = null,
    DepartmentCode? Unit = null,
    DepartmentCode? EliminatedWith = null);

/// <summary>One thing that an event says about the accounts.</summary>
/// <param name="Value">Fen for money, otherwise a whole number.</param>
/// <param name="Replaces">The group of facts that this one takes the place of: what an earlier event of the year said under
/// the same group is cancelled. Null for facts that add up.</param>
public readonly record struct Fact(FactKey Key, long Value, string? Replaces = null);
