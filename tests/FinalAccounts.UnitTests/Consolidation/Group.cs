using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;

namespace FinalAccounts.UnitTests.Consolidation;

/// <summary>A made-up department with units, built event by event in one log. Amounts are given in yuan.</summary>
internal sealed class Group
{
    public const string Running = "2080101";
    public const string Other = "2080199";
    public static readonly FormPack Pack = FormPack.Load("hunan-2024")!;
    public static readonly ConsolidatedUnit Bureau = new(new("301"), "示例局");
    public static readonly ConsolidatedUnit Centre = new(new("301001"), "示例中心");
    public static readonly ConsolidatedUnit School = new(new("301002"), "示例学校");

    private readonly List<(ConsolidatedUnit Unit, LedgerEvent Event)> events = [];
    private readonly FiscalYear year;

    public Group(int year = 2024)
    {
        this.year = new(year);
        foreach (var unit in new[] { Bureau, Centre, School })
        {
            Add(unit, new DepartmentRegistered(Day, unit.Code, unit.Name, "示例省示例市"));
            Add(unit, new ProfileRevised(Day, "我单位", [$"{unit.Name}的职责。"], new(10, 9, 3), null, ["办公室"], unit == Bureau ? [Centre.Name, School.Name] : [], []));
            Add(unit, new FiscalYearOpened(Day, unit.Code, this.year, Pack.Name, OverspendingPolicy.Refuse, [], Pack.Standards));
        }
    }

    public LocalDate Day => year.FirstDay;

    public Group Add(ConsolidatedUnit unit, LedgerEvent @event)
    {
        events.Add((unit, @event));
        return this;
    }

    public Group Income(
        ConsolidatedUnit unit, long yuan, IncomeSource source = IncomeSource.Other, ConsolidatedUnit? from = null, string function = Running, Fund fund = Fund.Other) =>
        Add(unit, new IncomeReceived(Day, $"收{events.Count}", "收入", [new(new(function), source, fund, new(yuan * 100), from?.Code)]));

    public Group Spend(
        ConsolidatedUnit unit, long yuan, SpendingKind kind = SpendingKind.Basic, ConsolidatedUnit? to = null, string function = Running, Fund fund = Fund.Other) =>
        Add(unit, new ExpenditurePosted(Day, $"记{events.Count}", "支出",
            [new(new(function), new("30201"), fund, kind, null, fund == Fund.Other ? IncomeSource.Other : IncomeSource.FiscalAppropriation, new(yuan * 100), to?.Code)]));

    /// <summary>Both sides of a transfer.</summary>
    public Group Transfer(Transfer transfer, ConsolidatedUnit payer, ConsolidatedUnit receiver, long yuan) =>
        Spend(payer, yuan, transfer.SpendingKind(), receiver).Income(receiver, yuan, transfer.IncomeSource(), payer, Other);

    public Group Close(params ConsolidatedUnit[] units) => units.Aggregate(
        this, (group, unit) => group.Add(unit, new YearClosed(year.LastDay, Money.Zero, Money.Zero, new(1, new string('a', 64)))));

    /// <summary>The books of the units in this order; all three when none is named.</summary>
    public IReadOnlyList<UnitBooks> Books(params ConsolidatedUnit[] units)
    {
        var recorded = events.Select((e, i) => (e.Unit, Event: new RecordedEvent(i + 1, Instant.FromUtc(2024, 1, 1, 0, 0), "会计", e.Event))).ToList();
        return
        [
            .. (units is [] ? [Bureau, Centre, School] : units)
                .Select(unit => new UnitBooks(unit, YearBooks.From(year, recorded.Where(r => r.Unit == unit).Select(r => r.Event)))),
        ];
    }

    public Consolidated Consolidate() => Consolidating.Consolidate(Pack, Books());

    public static DisclosureDocument Document(YearBooks books, YearBooks? prior = null) =>
        DisclosureBuilder.Build(Pack, new(books, prior), ChartOfAccounts.For(books.Year));

    /// <summary>The exact value of a quantity of the pack, in fen.</summary>
    public static Int128 Total(YearBooks books, string quantity, Narrowing? narrowing = null)
    {
        ReportBooks report = new(books, null);
        return new Quantities(Pack, report).Find(quantity, narrowing ?? Narrowing.None)!.Total(report);
    }
}
