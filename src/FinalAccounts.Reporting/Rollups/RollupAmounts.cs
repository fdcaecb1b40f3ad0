namespace FinalAccounts.Reporting.Rollups;

/// <summary>What a region's departments, or a part of their books, come to. All in fen.</summary>
/// <param name="Initial">年初预算.</param>
/// <param name="Adjustment">追加, 扣回 and 调剂 together.</param>
/// <param name="Income">本年收入.</param>
/// <param name="Expenditure">本年支出.</param>
public readonly record struct RollupAmounts(Int128 Initial, Int128 Adjustment, Int128 Income, Int128 Expenditure)
{
    /// <summary>预算数: 年初预算 with what was added, withdrawn and moved.</summary>
    public Int128 Budget => Initial + Adjustment;

    /// <summary>执行率: expenditure as a share of the budget; null where there is no budget.</summary>
    public Ratio? Rate => Budget > 0 ? new(Expenditure, Budget) : null;

    /// <summary>True when there is nothing to show.</summary>
    public bool IsNothing => this == default;

    public static RollupAmounts operator +(RollupAmounts a, RollupAmounts b) =>
        new(a.Initial + b.Initial, a.Adjustment + b.Adjustment, a.Income + b.Income, a.Expenditure + b.Expenditure);

    public static RollupAmounts Add(RollupAmounts a, RollupAmounts b) => a + b;

    /// <summary>With a fact more; one of another measure changes nothing.</summary>
    /// <param name="value">In fen.</param>
    public RollupAmounts With(Measure measure, Int128 value) => measure switch
    {
        Measure.InitialBudget => this with { Initial = checked(Initial + value) },
        Measure.Supplement or Measure.Withdrawal or Measure.Reallocation => this with { Adjustment = checked(Adjustment + value) },
        Measure.Income => this with { Income = checked(Income + value) },
        Measure.Expenditure => this with { Expenditure = checked(Expenditure + value) },
        _ => this,
    };
}
