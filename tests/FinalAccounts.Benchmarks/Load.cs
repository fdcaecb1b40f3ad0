using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;

namespace FinalAccounts.Benchmarks;

/// <summary>Callers that do something again and again for a while.</summary>
internal static class Load
{
    /// <summary>Runs the callers at the same time.</summary>
    /// <returns>What was done a second, with the time that each call took.</returns>
    public static async Task<Measured> RunAsync(int callers, TimeSpan turn, Func<Caller, Task> call)
    {
        var all = Enumerable.Range(0, callers).Select(number => new Caller(number, Stopwatch.GetTimestamp(), turn)).ToList();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(all.Select(caller => Task.Run(() => call(caller))));
        return new(
            Bench.PerSecond(all.Sum(c => c.Count), start),
            [.. all.SelectMany(c => c.Ticks).Order().Select(ticks => ticks * 1000d / Stopwatch.Frequency)]);
    }

    /// <summary>One caller.</summary>
    /// <param name="start">When the turn began.</param>
    internal sealed class Caller(int number, long start, TimeSpan turn)
    {
        private long began;

        public int Number => number;

        /// <summary>Events that were acknowledged.</summary>
        public long Count { get; private set; }

        /// <summary>The time that each call took, in ticks of the stopwatch.</summary>
        public List<long> Ticks { get; } = new(4096);

        /// <summary>A number that goes up by call, and that starts elsewhere for each caller.</summary>
        public int Next => ((number * 9973) + Ticks.Count) & int.MaxValue;

        /// <summary>True while the turn lasts; the next call begins.</summary>
        public bool Goes
        {
            get
            {
                began = Stopwatch.GetTimestamp();
                return Stopwatch.GetElapsedTime(start, began) < turn;
            }
        }

        /// <summary>The call is over.</summary>
        public void Done(int events)
        {
            Ticks.Add(Stopwatch.GetTimestamp() - began);
            Count += events;
        }
    }
}
