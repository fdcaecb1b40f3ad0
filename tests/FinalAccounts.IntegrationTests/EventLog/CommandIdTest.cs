using System.Diagnostics;
using FinalAccounts.EventLog;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

public sealed class CommandIdTest
{
    [Fact]
    public void Ids_are_of_version_7_and_grow_within_a_millisecond()
    {
        var before = CommandId.Next();
        before.Version.ShouldBe(7);
        before.Variant.ShouldBeInRange(8, 11);
        for (var i = 0; i < 1_000; i++)
        {
            Spin();
            var next = CommandId.Next();
            (next > before).ShouldBeTrue($"{next} was made after {before}.");
            before = next;
        }
    }

    /// <summary>Until the fraction of the millisecond is another one.</summary>
    private static void Spin()
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < TimeSpan.FromMicroseconds(1);)
        {
        }
    }
}
