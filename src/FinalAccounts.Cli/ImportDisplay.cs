using System.Diagnostics;
using FinalAccounts.Import;
using FinalAccounts.Regions;
using Spectre.Console;

namespace FinalAccounts.Cli;

/// <summary>
/// Shows how far an import is, with its rate and the time that is left: bars in a terminal; elsewhere a line now and then on the
/// standard error, where it disturbs no output.
/// </summary>
internal static class ImportDisplay
{
    public static async Task<T> RunAsync<T>(Session session, Func<IProgress<ImportProgress>, Task<T>> work)
    {
        if (session.IsJson || Console.IsOutputRedirected || !session.Terminal.Profile.Capabilities.Interactive)
        {
            return await work(new Lines(session.Words));
        }

        T result = default!;
        await session.Terminal.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async display => result = await work(new Bars(display, session.Words)));
        return result;
    }

    /// <summary>Since when a step is under way.</summary>
    private sealed class StepClock
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private ImportStep? step;
        private long startedAt;

        /// <returns>Items a second; 0 while nothing can be said.</returns>
        public long RateOf(ImportProgress progress)
        {
            if (step != progress.Step)
            {
                (step, startedAt) = (progress.Step, clock.ElapsedMilliseconds);
            }

            var elapsed = clock.ElapsedMilliseconds - startedAt;
            return elapsed > 0 ? progress.Items * 1_000 / elapsed : 0;
        }

        /// <summary>The seconds that the rest of the step takes at the rate so far.</summary>
        public long SecondsLeft(ImportProgress progress) =>
            progress.Done > 0 ? (clock.ElapsedMilliseconds - startedAt) * (progress.Total - progress.Done) / progress.Done / 1_000 : 0;
    }

    private sealed class Bars(ProgressContext display, Words words) : IProgress<ImportProgress>
    {
        private readonly Dictionary<ImportStep, ProgressTask> bars = [];
        private readonly StepClock clock = new();

        public void Report(ImportProgress value)
        {
            var rate = clock.RateOf(value);
            if (!bars.TryGetValue(value.Step, out var bar))
            {
                bars[value.Step] = bar = display.AddTask("", maxValue: Math.Max(value.Total, 1));
            }

            bar.Description = Markup.Escape(words[$"ImportStep{value.Step}", rate]);
            bar.Value = value.Done;
        }
    }

    private sealed class Lines(Words words) : IProgress<ImportProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

        private readonly StepClock clock = new();
        private readonly Stopwatch sinceLine = Stopwatch.StartNew();

        public void Report(ImportProgress value)
        {
            var rate = clock.RateOf(value);
            if (sinceLine.Elapsed >= Interval)
            {
                sinceLine.Restart();
                var percent = value.Total > 0 ? value.Done * 100 / value.Total : 100;
                Console.Error.WriteLine(words["ImportProgress", words[$"ImportStep{value.Step}", rate], percent, clock.SecondsLeft(value)]);
            }
        }
    }
}
