using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Rollups;

public class RollupMoverTest
{
    [Fact]
    public void The_largest_difference_comes_first_and_what_is_unknown_comes_last() =>
        RollupMover.Largest([Of("a", 100, 100, 90), Of("b", 500, 0, null), Of("c", 10, 10, 200), Of("d", 0, 0, 0), Of("e", 900, 0, null)], 10)
            .Select(m => m.Key).ShouldBe(["c", "a", "e", "b"]);

    [Fact]
    public void Only_so_many_are_taken() =>
        RollupMover.Largest([Of("a", 100, 100, 90), Of("b", 500, 500, 1)], 1).Select(m => m.Key).ShouldBe(["b"]);

    [Fact]
    public void What_is_not_known_of_last_year_is_compared_with_nothing()
    {
        // 30 of the 130 belong to departments whose last year nobody knows.
        var mover = Of("a", 130, 100, 80);

        (mover.Difference, mover.Unknown, mover.Rate).ShouldBe(((Int128?)20, (Int128)30, new Ratio(20, 80)));
        (Of("b", 5, 0, null).Difference, Of("b", 5, 0, null).Rate).ShouldBe((null, null));
    }

    [Fact]
    public void Growth_from_nothing_has_no_rate() => (Of("a", 5, 5, 0).Difference, Of("a", 5, 5, 0).Rate).ShouldBe(((Int128?)5, null));

    private static RollupMover Of(string key, Int128 value, Int128 comparable, Int128? prior) => new(key, null, value, comparable, prior);
}
