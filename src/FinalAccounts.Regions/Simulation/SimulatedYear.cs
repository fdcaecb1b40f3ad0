using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using NodaTime;

namespace FinalAccounts.Regions.Simulation;

/// <summary>
/// The year of a department, made up from a seed. Every event is decided by the ledger's own rules, so that the books are as
/// good as entered ones: budget is not overspent, funds balance, the year can be closed.
/// </summary>
internal sealed class SimulatedYear
{
    private const int Months = 12;
    private const int LastDayOfPostings = 28;

    /// <summary>Documents of budget are about whole hundreds of yuan.</summary>
    private const long BudgetStep = 10_000;

    private readonly SimulatedDepartment department;
    private readonly FiscalYear year;
    private readonly Chance chance;
    private readonly ChartOfAccounts chart;
    private readonly IReadOnlyList<Purse> purses;

    // By purse, in fen: the opening balance, what may still be spent, and what is there of what came in.
    private readonly long[] opening;
    private readonly long[] available;
    private readonly long[] cash;
    private readonly int postingsInAll;
    private YearState books = YearState.NotOpened;
    private int posted;
    private int vouchers;
    private int documents;

    /// <param name="opening">By purse, what the year before has left.</param>
    /// <exception cref="ChartMissingException">There is no chart of accounts of the year.</exception>
    public SimulatedYear(SimulatedDepartment department, FiscalYear year, IReadOnlyList<long> opening, Chance chance)
    {
        (this.department, this.year, this.opening, this.chance) = (department, year, [.. opening], chance);
        (purses, chart, Stream) = (department.Purses, ChartOfAccounts.For(year), Streams.Year(department.Code, year));
        (available, cash) = ([.. opening], [.. opening]);
        postingsInAll = purses.Sum(p => p.Postings);
    }

    public string Stream { get; }

    /// <summary>By purse, what is carried into the next year; to be asked after <see cref="Course"/>.</summary>
    public IReadOnlyList<long> CarriedOver => cash;

    /// <summary>The year's events in order, without the close; to be taken once.</summary>
    public IEnumerable<LedgerEvent> Course() => Commands().SelectMany(Do);

    /// <summary>The close of the year, after <see cref="Course"/>.</summary>
    /// <param name="seal">The log's head.</param>
    public IReadOnlyList<LedgerEvent> Close(Seal seal) => Do(new CloseYear(year.LastDay, seal));

    /// <exception cref="InvalidOperationException">A rule refuses what was made up.</exception>
    public static IReadOnlyList<LedgerEvent> Taken(Decision decision) => decision.IsRefused
        ? throw new InvalidOperationException($"The simulation breaks a rule: {decision.Refusals.First().ToText(CultureInfo.InvariantCulture)}")
        : decision.Events;

    private IEnumerable<YearCommand> Commands()
    {
        yield return new OpenFiscalYear(
            year.FirstDay, department.Code, year, department.Form.Name, OverspendingPolicy.Refuse, Balances(opening), department.Form.Standards);
        yield return new AppropriateBudget(Day(1, 5), Document(), "年度部门预算批复", InitialBudget());
        for (var month = 1; month <= Months; month++)
        {
            foreach (var command in BudgetChanges(month))
            {
                yield return command;
            }

            foreach (var command in Postings(month))
            {
                yield return command;
            }

            if (month == Months && Withdrawal() is { } withdrawal)
            {
                yield return withdrawal;
            }

            if (Receipt(month) is { } receipt)
            {
                yield return receipt;
            }
        }

        yield return new ReportStatistics(year.LastDay, [.. department.Statistics.Select(Statistic)], Meetings: []);
        yield return new DetermineCarryOver(year.LastDay, Balances(cash));
    }

    // Budget.

    /// <summary>Each purse gets its part of the year's money, more or less; some items of the first one are given apart.</summary>
    private List<BudgetLine> InitialBudget()
    {
        var money = purses.Sum(p => p.Money);
        var whole = (1 + department.Postings) * department.AverageFen * chance.Between(92, 112) / 100;
        List<BudgetLine> lines = [];
        for (var p = 0; p < purses.Count; p++)
        {
            if (!purses[p].Fund.IsFiscal())
            {
                continue;
            }

            var amount = Rounded(whole * purses[p].Money / money * chance.Between(80, 120) / 100);
            available[p] += amount;
            if (p == 0)
            {
                foreach (var economic in PurseChoice.BudgetedApart.Select(e => new EconomicCode(e)).Where(chart.Contains))
                {
                    // A little more than its postings will come to.
                    var part = Rounded(amount * purses[p].Uses.Count(u => u.Economic == economic) / purses[p].Uses.Count * chance.Between(105, 140) / 100);
                    lines.Add(Line(p, part, economic));
                    amount -= part;
                }
            }

            lines.Add(Line(p, Math.Max(amount, BudgetStep)));
            available[p] += Math.Max(0, BudgetStep - amount);
        }

        return lines;
    }

    private IEnumerable<YearCommand> BudgetChanges(int month)
    {
        // On average three or four supplements in a year, and a reallocation in two.
        if (month > 2 && chance.InHundred(35))
        {
            var given = Enumerable.Range(0, (int)chance.Between(1, 2)).Select(_ => FiscalPurse()).Distinct().ToList();
            yield return new SupplementBudget(
                Day(month, 2), Document(), chance.OneOf(["追加年度专项经费", "追加人员经费", "下达上级补助资金", "追加业务经费"]),
                [.. given.Select(p => Given(p, (1 + department.Postings) * department.AverageFen * chance.Between(2, 12) / 1_000))]);
        }

        if (month == 8 && chance.InHundred(50))
        {
            var (from, to) = (FiscalPurse(), FiscalPurse());
            var amount = available[from] / 10 / BudgetStep * BudgetStep;
            if (from != to && amount > 0)
            {
                available[from] -= amount;
                yield return new ReallocateBudget(Day(month, 3), Document(), "科目间调剂", [Line(from, amount)], [Given(to, amount)]);
            }
        }
    }

    /// <summary>What is left of 基本支出 at the end of the year goes back, all but some fen.</summary>
    private WithdrawBudget? Withdrawal()
    {
        List<BudgetLine> lines = [];
        for (var p = 0; p < purses.Count; p++)
        {
            var amount = available[p] / BudgetStep * BudgetStep;
            if (purses[p] is { Kind: SpendingKind.Basic } purse && purse.Fund.IsFiscal() && amount > 0)
            {
                available[p] -= amount;
                lines.Add(Line(p, amount));
            }
        }

        return lines.Count == 0 ? null : new(Day(Months, 28), Document(), "年末财政收回", lines);
    }

    private int FiscalPurse()
    {
        while (true)
        {
            var p = (int)chance.Between(0, purses.Count - 1);
            if (purses[p].Fund.IsFiscal())
            {
                return p;
            }
        }
    }

    private BudgetLine Given(int p, long amount)
    {
        amount = Rounded(amount);
        available[p] += amount;
        return Line(p, amount);
    }

    private BudgetLine Line(int p, long amount, EconomicCode? economic = null) =>
        new(purses[p].Item, purses[p].Fund, purses[p].Kind, purses[p].Project, economic, new(amount));

    // Execution.

    private IEnumerable<YearCommand> Postings(int month)
    {
        var (first, last) = (posted, (int)((long)department.Postings * month / Months));
        while (posted < last)
        {
            // Within the month the days go up with the postings.
            var (purse, posting) = Posting(Day(month, 1 + (int)((long)LastDayOfPostings * (posted - first) / (last - first))));
            posted++;
            yield return posting;
            if (chance.InHundred(1))
            {
                yield return Reversal(purse, posting);
            }
        }
    }

    private (int Purse, PostExpenditure Posting) Posting(LocalDate date)
    {
        var p = PurseOfPosting();
        var purse = purses[p];
        var amount = Amount(p);
        available[p] -= purse.Fund.IsFiscal() ? amount : 0;
        cash[p] -= amount;
        var count = purse.Uses.Count > 1 && amount >= 3 && chance.InHundred(15) ? (int)chance.Between(2, 3) : 1;
        var lines = new PostingLine[count];
        var purpose = "";
        for (var i = 0; i < count; i++)
        {
            var use = chance.OneOf(purse.Uses);
            purpose = i == 0 ? use.Purpose : purpose;
            lines[i] = new(
                purse.Item, use.Economic, purse.Fund, purse.Kind, purse.Project, purse.Source, new((amount / count) + (i == 0 ? amount % count : 0)));
        }

        return (p, new(date, Voucher(date), purpose, lines));
    }

    private int PurseOfPosting()
    {
        var at = chance.Between(0, postingsInAll - 1);
        var p = 0;
        while (at >= purses[p].Postings)
        {
            at -= purses[p++].Postings;
        }

        return !purses[p].Fund.IsFiscal() || available[p] > 1 ? p : Array.IndexOf(available, available.Max());
    }

    /// <summary>What there is is spread over what is still to come, so that little is left at the end.</summary>
    private long Amount(int p)
    {
        if (!purses[p].Fund.IsFiscal())
        {
            return department.AverageFen * chance.Between(20, 180) / 200;
        }

        var toCome = (department.Postings - posted) * purses[p].Postings / postingsInAll;
        return Math.Clamp(available[p] / (toCome + 2) * chance.Between(20, 180) / 100, 1, Math.Max(available[p] / 2, 1));
    }

    private ReverseExpenditure Reversal(int p, PostExpenditure posting)
    {
        // Mostly the whole voucher was wrong, sometimes one line of it.
        IReadOnlyList<PostingLine> lines = chance.InHundred(70) ? posting.Lines : [posting.Lines[^1]];
        foreach (var line in lines)
        {
            available[p] += purses[p].Fund.IsFiscal() ? line.Amount.Fen : 0;
            cash[p] += line.Amount.Fen;
        }

        return new(posting.Date, Voucher(posting.Date), posting.Voucher, $"冲销{posting.Voucher}", lines);
    }

    /// <summary>The treasury pays what was spent and not covered; to projects at the end of the year what they still have as well.</summary>
    private ReceiveIncome? Receipt(int month)
    {
        List<IncomeLine> lines = [];
        for (var p = 0; p < purses.Count; p++)
        {
            var purse = purses[p];
            var amount = Math.Max(0, -cash[p]) + (month < Months ? 0
                : purse.Kind == SpendingKind.Project ? Math.Max(0, available[p] - Math.Max(0, cash[p])) * chance.Between(0, 1)
                : purse.Fund.IsFiscal() ? 0 : chance.Between(0, 50_000));
            if (amount > 0)
            {
                cash[p] += amount;
                lines.Add(new(purse.Item, purse.Source, purse.Fund, new(amount)));
            }
        }

        return lines.Count == 0 ? null : new(Day(month, 28), Voucher(Day(month, 28)), $"{month}月份财政授权支付额度和其他收入入账", lines);
    }

    // Closing.

    private List<BalanceLine> Balances(IReadOnlyList<long> amounts) =>
    [
        .. purses.Zip(amounts).Where(p => p.Second != 0).Select(p =>
            new BalanceLine(p.First.Item, p.First.Fund, p.First.Kind, p.First.Project, new(p.Second))),
    ];

    /// <summary>A statistic near its usual value.</summary>
    private Statistic Statistic(Statistic usual) => usual with { Value = usual.Value + (usual.Value * chance.Between(-30, 30) / 100) };

    private IReadOnlyList<LedgerEvent> Do(YearCommand command)
    {
        var events = Taken(Deciding.Decide(department.State, books, chart, command));
        foreach (var e in events)
        {
            books = books.Apply(e);
        }

        return events;
    }

    private string Document() => string.Create(CultureInfo.InvariantCulture, $"模财预〔{year}〕{++documents}号");

    private string Voucher(LocalDate date) => string.Create(CultureInfo.InvariantCulture, $"记-{date.Month:00}-{++vouchers:00000}");

    private LocalDate Day(int month, int day) => new(year.Value, month, Math.Clamp(day, 1, LastDayOfPostings));

    private static long Rounded(long fen) => Math.Max(fen / BudgetStep, 1) * BudgetStep;
}
