using System.Diagnostics;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Import;
using FinalAccounts.Regions;
using Spectre.Console;

namespace FinalAccounts.Cli;

/// <summary>
/// Shows how far an import or export is, with its rate and the time that is left: bars in a terminal; elsewhere a line now and then on the
/// standard error, where it disturbs no output.
/// </summary>
internal static class ImportDisplay
{
    public static Task<T> RunAsync<T>(Session session, Func<IProgress<ImportProgress>, Task<T>> work) =>
        RunAsync(session, display => work(new Shown<ImportProgress>(display, p => new($"ImportStep{p.Step}", p.Done, p.Total, p.Items))));

    public static Task<T> RunAsync<T>(Session session, Func<IProgress<LogFileProgress>, Task<T>> work) =>
        RunAsync(session, display => work(new Shown<LogFileProgress>(display, p => new($"LogFileStep{p.Step}", p.Done, p.Total, p.Items))));

    private static async Task<T> RunAsync<T>(Session session, Func<IProgress<StepProgress>, Task<T>> work)
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

    /// <summary>How far a step is.</summary>
    /// <param name="Name">Of the text that names it and has its rate.</param>
    private readonly record struct StepProgress(string Name, long Done, long Total, long Items);

    private sealed class Shown<T>(IProgress<StepProgress> display, Func<T, StepProgress> of) : IProgress<T>
    {
        public void Report(T value) => display.Report(of(value));
    }

    /// <summary>Since when a step is under way.</summary>
    private sealed class StepClock
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private string? step;
        private long startedAt;

        /// <returns>Items a second; 0 while nothing can be said.</returns>
        public long RateOf(StepProgress progress)
        {
            if (step != progress.Name)
            {
                (step, startedAt) = (progress.Name, clock.ElapsedMilliseconds);
            }

            var elapsed = clock.ElapsedMilliseconds - startedAt;
            return elapsed > 0 ? progress.Items * 1_000 / elapsed : 0;
        }

        /// <summary>The seconds that the rest of the step takes at the rate so far.</summary>
        public long SecondsLeft(StepProgress progress) =>
            progress.Done > 0 ? (clock.ElapsedMilliseconds - startedAt) * (progress.Total - progress.Done) / progress.Done / 1_000 : 0;
    }

    private sealed class Bars(ProgressContext display, Words words) : IProgress<StepProgress>
    {
        private readonly Dictionary<string, ProgressTask> bars = [];
        private readonly StepClock clock = new();

        public void Report(StepProgress value)
        {
            var description = Markup.Escape(words[value.Name, clock.RateOf(value)]);
            if (!bars.TryGetValue(value.Name, out var bar))
            {
                bars[value.Name] = bar = display.AddTask(description, maxValue: Math.Max(value.Total, 1));
            }

            (bar.Description, bar.Value) = (description, value.Done);
        }
    }

    private sealed class Lines(Words words) : IProgress<StepProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

        private readonly StepClock clock = new();
        private readonly Stopwatch sinceLine = Stopwatch.StartNew();

        public void Report(StepProgress value)
        {
            var rate = clock.RateOf(value);
            if (sinceLine.Elapsed >= Interval)
            {
                sinceLine.Restart();
                var percent = value.Total > 0 ? value.Done * 100 / value.Total : 100;
                Console.Error.WriteLine(words["ImportProgress", words[value.Name, rate], percent, clock.SecondsLeft(value)]);
            }
        }
    }
}
