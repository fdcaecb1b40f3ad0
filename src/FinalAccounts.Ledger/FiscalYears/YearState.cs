using System.Collections.Immutable;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Ledger.FiscalYears;

/// <summary>
/// The books of a department's fiscal year as far as decisions need them, folded from the year's stream. Immutable; an
/// event costs the same in an empty year and in one of a hundred thousand postings, apart from a logarithm. Cheapest is to go on from the
/// newest state; see <see cref="VoucherRegister"/>.
/// </summary>
public sealed record YearState
{
    /// <summary>A year that was never opened.</summary>
    public static readonly YearState NotOpened = new();

    /// <summary>How the year was opened; null before that.</summary>
    public FiscalYearOpened? Opening { get; private init; }

    /// <summary>The last submission to the bureau; null before the first. What was recorded since may have changed the figures.</summary>
    public YearSubmitted? Submitted { get; private init; }

    /// <summary>How the year was closed; null while it is open.</summary>
    public YearClosed? Closing { get; private init; }

    /// <summary>The last publication; null while nothing is published, and again after the year was reopened.</summary>
    public DisclosurePublished? Published { get; private init; }

    public bool IsOpened => Opening is not null;

    public bool IsClosed => Closing is not null;

    public YearTotals Totals { get; private init; } = new();

    /// <summary>
    /// The sum of the absolute amounts of everything booked. It bounds every other sum, so that a limit on it keeps all of
    /// them from overflowing.
    /// </summary>
    public Money Turnover { get; private init; }

    /// <summary>Opening balance, budget and spending of each item and fund; without what is not known by item.</summary>
    public ImmutableDictionary<BudgetKey, BudgetPosition> Positions { get; private init; } = ImmutableDictionary<BudgetKey, BudgetPosition>.Empty;

    /// <summary>Opening balance, income, spending and carry-over of each fund.</summary>
    public ImmutableDictionary<Fund, FundPosition> Funds { get; private init; } = ImmutableDictionary<Fund, FundPosition>.Empty;

    /// <summary>Income, expenditure and reversals by voucher number.</summary>
    public VoucherRegister Vouchers { get; private init; } = VoucherRegister.Empty;

    /// <summary>Budget and surplus events by document number.</summary>
    public ImmutableDictionary<string, LedgerEvent> Documents { get; private init; } = ImmutableDictionary.Create<string, LedgerEvent>(StringComparer.Ordinal);

    /// <summary>The last determination of what is carried over; null until there is one.</summary>
    public CarryOverDetermined? CarryOver { get; private init; }

    /// <summary>The last report of each statistic by its name, with the standards that the year was opened with.</summary>
    public ImmutableDictionary<string, Statistic> Statistics { get; private init; } = ImmutableDictionary.Create<string, Statistic>(StringComparer.Ordinal);

    /// <summary>The meetings as last reported; null until they are.</summary>
    public IReadOnlyList<Meeting>? Meetings { get; private init; }

    /// <summary>The last explanation by subject.</summary>
    public ImmutableDictionary<string, ExplanationWritten> Explanations { get; private init; } = ImmutableDictionary.Create<string, ExplanationWritten>(StringComparer.Ordinal);

    /// <summary>Imported figures of earlier years; what is not here is unknown.</summary>
    public ImmutableDictionary<ComparativeKey, Money> Comparatives { get; private init; } = ImmutableDictionary<ComparativeKey, Money>.Empty;

    /// <summary>The last targets by project.</summary>
    public ImmutableDictionary<PerformanceKey, PerformanceTargetsSet> Targets { get; private init; } = ImmutableDictionary<PerformanceKey, PerformanceTargetsSet>.Empty;

    /// <summary>The last results by project.</summary>
    public ImmutableDictionary<PerformanceKey, PerformanceResultsReported> Results { get; private init; } = ImmutableDictionary<PerformanceKey, PerformanceResultsReported>.Empty;

    /// <summary>The last self-evaluation by project and fund.</summary>
    public ImmutableDictionary<PerformanceKey, SelfEvaluationReported> SelfEvaluations { get; private init; } = ImmutableDictionary<PerformanceKey, SelfEvaluationReported>.Empty;

    /// <summary>The members of the department's consolidation; null while none were determined.</summary>
    public MembersDetermined? Members { get; private init; }

    /// <summary>The state after all events of a year's stream.</summary>
    public static YearState Fold(IEnumerable<LedgerEvent> events) => events.Aggregate(NotOpened, (state, e) => state.Apply(e));

    /// <summary>What is booked under a voucher number; null when the number is free.</summary>
    public Voucher? FindVoucher(string number) => Vouchers.Find(number);

    /// <summary>What is entered under a document number; null when the number is free.</summary>
    public LedgerEvent? FindDocument(string number) => Documents.GetValueOrDefault(number);

    /// <summary>
    /// True when the command has been carried out already and would tell nothing new: the same voucher or document with the
    /// same content, a report whose values all stand. The date of a report is left aside. An import that is repeated leaves
    /// such commands out; <see cref="Deciding"/> refuses vouchers and documents that it meets twice.
    /// </summary>
    public bool Holds(YearCommand command) => command.IsIn(this);

    /// <summary>The position of an item and fund; all zero when nothing was booked on it.</summary>
    public BudgetPosition Position(FunctionCode item, Fund fund) => Positions.GetValueOrDefault(new(item, fund));

    /// <summary>The position of a fund; all zero when nothing was booked on it.</summary>
    public FundPosition Position(Fund fund) => Funds.GetValueOrDefault(fund);

    /// <exception cref="ArgumentException">The event does not belong to a year's stream.</exception>
    /// <exception cref="KeyNotFoundException">The event reverses a posting that is not in the books.</exception>
    public YearState Apply(LedgerEvent @event) => @event switch
    {
        FiscalYearOpened e => Apply(e),
        BudgetAppropriated e => Budgeted(e, e.DocumentNumber, e.Lines, []),
        BudgetSupplemented e => Budgeted(e, e.DocumentNumber, e.Lines, []),
        BudgetWithdrawn e => Budgeted(e, e.DocumentNumber, [], e.Lines),
        BudgetReallocated e => Budgeted(e, e.DocumentNumber, e.To, e.From),
        IncomeReceived e => Apply(e),
        ExpenditurePosted e => Spent(Vouchers.With(e), e.Lines, sign: 1),
        ExpenditureReversed e => Spent(Vouchers.With(e), e.Lines, sign: -1),
        NonFiscalSurplusUsed e => Apply(e),
        SurplusDistributed e => Apply(e),
        CarryOverDetermined e => Apply(e),
        StatisticsReported e => Apply(e),
        PerformanceTargetsSet e => this with { Targets = Targets.SetItem(new(e.Project, null), e) },
        PerformanceResultsReported e => this with { Results = Results.SetItem(new(e.Project, null), e) },
        SelfEvaluationReported e => this with { SelfEvaluations = SelfEvaluations.SetItem(new(e.Project, e.Fund), e) },
        ExplanationWritten e => this with { Explanations = Explanations.SetItem(e.Subject, e) },
        ComparativesImported e => Apply(e),
        MembersDetermined e => this with { Members = e },
        YearSubmitted e => this with { Submitted = e },
        YearClosed e => this with { Closing = e },
        YearReopened => this with { Closing = null, Published = null },
        DisclosurePublished e => this with { Published = e },
        _ => throw new ArgumentException($"{@event.GetType().Name} does not belong to a year's stream."),
    };

    private YearState Apply(FiscalYearOpened e)
    {
        var positions = Positions.ToBuilder();
        var funds = Funds.ToBuilder();
        foreach (var line in e.OpeningBalances)
        {
            funds[line.Fund] = funds.GetValueOrDefault(line.Fund).WithOpening(line.Amount);
            if (line.Function is { } item)
            {
                positions[new(item, line.Fund)] = positions.GetValueOrDefault(new(item, line.Fund)).WithOpening(line.Amount);
            }
        }

        return this with
        {
            Opening = e,
            Positions = positions.ToImmutable(),
            Funds = funds.ToImmutable(),
            Statistics = Statistics.SetItems(e.Standards.Select(s => KeyValuePair.Create(s.Name, s))),
            Totals = Totals with { Opening = e.OpeningBalances.Sum(l => l.Amount) },
            Turnover = Turnover + e.OpeningBalances.Sum(l => l.Amount.Magnitude),
        };
    }

    private YearState Budgeted(LedgerEvent e, string document, IReadOnlyList<BudgetLine> given, IReadOnlyList<BudgetLine> taken)
    {
        var positions = Positions;
        foreach (var line in given)
        {
            positions = positions.SetItem(line.Key(), positions.GetValueOrDefault(line.Key()).WithBudget(line.Amount));
        }

        foreach (var line in taken)
        {
            positions = positions.SetItem(line.Key(), positions.GetValueOrDefault(line.Key()).WithBudget(-line.Amount));
        }

        return this with
        {
            Positions = positions,
            Documents = Documents.SetItem(document, e),
            Turnover = Turnover + given.Sum(l => l.Amount.Magnitude) + taken.Sum(l => l.Amount.Magnitude),
        };
    }

    private YearState Apply(IncomeReceived e)
    {
        var funds = Funds;
        var sum = Money.Zero;
        var turnover = Turnover;
        foreach (var line in e.Lines)
        {
            funds = funds.SetItem(line.Fund, funds.GetValueOrDefault(line.Fund).WithIncome(line.Amount));
            sum += line.Amount;
            turnover += line.Amount.Magnitude;
        }

        return this with
        {
            Funds = funds,
            Vouchers = Vouchers.With(e),
            Totals = Totals with { Income = Totals.Income + sum },
            Turnover = turnover,
        };
    }

    private YearState Spent(VoucherRegister vouchers, IReadOnlyList<PostingLine> lines, int sign)
    {
        var positions = Positions;
        var funds = Funds;
        var sum = Money.Zero;
        var turnover = Turnover;
        foreach (var line in lines)
        {
            var amount = sign > 0 ? line.Amount : -line.Amount;
            var key = new BudgetKey(line.Function, line.Fund);
            positions = positions.SetItem(key, positions.GetValueOrDefault(key).WithSpent(amount));
            funds = funds.SetItem(line.Fund, funds.GetValueOrDefault(line.Fund).WithSpent(amount));
            sum += amount;
            turnover += line.Amount.Magnitude;
        }

        return this with
        {
            Positions = positions,
            Funds = funds,
            Vouchers = vouchers,
            Totals = Totals with { Spent = Totals.Spent + sum },
            Turnover = turnover,
        };
    }

    private YearState Apply(NonFiscalSurplusUsed e) => this with
    {
        Documents = Documents.SetItem(e.DocumentNumber, e),
        Totals = Totals with { SurplusUsed = Totals.SurplusUsed + e.Amount },
        Turnover = Turnover + e.Amount.Magnitude,
    };

    private YearState Apply(SurplusDistributed e) => this with
    {
        Documents = Documents.SetItem(e.DocumentNumber, e),
        Totals = Totals with { SurplusDistributed = Totals.SurplusDistributed + e.Amount },
        Turnover = Turnover + e.Amount.Magnitude,
    };

    private YearState Apply(CarryOverDetermined e)
    {
        // A determination replaces the one before.
        var funds = Funds.ToBuilder();
        foreach (var fund in Funds.Keys)
        {
            funds[fund] = funds[fund] with { CarryOver = Money.Zero };
        }

        foreach (var line in e.Lines)
        {
            funds[line.Fund] = funds.GetValueOrDefault(line.Fund).WithCarryOver(line.Amount);
        }

        return this with
        {
            CarryOver = e,
            Funds = funds.ToImmutable(),
            Totals = Totals with { CarryOver = e.Lines.Sum(l => l.Amount) },
            Turnover = Turnover + e.Lines.Sum(l => l.Amount.Magnitude),
        };
    }

    private YearState Apply(StatisticsReported e) => this with
    {
        Statistics = Statistics.SetItems(e.Items.Select(s => KeyValuePair.Create(s.Name, s))),
        Meetings = e.Meetings ?? Meetings,
    };

    private YearState Apply(ComparativesImported e) =>
        this with { Comparatives = Comparatives.SetItems(e.Items.Select(c => KeyValuePair.Create(new ComparativeKey(e.Year, c.Quantity), c.Amount))) };
}

/// <summary>The sums of a year that its close compares.</summary>
/// <param name="Opening">年初结转和结余.</param>
/// <param name="Income">本年收入.</param>
/// <param name="Spent">本年支出, less what was reversed.</param>
/// <param name="SurplusUsed">使用非财政拨款结余.</param>
/// <param name="SurplusDistributed">结余分配.</param>
/// <param name="CarryOver">年末结转和结余, as last determined.</param>
public readonly record struct YearTotals(
    Money Opening, Money Income, Money Spent, Money SurplusUsed, Money SurplusDistributed, Money CarryOver)
{
    /// <summary>收入总计 = 本年收入 + 使用非财政拨款结余 + 年初结转和结余; the form of 公开01.</summary>
    public Money TotalIncome => Income + SurplusUsed + Opening;

    /// <summary>支出总计 = 本年支出 + 结余分配 + 年末结转和结余; the form of 公开01.</summary>
    public Money TotalExpenditure => Spent + SurplusDistributed + CarryOver;
}

/// <summary>What budget is given for and held against: an item (项) and a fund.</summary>
public readonly record struct BudgetKey(FunctionCode Item, Fund Fund);

/// <summary>How an item and fund stands.</summary>
/// <param name="Opening">年初结转和结余 of the item.</param>
/// <param name="Budget">Appropriated and supplemented, less withdrawn, with what was moved to and from it.</param>
/// <param name="Spent">Posted, less reversed.</param>
public readonly record struct BudgetPosition(Money Opening, Money Budget, Money Spent)
{
    /// <summary>What may still be spent; below zero when more was spent than there was.</summary>
    public Money Available => Opening + Budget - Spent;

    /// <summary>
    /// What a decision may take. 其他资金 is not appropriated: what is spent of it is not held against its budget, and that
    /// budget can only be taken back as far as it was given.
    /// </summary>
    internal Money AvailableOf(Fund fund) => fund.IsFiscal() ? Available : Budget;

    internal BudgetPosition WithOpening(Money amount) => this with { Opening = Opening + amount };

    internal BudgetPosition WithBudget(Money amount) => this with { Budget = Budget + amount };

    internal BudgetPosition WithSpent(Money amount) => this with { Spent = Spent + amount };
}

/// <summary>How a fund stands.</summary>
public readonly record struct FundPosition(Money Opening, Money Income, Money Spent, Money CarryOver)
{
    internal FundPosition WithOpening(Money amount) => this with { Opening = Opening + amount };

    internal FundPosition WithIncome(Money amount) => this with { Income = Income + amount };

    internal FundPosition WithSpent(Money amount) => this with { Spent = Spent + amount };

    internal FundPosition WithCarryOver(Money amount) => this with { CarryOver = CarryOver + amount };
}

/// <summary>A figure of an earlier year.</summary>
public readonly record struct ComparativeKey(FiscalYear Year, string Quantity);

/// <summary>What is evaluated: a project, or the spending as a whole when it is null, and the budget that pays for it.</summary>
public readonly record struct PerformanceKey(string? Project, Fund? Fund);
