namespace FinalAccounts.Reporting;

/// <summary>What a figure is compared with.</summary>
public enum ComparedWith
{
    /// <summary>年初预算, or the budget as adjusted during the year.</summary>
    Budget,

    /// <summary>上年决算数.</summary>
    PriorYear,
}

/// <summary>How a change is taken apart.</summary>
public enum ChangeAspect
{
    /// <summary>By functional item (项).</summary>
    Item,

    /// <summary>By economic item (款).</summary>
    Economic,

    /// <summary>By project; spending without a project is the rest.</summary>
    Project,

    /// <summary>By budget documents and reversals: what granted, took back, moved or corrected money.</summary>
    Event,
}

/// <summary>A change against the budget or the year before, and what it consists of.</summary>
/// <param name="Amount">Value less base, in fen.</param>
/// <param name="Breakdowns">One per aspect that says something; each adds up to <paramref name="Amount"/> exactly.</param>
public sealed record Change(
    SumQuery Value, SumQuery Base, ComparedWith With, Int128 Amount, IReadOnlyList<ChangeBreakdown> Breakdowns)
{
    /// <summary>The breakdown of an aspect; null when it says nothing about this change.</summary>
    public ChangeBreakdown? By(ChangeAspect aspect) => Breakdowns.FirstOrDefault(b => b.Aspect == aspect);
}

/// <summary>A change taken apart in one way.</summary>
/// <param name="Parts">The parts that are not zero, the largest first; null when what is compared with can't be taken apart
/// this way, such as a figure of last year that was imported as one number.</param>
/// <param name="Rest">What belongs to no part, in fen; zero when the parts are all there is, and when they are unknown.</param>
/// <param name="RestQuery">What the rest is the sum of; null when the parts are unknown.</param>
public sealed record ChangeBreakdown(ChangeAspect Aspect, IReadOnlyList<ChangePart>? Parts, Int128 Rest, SumQuery? RestQuery)
{
    public bool IsKnown => Parts is not null;
}

/// <summary>A part of a change.</summary>
/// <param name="Key">The functional or economic code, the project, or the document or voucher number.</param>
/// <param name="Kind">What sort of event it is; null for the parts that are not events.</param>
/// <param name="Amount">In fen; what it adds to the change, so below zero for what makes the figure smaller.</param>
/// <param name="Query">What the amount is the sum of.</param>
/// <param name="Recorded">The event; null for the parts that are not one event.</param>
public sealed record ChangePart(string Key, ChangeEventKind? Kind, Int128 Amount, SumQuery Query, RecordedEvent? Recorded);

/// <summary>What sort of event changed a figure.</summary>
public enum ChangeEventKind
{
    /// <summary>The initial budget of both years, taken together.</summary>
    InitialBudget,

    /// <summary>年初结转和结余.</summary>
    Opening,

    /// <summary>追加.</summary>
    Supplement,

    /// <summary>扣回.</summary>
    Withdrawal,

    /// <summary>调剂.</summary>
    Reallocation,

    /// <summary>红字冲销.</summary>
    Reversal,
}
