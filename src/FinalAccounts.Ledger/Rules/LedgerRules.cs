namespace FinalAccounts.Ledger.Rules;

/// <summary>
/// The rules of the books, each with its id, its severity and the names of its message's arguments. What they say stands in
/// Messages.resx under <c>&lt;id&gt;.rule</c>, <c>.message</c> and <c>.remedy</c>; docs/rules.md lists them.
/// </summary>
public static class LedgerRules
{
    // Departments.
    public static readonly Rule UnknownDepartment = new("L-DEP-01", Severity.Refusal, ["department"]);
    public static readonly Rule RegisteredTwice = new("L-DEP-02", Severity.Refusal, ["department", "name"]);
    public static readonly Rule ProfileOfUnknownDepartment = new("L-DEP-03", Severity.Refusal, []);

    // Fiscal years.
    public static readonly Rule YearNotOpened = new("L-YEAR-01", Severity.Refusal, []);
    public static readonly Rule YearOpenedTwice = new("L-YEAR-02", Severity.Refusal, ["year"]);
    public static readonly Rule YearClosed = new("L-YEAR-03", Severity.Refusal, ["closed"]);
    public static readonly Rule YearNotClosed = new("L-YEAR-04", Severity.Refusal, []);

    // Dates.
    public static readonly Rule DateOutsideYear = new("L-DATE-01", Severity.Refusal, ["date", "year"]);
    public static readonly Rule DateOutsideReportingPeriod = new("L-DATE-02", Severity.Refusal, ["date", "first", "last"]);
    public static readonly Rule DateBeforeClose = new("L-DATE-03", Severity.Refusal, ["date", "closed"]);

    // Texts and lines.
    public static readonly Rule TextEmpty = new("L-TEXT-01", Severity.Refusal, ["field"]);
    public static readonly Rule TextTooLong = new("L-TEXT-02", Severity.Refusal, ["field", "length", "limit"]);
    public static readonly Rule TextWithControlCharacter = new("L-TEXT-03", Severity.Refusal, ["field", "character"]);
    public static readonly Rule IdentifierWithSurroundingSpace = new("L-TEXT-04", Severity.Refusal, ["field", "value"]);
    public static readonly Rule NoLines = new("L-LINE-01", Severity.Refusal, ["field"]);
    public static readonly Rule TooManyLines = new("L-LINE-02", Severity.Refusal, ["field", "count", "limit"]);

    // Codes.
    public static readonly Rule FunctionNotInChart = new("L-CODE-01", Severity.Refusal, ["code", "year"]);
    public static readonly Rule FunctionNotLeaf = new("L-CODE-02", Severity.Refusal, ["code", "name"]);
    public static readonly Rule EconomicNotInChart = new("L-CODE-03", Severity.Refusal, ["code", "year"]);
    public static readonly Rule EconomicNotItem = new("L-CODE-04", Severity.Refusal, ["code", "name"]);

    // Funds and kinds.
    public static readonly Rule SourceDoesNotGoWithFund = new("L-FUND-01", Severity.Refusal, ["source", "fund"]);
    public static readonly Rule FundNotBooked = new("L-FUND-02", Severity.Refusal, ["fund"]);
    public static readonly Rule BasicWithProject = new("L-KIND-01", Severity.Refusal, ["project"]);
    public static readonly Rule ProjectWithoutName = new("L-KIND-02", Severity.Refusal, []);

    // Transfers between departments.
    public static readonly Rule CounterpartyOfNoTransfer = new("L-PARTY-01", Severity.Refusal, ["counterparty", "term"]);
    public static readonly Rule CounterpartyIsItself = new("L-PARTY-02", Severity.Refusal, ["counterparty"]);

    // Amounts and numbers.
    public static readonly Rule AmountNotAboveZero = new("L-AMT-01", Severity.Refusal, ["amount"]);
    public static readonly Rule AmountZero = new("L-AMT-02", Severity.Refusal, []);
    public static readonly Rule AmountBeyondLimit = new("L-AMT-03", Severity.Refusal, ["amount", "limit"]);
    public static readonly Rule TurnoverBeyondLimit = new("L-AMT-04", Severity.Refusal, ["turnover", "limit"]);
    public static readonly Rule AmountBelowZero = new("L-AMT-05", Severity.Refusal, ["amount"]);
    public static readonly Rule NumberBelowZero = new("L-NUM-01", Severity.Refusal, ["field", "value"]);
    public static readonly Rule NumberBeyondLimit = new("L-NUM-02", Severity.Refusal, ["field", "value", "limit"]);

    // Budget.
    public static readonly Rule DocumentTwice = new("L-BUD-01", Severity.Refusal, ["document"]);
    public static readonly Rule SpentBeyondBudget = new("L-BUD-02", null, ["item", "name", "fund", "available", "wanted"]);
    public static readonly Rule TakenBeyondAvailable = new("L-BUD-03", Severity.Refusal, ["item", "name", "fund", "available", "wanted"]);
    public static readonly Rule ReallocationDoesNotBalance = new("L-BUD-04", Severity.Refusal, ["fund", "from", "to"]);

    // Vouchers and reversals.
    public static readonly Rule VoucherTwice = new("L-VOU-01", Severity.Refusal, ["voucher"]);
    public static readonly Rule ReversedVoucherUnknown = new("L-REV-01", Severity.Refusal, ["voucher"]);
    public static readonly Rule ReversedVoucherIsNoExpenditure = new("L-REV-02", Severity.Refusal, ["voucher"]);
    public static readonly Rule ReversedLineUnknown = new("L-REV-03", Severity.Refusal, ["voucher", "function", "economic"]);
    public static readonly Rule ReversedBeyondPosted = new("L-REV-04", Severity.Refusal, ["voucher", "outstanding", "wanted"]);
    public static readonly Rule ReversedBeforePosted = new("L-REV-05", Severity.Refusal, ["date", "posted"]);

    // Reports.
    public static readonly Rule StatisticTwice = new("L-STAT-01", Severity.Refusal, ["name"]);
    public static readonly Rule StatisticUnitChanged = new("L-STAT-02", Severity.Refusal, ["name", "unit", "earlier"]);
    public static readonly Rule ScoreOutOfRange = new("L-PERF-01", Severity.Refusal, ["field", "score"]);
    public static readonly Rule WeightsNotAHundred = new("L-PERF-02", Severity.Refusal, ["sum"]);
    public static readonly Rule ScoreAboveWeight = new("L-PERF-03", Severity.Refusal, ["indicator", "score", "weight"]);
    public static readonly Rule IndicatorWithoutTarget = new("L-PERF-04", Severity.Refusal, ["indicator"]);
    public static readonly Rule IndicatorAmbiguous = new("L-PERF-05", Severity.Refusal, ["indicator", "count"]);
    public static readonly Rule IndicatorTwice = new("L-PERF-06", Severity.Refusal, ["indicator"]);
    public static readonly Rule ComparativesNotBefore = new("L-COMP-01", Severity.Refusal, ["compared", "year"]);
    public static readonly Rule ComparativeTwice = new("L-COMP-02", Severity.Refusal, ["quantity"]);

    // Consolidation.
    public static readonly Rule MemberTwice = new("L-MEM-01", Severity.Refusal, ["member"]);
    public static readonly Rule MembersInCircle = new("L-MEM-02", Severity.Refusal, ["member", "path"]);
    public static readonly Rule MemberOfTwo = new("L-MEM-03", Severity.Refusal, ["member", "department"]);

    // Closing and publishing.
    public static readonly Rule TotalsDiffer = new("L-CLOSE-01", Severity.Refusal, ["income", "expenditure", "difference"]);
    public static readonly Rule FundDoesNotBalance = new("L-CLOSE-02", Severity.Refusal, ["fund", "in", "out", "difference"]);
    public static readonly Rule SealMalformed = new("L-SEAL-01", Severity.Refusal, ["position", "hash"]);
    public static readonly Rule PublishedBeforeClose = new("L-PUB-01", Severity.Refusal, []);
    public static readonly Rule DocumentHashMalformed = new("L-PUB-02", Severity.Refusal, ["hash"]);

    /// <summary>All rules, in the order of their listing.</summary>
    public static readonly IReadOnlyList<Rule> All =
    [
        UnknownDepartment, RegisteredTwice, ProfileOfUnknownDepartment, YearNotOpened, YearOpenedTwice, YearClosed,
        YearNotClosed, DateOutsideYear, DateOutsideReportingPeriod, DateBeforeClose, TextEmpty, TextTooLong,
        TextWithControlCharacter, IdentifierWithSurroundingSpace, NoLines, TooManyLines, FunctionNotInChart, FunctionNotLeaf,
        EconomicNotInChart, EconomicNotItem, SourceDoesNotGoWithFund, FundNotBooked, BasicWithProject, ProjectWithoutName,
        CounterpartyOfNoTransfer, CounterpartyIsItself,
        AmountNotAboveZero, AmountZero, AmountBeyondLimit, TurnoverBeyondLimit, AmountBelowZero, NumberBelowZero,
        NumberBeyondLimit, DocumentTwice, SpentBeyondBudget, TakenBeyondAvailable, ReallocationDoesNotBalance, VoucherTwice,
        ReversedVoucherUnknown, ReversedVoucherIsNoExpenditure, ReversedLineUnknown, ReversedBeyondPosted,
        ReversedBeforePosted, StatisticTwice, StatisticUnitChanged, ScoreOutOfRange, WeightsNotAHundred,
        ScoreAboveWeight, IndicatorWithoutTarget, IndicatorAmbiguous, IndicatorTwice, ComparativesNotBefore, ComparativeTwice,
        MemberTwice, MembersInCircle, MemberOfTwo,
        TotalsDiffer, FundDoesNotBalance, SealMalformed, PublishedBeforeClose, DocumentHashMalformed,
    ];
}
