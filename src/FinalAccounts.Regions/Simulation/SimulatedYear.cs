using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting.Forms;
using NodaTime;

namespace FinalAccounts.Regions.Simulation;

/// <summary>
/// One department and its year, made up from a seed. Every event is decided by the ledger's own rules, so that the books are as
/// good as entered ones: budget is not overspent, funds balance, the year can be closed.
/// </summary>
internal sealed class SimulatedYear
{
    private const int Items = 8;
    private const int AverageFen = 300_000;
    private const int Months = 12;

    private static readonly string[] Purposes =
        ["支付办公用品采购款", "支付差旅费", "发放工资及津贴补贴", "缴纳职工基本养老保险", "支付物业管理及保洁费", "支付信息系统运行维护费", "支付业务培训费", "支付印刷费"];

    private readonly FiscalYear year;
    private readonly FormPack form;
    private readonly ChartOfAccounts chart;
    private readonly int postings;
    private readonly Chance chance;
    private readonly List<FunctionCode> items;
    private readonly List<EconomicCode> economics;
    private readonly Dictionary<BudgetKey, long> spentInMonth = [];
    private readonly Dictionary<BudgetKey, long> received = [];
    private DepartmentState department = DepartmentState.Unknown;
    private YearState books = YearState.NotOpened;
    private int posted;
    private int vouchers;

    /// <param name="postings">How many vouchers of expenditure there are; budget, income and reversals come on top.</param>
    /// <exception cref="ChartMissingException">There is no chart of accounts of the year.</exception>
    public SimulatedYear(DepartmentCode code, FiscalYear year, FormPack form, int postings, Chance chance)
    {
        (Code, this.year, this.form, this.postings, this.chance) = (code, year, form, postings, chance);
        chart = ChartOfAccounts.For(year);
        var functions = chart.Functions.Where(f => f.IsItem).ToList();
        items = [.. Enumerable.Range(0, Items).Select(_ => chance.OneOf(functions)).Distinct()];
        economics = [.. chart.Economics.Where(e => e.IsItem)];
    }

    public DepartmentCode Code { get; }

    /// <summary>What the department's own stream has.</summary>
    public IReadOnlyList<LedgerEvent> MasterData()
    {
        DepartmentCommand[] commands =
        [
            new RegisterDepartment(year.FirstDay, Code, $"模拟单位{Code}", "模拟地区"),
            new ReviseProfile(
                year.FirstDay, "本单位", ["负责模拟业务。"], new((int)chance.Between(20, 80), (int)chance.Between(10, 60), (int)chance.Between(0, 40)),
                null, ["办公室", "财务科", "业务科"], [], []),
        ];
        return [.. commands.SelectMany(c =>
        {
            var events = Taken(Deciding.Decide(department, c));
            department = events.Aggregate(department, (state, e) => state.Apply(e));
            return events;
        })];
    }

    /// <summary>The year's events in order, without the close; to be taken once, after <see cref="MasterData"/>.</summary>
    public IEnumerable<LedgerEvent> Course() => Commands().SelectMany(Do);

    /// <summary>The close of the year, after <see cref="Course"/>.</summary>
    /// <param name="seal">The log's head.</param>
    public IReadOnlyList<LedgerEvent> Close(Seal seal) => Do(new CloseYear(year.LastDay, seal));

    private IEnumerable<YearCommand> Commands()
    {
        yield return new OpenFiscalYear(
            year.FirstDay, Code, year, form.Name, OverspendingPolicy.Refuse,
            [new(items[0], Fund.GeneralPublicBudget, KindOf(items[0]), null, new(chance.Between(1, 9) * 1_000_000))], form.Standards);
        yield return new AppropriateBudget(
            Day(1, 5), Document(1), "年度部门预算批复", [.. items.Select(i => Budget(i, Fen(1 + (postings / (items.Count + 1)))))]);
        for (var month = 1; month <= Months; month++)
        {
            foreach (var command in Month(month))
            {
                yield return command;
            }
        }

        yield return new ReportStatistics(year.LastDay, [.. form.Statistics.Select(s => new Statistic(s.Key, chance.Between(0, 50) * 100, s.Value))], null);
        yield return new DetermineCarryOver(year.LastDay, [.. CarryOver()]);
    }

    private IEnumerable<YearCommand> Month(int month)
    {
        if (month % 3 == 0)
        {
            yield return new SupplementBudget(
                Day(month, 2), Document(month * 10), "追加年度专项及人员经费", [Budget(chance.OneOf(items), Fen(1 + (postings / 32)))]);
        }

        if (month == 8)
        {
            var amount = 1 + (books.Position(items[0], Fund.GeneralPublicBudget).Available.Fen / 20);
            yield return new ReallocateBudget(
                Day(month, 3), Document(81), "科目间调剂", [Budget(items[0], new(amount))], [Budget(items[^1], new(amount))]);
        }

        if (month == 11)
        {
            yield return new WithdrawBudget(
                Day(month, 3), Document(111), "财政收回", [Budget(items[^1], new(1 + (books.Position(items[^1], Fund.GeneralPublicBudget).Available.Fen / 50)))]);
        }

        for (var last = postings * month / Months; posted < last;)
        {
            // Within the month the days go up with the postings.
            var posting = Posting(Day(month, 1 + (28 * (posted - (postings * (month - 1) / Months)) / (1 + (postings / Months)))));
            posted++;
            yield return posting;
            if (chance.InHundred(1))
            {
                yield return Reversal(posting);
            }
        }

        if (Receipt(month) is { } receipt)
        {
            yield return receipt;
        }
    }

    private PostExpenditure Posting(LocalDate date)
    {
        // A little comes from other income; that is spent as it comes in, whatever the budget says.
        var fund = chance.InHundred(3) ? Fund.Other : Fund.GeneralPublicBudget;
        var item = chance.OneOf(items);
        var available = fund == Fund.Other ? AverageFen : books.Position(item, fund).Available.Fen;
        if (available < 100)
        {
            item = items.MaxBy(i => books.Position(i, Fund.GeneralPublicBudget).Available.Fen);
            (fund, available) = (Fund.GeneralPublicBudget, books.Position(item, Fund.GeneralPublicBudget).Available.Fen);
        }

        // What there is is spread over what is still to come, so that something is left at the end.
        var share = fund == Fund.Other ? available : available * items.Count / (postings - posted + (2 * items.Count));
        var amount = Math.Clamp(share * chance.Between(20, 180) / 100, 3, Math.Max(available / 2, 3));
        var lines = chance.InHundred(15) ? (int)chance.Between(2, 3) : 1;
        var source = fund == Fund.Other ? IncomeSource.Other : IncomeSource.FiscalAppropriation;
        return new(date, Voucher(date), chance.OneOf(Purposes), [.. Enumerable.Range(0, lines).Select(line => new PostingLine(
            item, chance.OneOf(economics), fund, KindOf(item), ProjectOf(item), source, new((amount / lines) + (line == 0 ? amount % lines : 0))))]);
    }

    private ReverseExpenditure Reversal(PostExpenditure posting) =>
        new(posting.Date, Voucher(posting.Date), posting.Voucher, $"冲销{posting.Voucher}", posting.Lines);

    /// <summary>The treasury pays what was spent; at the end of the year a little more.</summary>
    private ReceiveIncome? Receipt(int month)
    {
        List<IncomeLine> lines = [];
        foreach (var (key, spent) in spentInMonth.OrderBy(s => s.Key.Item).ThenBy(s => s.Key.Fund))
        {
            var amount = spent + (month == Months ? chance.Between(0, 50_000) : 0);
            if (amount > 0)
            {
                lines.Add(new(key.Item, key.Fund == Fund.Other ? IncomeSource.Other : IncomeSource.FiscalAppropriation, key.Fund, new(amount)));
                received[key] = received.GetValueOrDefault(key) + amount;
                spentInMonth[key] -= spent;
            }
        }

        return lines.Count == 0 ? null : new(Day(month, 28), Voucher(Day(month, 28)), "本月额度到账", lines);
    }

    private IEnumerable<BalanceLine> CarryOver() =>
        from key in books.Positions.Keys.OrderBy(k => k.Item).ThenBy(k => k.Fund)
        let position = books.Positions[key]
        let left = position.Opening.Fen + received.GetValueOrDefault(key) - position.Spent.Fen
        where left != 0
        select new BalanceLine(key.Item, key.Fund, KindOf(key.Item), null, new(left));

    private IReadOnlyList<LedgerEvent> Do(YearCommand command)
    {
        var events = Taken(Deciding.Decide(department, books, chart, command));
        foreach (var e in events)
        {
            books = books.Apply(e);
            var (lines, sign) = e switch
            {
                ExpenditurePosted x => (x.Lines, 1),
                ExpenditureReversed x => (x.Lines, -1),
                _ => ([], 0),
            };
            foreach (var line in lines)
            {
                var key = new BudgetKey(line.Function, line.Fund);
                spentInMonth[key] = spentInMonth.GetValueOrDefault(key) + (sign * line.Amount.Fen);
            }
        }

        return events;
    }

    private static IReadOnlyList<LedgerEvent> Taken(Decision decision) => decision.IsRefused
        ? throw new InvalidOperationException($"The simulation breaks a rule: {decision.Refusals.First().ToText(CultureInfo.InvariantCulture)}")
        : decision.Events;

    private BudgetLine Budget(FunctionCode item, Money amount) => new(item, Fund.GeneralPublicBudget, KindOf(item), ProjectOf(item), null, amount);

    /// <summary>Half of the items are for projects.</summary>
    private SpendingKind KindOf(FunctionCode item) => items.IndexOf(item) % 2 == 0 ? SpendingKind.Basic : SpendingKind.Project;

    private string? ProjectOf(FunctionCode item) => KindOf(item) == SpendingKind.Basic ? null : $"{item}专项经费";

    private string Document(int number) => string.Create(CultureInfo.InvariantCulture, $"模财预〔{year}〕{number}号");

    private string Voucher(LocalDate date) => string.Create(CultureInfo.InvariantCulture, $"记-{date.Month:00}-{++vouchers:00000}");

    private LocalDate Day(int month, int day) => new(year.Value, month, Math.Clamp(day, 1, 28));

    private static Money Fen(long postings) => new(postings * AverageFen);
}
