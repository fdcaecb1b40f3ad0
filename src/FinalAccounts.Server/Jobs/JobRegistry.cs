using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Server.Jobs;

/// <summary>How far a job has come.</summary>
public enum JobState
{
    Waiting,
    Running,
    Done,

    /// <summary>It was refused, or went wrong; the problem says why.</summary>
    Failed,
}

/// <summary>Long work that goes on when the request that asked for it is over.</summary>
/// <param name="Actor">Who asked for it.</param>
/// <param name="Kind">What it does: <c>import</c>, <c>replay</c>, <c>verification</c>.</param>
/// <param name="Done">How much is done, in the unit of the work; 0 at the start.</param>
/// <param name="Total">How much there is to do; null while that is not known.</param>
/// <param name="Step">What is being done now: a name of the work's own.</param>
/// <param name="Rate">Items of the step (rows, entries, events) a second; null while that is not known.</param>
/// <param name="Result">What came of it; null until it is done.</param>
/// <param name="Error">What went wrong; null unless it failed.</param>
public sealed record Job(
    Guid Id,
    RegionCode Region,
    string Actor,
    string Kind,
    Instant StartedAt,
    JobState State,
    long Done = 0,
    long? Total = null,
    string? Step = null,
    long? Rate = null,
    object? Result = null,
    Exception? Error = null)
{
    public bool IsOver => State is JobState.Done or JobState.Failed;

    /// <summary>How much of the step is done, in whole percent; null while that is not known.</summary>
    public int? Percent => Total is > 0 and var total ? (int)(Math.Min(Done, total) * 100 / total) : null;
}

/// <summary>There are as many jobs as may be; try again later.</summary>
public sealed class TooManyJobsException() : Exception("There are too many jobs.");

/// <summary>
/// The jobs of this process. They are not kept over a restart: what they do is either recorded in the log or can be done again. Imports
/// are taken up again by <see cref="Imports.ImportJobs"/>.
/// </summary>
public sealed partial class JobRegistry(IClock clock, IHostApplicationLifetime lifetime, ILogger<JobRegistry> logger)
{
    /// <summary>Most jobs that are known, running or over; the oldest that are over are forgotten.</summary>
    public const int Known = 200;

    /// <summary>Most jobs that run or wait.</summary>
    public const int Unfinished = 20;

    /// <summary>Most jobs that run at a time; the others wait.</summary>
    public const int Running = 2;

    private readonly Lock starting = new();
    private readonly ConcurrentDictionary<Guid, Entry> jobs = [];
    private readonly SemaphoreSlim slots = new(Running);

    /// <summary>Starts a job.</summary>
    /// <param name="work">Told how to say how far it is; what it returns is the result.</param>
    /// <param name="id">Its id; null for a new one.</param>
    /// <param name="isPromised">True for one that was accepted before a restart: it waits, however many others there are.</param>
    /// <exception cref="TooManyJobsException">There are as many as may be.</exception>
    public Job Start(
        RegionCode region, string actor, string kind, Func<JobProgress, CancellationToken, Task<object>> work, Guid? id = null, bool isPromised = false)
    {
        var entry = new Entry(new(id ?? Guid.CreateVersion7(), region, actor, kind, clock.GetCurrentInstant(), JobState.Waiting));
        lock (starting)
        {
            if (!isPromised && jobs.Values.Count(e => !e.Job.IsOver) >= Unfinished)
            {
                throw new TooManyJobsException();
            }

            foreach (var old in jobs.Values.Where(e => e.Job.IsOver).OrderByDescending(e => e.Job.StartedAt).Skip(Known - Unfinished))
            {
                jobs.TryRemove(old.Job.Id, out _);
            }

            jobs[entry.Job.Id] = entry;
        }

        _ = Task.Run(() => RunAsync(entry, work, lifetime.ApplicationStopping));
        return entry.Job;
    }

    /// <returns>Null when there is none, or it is forgotten.</returns>
    public Job? Find(Guid id) => jobs.GetValueOrDefault(id)?.Job;

    /// <summary>The jobs of a region, the newest first.</summary>
    public IReadOnlyList<Job> Of(RegionCode region) =>
        [.. jobs.Values.Select(e => e.Job).Where(j => j.Region == region).OrderByDescending(j => j.StartedAt)];

    /// <summary>A job as it is, and again whenever it has moved on, until it is over. A slow reader misses steps, never the end.</summary>
    public async IAsyncEnumerable<Job> FollowAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (jobs.GetValueOrDefault(id) is not { } entry)
        {
            yield break;
        }

        while (true)
        {
            var (job, moved) = entry.Now;
            yield return job;
            if (job.IsOver)
            {
                yield break;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }

    private async Task RunAsync(Entry entry, Func<JobProgress, CancellationToken, Task<object>> work, CancellationToken cancellationToken)
    {
        try
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                entry.Change(j => j with { State = JobState.Running });
                var result = await work(new(entry.Change, clock), cancellationToken);
                entry.Change(j => j with { State = JobState.Done, Result = result });
            }
            finally
            {
                slots.Release();
            }
        }
        catch (Exception e)
        {
            entry.Change(j => j with { State = JobState.Failed, Error = e });
            Failed(entry.Job.Kind, entry.Job.Region, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "The {Kind} of {Region} ends without a result")]
    private partial void Failed(string kind, RegionCode region, Exception exception);

    private sealed class Entry(Job job)
    {
        private readonly Lock changing = new();
        private Job job = job;
        private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Job Job => Now.Job;

        public (Job Job, Task Moved) Now
        {
            get
            {
                lock (changing)
                {
                    return (job, moved.Task);
                }
            }
        }

        public void Change(Func<Job, Job> change)
        {
            TaskCompletionSource before;
            lock (changing)
            {
                job = change(job);
                before = moved;
                moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            before.SetResult();
        }
    }
}

/// <summary>Says how far a job is.</summary>
public sealed class JobProgress : IProgress<ImportProgress>
{
    private readonly Action<Func<Job, Job>> change;
    private readonly IClock clock;
    private Instant stepStartedAt;
    private string? step;

    internal JobProgress(Action<Func<Job, Job>> change, IClock clock)
    {
        this.change = change;
        this.clock = clock;
    }

    /// <summary>A step of the work begins.</summary>
    public void Step(string name) => change(job => job with { Step = name });

    /// <summary>So much is done.</summary>
    public void Report(long done, long? total) => change(job => job with { Done = done, Total = total ?? job.Total });

    /// <summary>So far is an import.</summary>
    public void Report(ImportProgress value)
    {
        var now = clock.GetCurrentInstant();
        var name = value.Step.ToString().ToLowerInvariant();
        if (step != name)
        {
            (step, stepStartedAt) = (name, now);
        }

        var milliseconds = (long)(now - stepStartedAt).TotalMilliseconds;
        var rate = milliseconds > 0 ? value.Items * 1_000 / milliseconds : (long?)null;
        change(job => job with { Step = name, Done = value.Done, Total = value.Total, Rate = rate });
    }
}
