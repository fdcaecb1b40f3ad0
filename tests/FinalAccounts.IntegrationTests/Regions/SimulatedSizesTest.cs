using FinalAccounts.Regions.Simulation;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Regions;

/// <summary>A few large departments and many small ones, together as many postings as wanted.</summary>
public sealed class SimulatedSizesTest
{
    [Theory]
    [InlineData(1_000, 2_000)]
    [InlineData(7, 3)]
    [InlineData(1, 500)]
    [InlineData(100, 0)]
    public void The_mean_is_what_was_wanted_to_the_posting(int departments, int mean)
    {
        var sizes = SimulatedSizes.Of(departments, mean, seed: 1);

        sizes.Count.ShouldBe(departments);
        sizes.Sum().ShouldBe(departments * mean);
        sizes.ShouldAllBe(size => size >= 0);
    }

    [Fact]
    public void Of_a_thousand_the_largest_has_many_times_the_mean_and_half_have_less_than_half_of_it()
    {
        var sizes = SimulatedSizes.Of(1_000, 2_000, seed: 1).Order().ToList();

        sizes[^1].ShouldBeInRange(20_000, 60_000);
        sizes[500].ShouldBeInRange(500, 1_000);
        sizes[0].ShouldBeInRange(300, 600);
        sizes.TakeLast(50).Sum().ShouldBeInRange(500_000, 1_000_000);
    }

    [Fact]
    public void The_seed_decides_which_department_is_large()
    {
        var first = SimulatedSizes.Of(100, 50, seed: 1);

        SimulatedSizes.Of(100, 50, seed: 1).ShouldBe(first);
        var other = SimulatedSizes.Of(100, 50, seed: 2);
        other.ShouldNotBe(first);
        other.Order().ShouldBe(first.Order());
    }

    [Fact]
    public void Beyond_the_limits_nothing_is_made_up()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => SimulatedSizes.Of(0, 1, seed: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => SimulatedSizes.Of(Simulation.DepartmentsLimit + 1, 1, seed: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => SimulatedSizes.Of(1, Simulation.PostingsLimit + 1, seed: 1));
    }
}
