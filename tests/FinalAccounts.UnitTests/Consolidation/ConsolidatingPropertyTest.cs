using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Consolidation.Group;

namespace FinalAccounts.UnitTests.Consolidation;

/// <summary>What holds for any books of a department's units whose transfers are booked on both sides.</summary>
public class ConsolidatingPropertyTest
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(60);
    private static readonly ConsolidatedUnit[] Units = [Bureau, Centre, School];

    /// <summary>Quantities that are sums of what was booked; reported numbers have tests of their own.</summary>
    private static readonly string[] Booked =
    [
        .. Pack.Quantities.Keys.Where(name => new Quantities(Pack, new(new Group().Books()[0].Books, null)).Find(name, Narrowing.None) is { } query
            && query.Terms.All(t => t.Filter.Measure is not (Measure.Statistic or Measure.OverallScore))),
    ];

    private static readonly Gen<Entry> Entries = Gen.Frequency(
        (3, from unit in Gen.Choose(0, 2)
            from yuan in Gen.Choose(1, 10_000)
            from fund in Gen.Elements(Fund.Other, Fund.GeneralPublicBudget)
            from function in Gen.Elements(Running, Other)
            select new Entry(EntryKind.Income, unit, unit, yuan, fund, function)),
        (4, from unit in Gen.Choose(0, 2)
            from yuan in Gen.Choose(1, 10_000)
            from fund in Gen.Elements(Fund.Other, Fund.GeneralPublicBudget)
            from function in Gen.Elements(Running, Other)
            select new Entry(EntryKind.Spending, unit, unit, yuan, fund, function)),
        (3, from payer in Gen.Choose(0, 2)
            from step in Gen.Choose(1, 2)
            from yuan in Gen.Choose(1, 10_000)
            from kind in Gen.Elements(EntryKind.Subsidy, EntryKind.Remittance)
            select new Entry(kind, payer, (payer + step) % 3, yuan, Fund.Other, Running)));

    [Fact]
    public void The_sum_is_that_of_the_units_without_what_they_paid_each_other() =>
        Prop.ForAll(Gen.ListOf(Entries, 25).ToArbitrary(), entries =>
        {
            var consolidated = Build(entries, transfers: true).Consolidate().Books;
            var without = Build(entries, transfers: false).Books();
            foreach (var quantity in Booked)
            {
                foreach (var narrowing in new Narrowing[] { Narrowing.None, new(Function: new(Running)), new(Function: new(Other)), new(Fund: Fund.Other) })
                {
                    var expected = without.Aggregate((Int128)0, (sum, unit) => sum + Total(unit.Books, quantity, narrowing));
                    Total(consolidated, quantity, narrowing).ShouldBe(expected, $"{quantity} {narrowing}");
                }
            }
        }).Check(Thorough);

    [Fact]
    public void Income_and_expenditure_still_balance() =>
        Prop.ForAll(Gen.ListOf(Entries, 25).ToArbitrary(), entries =>
        {
            var group = Build(entries, transfers: true);
            foreach (var books in group.Books().Select(u => u.Books).Append(group.Consolidate().Books))
            {
                Total(books, "收入总计").ShouldBe(Total(books, "支出总计"));
                Total(books, "财政拨款收入总计").ShouldBe(Total(books, "财政拨款支出总计"));
            }
        }).Check(Thorough);

    [Fact]
    public void The_order_of_the_members_changes_no_figure() =>
        Prop.ForAll(Gen.ListOf(Entries, 25).ToArbitrary(), entries =>
        {
            var group = Build(entries, transfers: true);
            Figures(Bureau, Centre, School).ShouldBe(Figures(Bureau, School, Centre));

            List<(string, Ratio)> Figures(params ConsolidatedUnit[] order) =>
                [.. Document(Consolidating.Consolidate(Pack, group.Books(order)).Books).Figures.Select(f => (f.Address, f.Exact))];
        }).Check(Thorough);

    [Fact]
    public void A_figures_units_add_up_to_it() =>
        Prop.ForAll(Gen.ListOf(Entries, 25).ToArbitrary(), entries =>
        {
            ReportBooks books = new(Build(entries, transfers: true).Consolidate().Books, null);
            foreach (var figure in Document(books.Current).Figures)
            {
                foreach (var sum in figure.Query.Sums.Select(s => ExplainedSum.Of(s, books)))
                {
                    sum.Units.Aggregate((Int128)0, (total, unit) => total + unit.Total).ShouldBe(sum.Total, figure.Address);
                    foreach (var unit in sum.Units)
                    {
                        unit.Total.ShouldBe(unit.Eliminations.Aggregate(unit.Amount, (total, e) => total + e.Amount));
                        unit.Amount.ShouldBe(unit.Events.Aggregate((Int128)0, (total, e) => total + e.Amount));
                    }
                }
            }
        }).Check(Thorough);

    /// <summary>The books; each fund's difference is carried over, as it was with the transfers, so that every unit balances.</summary>
    private static Group Build(IReadOnlyList<Entry> entries, bool transfers)
    {
        var group = new Group();
        Dictionary<(ConsolidatedUnit, Fund), long> left = [];
        foreach (var (kind, payer, receiver, yuan, fund, function) in entries)
        {
            left[(Units[payer], fund)] = left.GetValueOrDefault((Units[payer], fund)) + (kind == EntryKind.Income ? yuan : -yuan);
            switch (kind)
            {
                case EntryKind.Income:
                    var source = fund == Fund.Other ? IncomeSource.Other : IncomeSource.FiscalAppropriation;
                    group.Income(Units[payer], yuan, source, function: function, fund: fund);
                    break;
                case EntryKind.Spending:
                    group.Spend(Units[payer], yuan, function: function, fund: fund);
                    break;
                default:
                    left[(Units[receiver], fund)] = left.GetValueOrDefault((Units[receiver], fund)) + yuan;
                    group = transfers ? group.Transfer(kind == EntryKind.Subsidy ? Transfer.Subsidy : Transfer.Remittance, Units[payer], Units[receiver], yuan) : group;
                    break;
            }
        }

        foreach (var unit in Units)
        {
            group.Add(unit, new CarryOverDetermined(new(2024, 12, 31),
                [.. left.Where(l => l.Key.Item1 == unit).Select(l => new BalanceLine(null, l.Key.Item2, null, null, new(l.Value * 100)))]));
        }

        return group;
    }

    private enum EntryKind
    {
        Income,
        Spending,
        Subsidy,
        Remittance,
    }

    private sealed record Entry(EntryKind Kind, int Payer, int Receiver, int Yuan, Fund Fund, string Function);
}
