using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.UnitTests.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Comparisons;

public class MoversTest
{
    private static readonly Books This = new Books().Spend(Running, Wages, 1_200).Spend(Housing, "30113", 50)
        .Add(new ExpenditurePosted(new(2024, 5, 2), "记9", "稽核", [new(
            new(Running), new(Office), Fund.GeneralPublicBudget, SpendingKind.Project, "稽核", IncomeSource.FiscalAppropriation, Yuan(30))]));

    private static readonly ReportBooks Both = new(This.Fold(), YearBooks.From(
        new(2023), new Books(2023).Spend(Running, Wages, 1_000).Spend("2080199", Office, 90).Recorded().Select(e => e with { Position = e.Position + 1000 })));

    [Fact]
    public void The_largest_difference_comes_first_and_what_is_no_more_is_there_too() =>
        // 1230 - 1000, 0 - 90, 50 - 0.
        Of(Both, ChangeAspect.Item).Select(m => (m.Key, m.Name, Fen(m.Value), Fen(m.Prior), Fen(m.Difference))).ShouldBe(
        [
            (Running, "行政运行", 1_230_00, 1_000_00, 230_00),
            ("2080199", "其他人力资源和社会保障管理事务支出", 0, 90_00, -90_00),
            (Housing, "住房公积金", 50_00, 0, 50_00),
        ]);

    [Fact]
    public void A_rate_has_a_sign_and_growth_from_nothing_has_none() =>
        Of(Both, ChangeAspect.Item).Select(m => m.Rate).ShouldBe([new Ratio(230_00, 1_000_00), new Ratio(-90_00, 90_00), null]);

    [Fact]
    public void Economic_items_and_projects_move_too()
    {
        Of(Both, ChangeAspect.Economic).Select(m => (m.Key, Fen(m.Difference))).ShouldBe([("30101", 200_00), ("30201", -60_00), ("30113", 50_00)]);
        Of(Both, ChangeAspect.Project).Select(m => (m.Key, m.Name, Fen(m.Difference))).ShouldBe([("稽核", "稽核", 30_00)]);
    }

    [Fact]
    public void What_is_not_known_of_last_year_is_not_zero()
    {
        // Imported: one item that goes on, and one that is no more.
        ReportBooks books = new(new Books().Spend(Running, Wages, 1_200).Spend(Housing, "30113", 50)
            .Comparatives(("支出合计/2080101", 1_000), ("支出合计/2080199", 90), ("支出合计", 1_200)).Fold(), null);

        Of(books, ChangeAspect.Item).Select(m => (m.Key, Fen(m.Value), Fen(m.Prior), Fen(m.Difference))).ShouldBe(
            [(Running, 1_200_00, 1_000_00, 200_00), ("2080199", 0, 90_00, -90_00), (Housing, 50_00, null, null)]);
        Of(books, ChangeAspect.Item)[^1].Rate.ShouldBeNull();
        Of(books, ChangeAspect.Economic).ShouldAllBe(m => m.Prior == null);
    }

    [Fact]
    public void There_are_as_many_as_are_asked_for()
    {
        Movers.Of(Movers.Spending(Pack), ChangeAspect.Item, Both, Pack, 2).Count.ShouldBe(2);
        Should.Throw<ArgumentOutOfRangeException>(() => Movers.Of(Movers.Spending(Pack), ChangeAspect.Item, Both, Pack, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Movers.Of(Movers.Spending(Pack), ChangeAspect.Item, Both, Pack, Movers.Most + 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Movers.Of(Movers.Spending(Pack), ChangeAspect.Event, Both, Pack, 1));
    }

    private static IReadOnlyList<Mover> Of(ReportBooks books, ChangeAspect aspect) => Movers.Of(Movers.Spending(Pack), aspect, books, Pack, Movers.Most);

    private static long? Fen(Int128? amount) => (long?)amount;
}
