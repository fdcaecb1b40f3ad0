using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Small books of a made-up department, built event by event. Amounts are given in yuan.</summary>
internal sealed class Books
{
    public const string Running = "2080101";
    public const string Housing = "2210201";
    public const string Wages = "30101";
    public const string Office = "30201";
    public const string Reception = "30217";

    public static readonly FormPack Pack = FormPack.Load("hunan-2024")!;

    private readonly FiscalYear year;
    private readonly List<LedgerEvent> events = [];

    public Books(int year = 2024, params BalanceLine[] opening)
    {
        this.year = new(year);
        var date = this.year.FirstDay;
        events.Add(new DepartmentRegistered(date, new("900001"), "示例市示例局", "示例省示例市"));
        events.Add(new ProfileRevised(date, "我单位", ["办理示例事务。"], new(10, 9, 3), null, ["办公室"], [], []));
        events.Add(new FiscalYearOpened(date, new("900001"), this.year, Pack.Name, OverspendingPolicy.Refuse, opening, Pack.Standards));
    }

    public IReadOnlyList<LedgerEvent> Events => events;

    public static Money Yuan(long yuan) => new(yuan * 100);

    /// <summary>The units whose books are added to the department's own.</summary>
    public Books Members(params string[] codes) => Add(new MembersDetermined(Day, [.. codes.Select(c => new DepartmentCode(c))]));

    public Books Budget(string function, long yuan, string? economic = null, Fund fund = Fund.GeneralPublicBudget) =>
        Add(new BudgetAppropriated(Day, $"预〔{events.Count}〕号", "部门预算", [Line(function, yuan, economic, fund)]));

    public Books Supplement(string function, long yuan, string purpose, string document) =>
        Add(new BudgetSupplemented(Day, document, purpose, [Line(function, yuan, null, Fund.GeneralPublicBudget)]));

    public Books Withdraw(string function, long yuan, string purpose, string document) =>
        Add(new BudgetWithdrawn(Day, document, purpose, [Line(function, yuan, null, Fund.GeneralPublicBudget)]));

    public Books Income(string function, long yuan, IncomeSource source = IncomeSource.FiscalAppropriation, Fund fund = Fund.GeneralPublicBudget) =>
        Add(new IncomeReceived(Day, $"收{events.Count}", "拨款", [new(new(function), source, fund, Yuan(yuan))]));

    public Books Spend(
        string function,
        string economic,
        long yuan,
        Fund fund = Fund.GeneralPublicBudget,
        SpendingKind kind = SpendingKind.Basic,
        IncomeSource source = IncomeSource.FiscalAppropriation) =>
        Add(new ExpenditurePosted(Day, $"记{events.Count}", "支出", [new(new(function), new(economic), fund, kind, null, source, Yuan(yuan))]));

    public Books Statistics(params (string Name, long Value)[] items) => Add(new StatisticsReported(
        Day, [.. items.Select(i => new Statistic(i.Name, i.Value, Pack.Statistics.GetValueOrDefault(i.Name, "个")))], null));

    public Books Explain(string subject, string text) => Add(new ExplanationWritten(Day, subject, text, "财务科"));

    public Books Comparatives(params (string Quantity, long Yuan)[] items) => Add(new ComparativesImported(
        Day, new(year.Value - 1), "上年公开", [.. items.Select(i => new Comparative(i.Quantity, Yuan(i.Yuan)))]));

    public Books Add(LedgerEvent @event)
    {
        events.Add(@event);
        return this;
    }

    public YearBooks Fold() => YearBooks.From(year, Recorded());

    public IEnumerable<RecordedEvent> Recorded() => events.Select((e, i) => new RecordedEvent(i + 1, Instant.FromUtc(2024, 1, 1, 0, 0).Plus(Duration.FromHours(i)), "会计", e));

    public DisclosureDocument Report(Books? prior = null) =>
        DisclosureBuilder.Build(Pack, new(Fold(), prior?.Fold()), ChartOfAccounts.For(new(2024)));

    /// <summary>The text of the narrative block whose heading starts so.</summary>
    public string Text(string heading, Books? prior = null) => Block(heading, prior).Text;

    public TextBlock Block(string heading, Books? prior = null) =>
        Report(prior).Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Single(b => b.Heading.StartsWith(heading, StringComparison.Ordinal));

    private LocalDate Day => year.FirstDay;

    private static BudgetLine Line(string function, long yuan, string? economic, Fund fund) =>
        new(new(function), fund, SpendingKind.Basic, null, economic is null ? null : new EconomicCode(economic), Yuan(yuan));
}
