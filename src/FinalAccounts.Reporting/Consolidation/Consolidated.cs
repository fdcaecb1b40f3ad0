using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Reporting;

/// <summary>A unit of a consolidated department.</summary>
/// <param name="Name">The full name; the code when it is not registered.</param>
public sealed record ConsolidatedUnit(DepartmentCode Code, string Name);

/// <summary>The books of one unit, to be consolidated.</summary>
public sealed record UnitBooks(ConsolidatedUnit Unit, YearBooks Books);

/// <summary>
/// What one unit paid another of the same department in a year, as each has booked it. Both sides are of one fund, so that the
/// balance of each fund survives the elimination.
/// </summary>
/// <param name="Paid">上缴上级支出 or 对附属单位补助支出 of the payer, in fen.</param>
/// <param name="Received">附属单位上缴收入 or 上级补助收入 of the receiver, in fen.</param>
public sealed record MemberTransfer(
    Transfer Transfer, ConsolidatedUnit Payer, ConsolidatedUnit Receiver, Fund Fund, Int128 Paid, Int128 Received)
{
    /// <summary>Only what both sides have booked alike is eliminated.</summary>
    public bool IsEliminated => Paid == Received;
}

/// <summary>The consolidated books of one year.</summary>
/// <param name="Units">The department itself first, each unit before its own members.</param>
/// <param name="Transfers">All transfers between units, eliminated or not, in the order of the payers.</param>
public sealed record Consolidated(
    YearBooks Books,
    IReadOnlyList<ConsolidatedUnit> Units,
    IReadOnlyList<MemberTransfer> Transfers,
    IReadOnlyList<ConsolidationFinding> Findings);

/// <summary>What somebody should look at in a consolidation. None of it keeps the document from being made.</summary>
public enum ConsolidationRule
{
    /// <summary>A unit has not closed the year. Arguments: code, name.</summary>
    UnitNotClosed,

    /// <summary>The two sides of a transfer are unequal, or one is missing; nothing of it was eliminated. Arguments: payer,
    /// spending kind, paid, receiver, income source, received, fund, difference.</summary>
    TransferUnequal,

    /// <summary>A transfer does not say to or from whom, and was not eliminated. Arguments: unit, kind or source, amount.</summary>
    CounterpartyMissing,

    /// <summary>A statistic of the form that some units reported and others did not; the sum is unknown. Arguments: name, units.</summary>
    StatisticNotReported,

    /// <summary>A statistic that units reported in different units of measure; the sum is unknown. Arguments: name, units of measure.</summary>
    StatisticUnitsDiffer,

    /// <summary>A statistic in percent; the sum means nothing. Argument: name.</summary>
    StatisticInPercent,

    /// <summary>The department did not say which units belonged to it last year. Argument: year.</summary>
    PriorScopeUnknown,

    /// <summary>A unit of last year's list has no books of that year in the system. Arguments: year, units.</summary>
    PriorUnitNotOpened,

    /// <summary>The units are not those of last year. Arguments: joined, left.</summary>
    ScopeChanged,
}

/// <summary>A finding of a consolidation.</summary>
/// <param name="Arguments">What the message is filled with; amounts in 元.</param>
public sealed record ConsolidationFinding(ConsolidationRule Rule, IReadOnlyList<string> Arguments);
