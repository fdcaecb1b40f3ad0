using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Consolidation.Group;

namespace FinalAccounts.UnitTests.Consolidation;

/// <summary>A consolidated figure by unit: what each has booked, what is eliminated against whom, and what is left.</summary>
public class ExplainingUnitsTest
{
    private static readonly ReportBooks Books = new(
        new Group().Income(Bureau, 100).Income(Centre, 50).Transfer(Transfer.Subsidy, Bureau, Centre, 30).Transfer(Transfer.Remittance, School, Bureau, 5)
            .Spend(Centre, 80).Consolidate().Books, null);

    [Fact]
    public void Each_unit_stands_with_its_amount_its_eliminations_and_its_events()
    {
        var sum = Explain("公开01/27/金额");

        sum.Total.ShouldBe(150_00);
        sum.Units.Select(u => (u.Unit, u.Amount, u.Total)).ShouldBe([(Bureau, (Int128)105_00, (Int128)100_00), (Centre, 80_00, 50_00)]);
        sum.Units[0].Eliminations.ShouldBe([new(Transfer.Remittance, School, -5_00)]);
        sum.Units[1].Eliminations.ShouldBe([new(Transfer.Subsidy, Bureau, -30_00)]);
        sum.Units[0].Events.Select(e => (e.Amount, e.RunningTotal)).ShouldBe([((Int128)100_00, (Int128)100_00), (5_00, 105_00)]);
    }

    [Fact]
    public void What_is_eliminated_altogether_still_shows_both_sides()
    {
        var paid = Explain("公开03/合计/对附属单位补助支出").Units.ShouldHaveSingleItem();
        (paid.Unit, paid.Amount, paid.Total).ShouldBe((Bureau, (Int128)30_00, (Int128)0));
        paid.Eliminations.ShouldBe([new(Transfer.Subsidy, Centre, -30_00)]);
    }

    [Fact]
    public void A_figure_of_one_unit_has_no_units()
    {
        ReportBooks own = new(new Group().Income(Bureau, 100).Books(Bureau)[0].Books, null);
        ExplainedSum.Of(Document(own.Current).Figures.Single(f => f.Address == "公开01/27/金额").Query.Sums.Single(), own).Units.ShouldBeEmpty();
    }

    private static ExplainedSum Explain(string address) =>
        ExplainedSum.Of(Document(Books.Current).Figures.Single(f => f.Address == address).Query.Sums.Single(), Books);
}
