using FinalAccounts.CritterStack;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

public sealed class ChainOrderTest
{
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();
    private static readonly Guid Three = Guid.NewGuid();

    [Fact]
    public void Events_of_a_command_stay_together() => Order(new(1, "a", 1, One), new(2, "b", 1, Two), new(3, "a", 2, One)).ShouldBe([1, 3, 2]);

    [Fact]
    public void A_stream_goes_in_the_order_of_its_versions_whatever_numbers_its_events_have() =>
        Order(new(1, "a", 2, One), new(2, "b", 1, Two), new(3, "a", 1, Three)).ShouldBe([2, 3, 1]);

    [Fact]
    public void A_command_waits_for_all_of_its_streams() =>
        Order(new(1, "a", 2, One), new(2, "b", 2, One), new(3, "b", 1, Two), new(4, "a", 1, Three)).ShouldBe([3, 4, 1, 2]);

    private static IEnumerable<long> Order(params UnchainedEvent[] events) => ChainOrder.Of(events).Select(e => e.Sequence);
}
