using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>The tables that are derived from the log: how far they are behind while events keep coming, and how fast they are built anew.</summary>
internal sealed class ProjectionBenchmark(Bench bench)
{
    private const int EventsPerSecond = 20_000;

    /// <summary>A little faster than the goal, so that what is late at the end does not miss it.</summary>
    private const int PacedPerSecond = EventsPerSecond + (EventsPerSecond / 100);

    private const int Callers = 64;
    private const int DepartmentsPerCaller = 4;
    private const int Departments = 500;
    private const int Postings = 2_000;

    /// <summary>At least so many of other event stores are read for the same.</summary>
    internal const int Messages = 200_000;

    private const int MessagesPerPage = 10_000;
    private const string Category = "year";
    private const int TakeOvers = 10;
    private static readonly RegionCode Paced = new("999992");
    private static readonly RegionCode Built = new("999993");
    private static readonly RegionCode Led = new("999994");
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(4);

    public async Task RunAsync()
    {
        await RebuildAsync();
        await FollowAsync(bench.IsLong ? TimeSpan.FromMinutes(5) : bench.Turn < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(4) : TimeSpan.FromSeconds(20));
        await TakeOverAsync();
    }

    /// <summary>The whole log into tables beside those that are read, and the switch-over.</summary>
    private async Task RebuildAsync()
    {
        const string copy = "COPY … TO STDOUT of the log, dropped";
        const string category = "Message DB, get_category_messages, rows dropped";
        await SimulatedEvents.RenewAsync(bench.DataSource, Built);
        await using var log = new PostgresEventLog(bench.DataSource, Built, SystemClock.Instance);
        var simulation = new Simulation(SimulatedEvents.Year, FormPack.Load("hunan-2024")!, [.. Enumerable.Repeat(Postings, Departments)], seed: 4);
        var head = (await simulation.AppendAsync(log, progress: null, default)).Position;
        await bench.SettleAsync(Built);
        var projector = new Projector(new(() => bench.DataSource, log, Built, SystemClock.Instance));
        await projector.CatchUpAsync(default);
        if (bench.MessageDb is { } messageDb)
        {
            var year = await SimulatedEvents.YearAsync(bench.DataSource, Messages / 10);
            for (var filled = 0; filled < Messages; filled += year.Count)
            {
                await messageDb.FillAsync($"{Category}-{filled}", year);
            }
        }

        await bench.CompareAsync(
            Titles.Rebuild,
            Unit.EventsPerSecond,
            [
                new(Contestant.Ours, () => TimeAsync(async () =>
                {
                    await projector.RebuildAsync(default);
                    return head;
                }), $"{Departments} departments with {Postings:#,0} postings each"),
                new(copy, () => TimeAsync(async () =>
                {
                    await CopyOutAsync();
                    return head;
                })),
                bench.WithMessageDb(category, m => TimeAsync(() => m.ReadCategoryAsync(Category, MessagesPerPage))),
                bench.WithMarten("Marten, the daemon's rebuild", "four sums of each year, by the server's fold", MartenWork.Rebuild),
            ],
            [Goal.Reach(400_000, Unit.EventsPerSecond)]);
        await SimulatedEvents.DropAsync(bench.DataSource, Built);
        if (bench.MessageDb is { } filledUp)
        {
            await filledUp.EmptyAsync();
        }
    }

    private static async Task<Measured> TimeAsync(Func<Task<long>> read)
    {
        var start = Stopwatch.GetTimestamp();
        return Bench.PerSecond(await read(), start);
    }

    private async Task CopyOutAsync()
    {
        await using var connection = await bench.DataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy (select * from {LogSchema.NameOf(Built)}.events order by position) to stdout (format binary)");
        var buffer = new byte[1 << 20];
        while (await copy.ReadAsync(buffer, default) > 0)
        {
        }
    }

    /// <summary>Single events at a steady pace, and how long after its acknowledgement each is in the tables.</summary>
    private async Task FollowAsync(TimeSpan duration)
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, Paced);
        var events = await SimulatedEvents.PostingsAsync(bench.DataSource, Postings);
        await using var log = new PostgresEventLog(bench.DataSource, Paced, SystemClock.Instance);
        using var over = new CancellationTokenSource();
        var projecting = new Projector(new(() => bench.DataSource, log, Paced, SystemClock.Instance, Failed: Fail)).RunAsync(over.Token);

        // What is learned once is learned before: connections, plans, keys.
        await AppendAsync(log, events, TimeSpan.FromSeconds(Math.Min(2, duration.TotalSeconds / 4)));
        await WatchAsync((await log.ReadHeadAsync(default)).Position, null);

        var seen = new List<(long Position, long At)>();
        var last = new TaskCompletionSource<long>();
        var watching = WatchAsync(null, seen, last.Task);
        var (acknowledged, rate) = await AppendAsync(log, events, duration);
        last.SetResult(acknowledged[^1].Position);
        await watching;
        await over.CancelAsync();
        await projecting;

        var lags = LagsOf(acknowledged, seen);
        bench.Note(
            Titles.Paced, Unit.EventsPerSecond, rate,
            $"asked for {PacedPerSecond:#,0} for {duration.TotalSeconds:0} s, {Callers * DepartmentsPerCaller} departments, {Callers} callers", Goal.Reach(EventsPerSecond, Unit.EventsPerSecond));
        bench.Note("from acknowledged to visible in the tables, p50", Unit.Milliseconds, Statistics.Percentile(lags, 50));
        bench.Note("from acknowledged to visible in the tables, p99", Unit.Milliseconds, Statistics.Percentile(lags, 99), null, Goal.Reach(200, Unit.Milliseconds));
        bench.Note("from acknowledged to visible in the tables, longest", Unit.Milliseconds, lags[^1]);
        await SimulatedEvents.DropAsync(bench.DataSource, Paced);

        void Fail(Exception e) => Console.WriteLine($"  the projector failed: {e.Message}");
    }

    /// <summary>The process whose projector leads is killed, and how long after that another has the next event in the tables.</summary>
    private async Task TakeOverAsync()
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, Led);
        var posting = (await SimulatedEvents.PostingsAsync(bench.DataSource, 1))[0];
        await using var log = new PostgresEventLog(bench.DataSource, Led, SystemClock.Instance);
        var reader = new ProjectionReader(bench.DataSource, Led);
        var took = new List<double>();
        for (var n = 0; n < TakeOvers; n++)
        {
            using var leader = StartProjecting();
            using var over = new CancellationTokenSource();
            try
            {
                await PostedAsync(2 * n);
                var standing = new Projector(new(() => bench.DataSource, log, Led, SystemClock.Instance)).RunAsync(over.Token);
                leader.Kill();
                var since = Stopwatch.GetTimestamp();
                await PostedAsync((2 * n) + 1);
                took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                await over.CancelAsync();
                await standing;
            }
            finally
            {
                leader.Kill();
            }
        }

        bench.Note(
            "from SIGKILL of the leading process to the next event in the tables, longest", Unit.Milliseconds, took.Max(), $"of {TakeOvers}", Goal.Reach(5_000, Unit.Milliseconds));
        await SimulatedEvents.DropAsync(bench.DataSource, Led);

        async Task PostedAsync(int version)
        {
            var stored = await log.AppendAsync(
                new(CommandId.Next(), "benchmark", [new(Streams.Year(new("100000"), SimulatedEvents.Year), version, [posting])]), default);
            if (!await reader.WaitForAsync(stored.LastPosition, TimeSpan.FromMinutes(1), default))
            {
                throw new InvalidOperationException("Nobody has taken over within a minute.");
            }
        }

        Process StartProjecting() => Process.Start(
            new ProcessStartInfo("dotnet", ["exec", BuiltProgram.Find("tests/FinalAccounts.LogWriter", "FinalAccounts.LogWriter.dll"), "project", Led.ToString()])
            {
                Environment = { ["FINALACCOUNTS_DATABASE"] = bench.ConnectionString },
            })!;
    }

    /// <summary>Appends at the pace, as far as the log keeps up.</summary>
    /// <returns>When each event was acknowledged, by position, and how many there were a second.</returns>
    private static async Task<(IReadOnlyList<(long Position, long At)> Acknowledged, double Rate)> AppendAsync(
        PostgresEventLog log, IReadOnlyList<NewEvent> events, TimeSpan duration)
    {
        using var due = new SemaphoreSlim(0);
        var all = (int)(PacedPerSecond * duration.TotalSeconds);
        var taken = 0;
        var versions = (await log.ListStreamsAsync("year/", default)).ToDictionary(s => s.Stream, s => s.Version);
        var start = Stopwatch.GetTimestamp();
        var calling = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var streams = Enumerable.Range(0, DepartmentsPerCaller)
                .Select(d => Streams.Year(new($"{100_000 + (caller * DepartmentsPerCaller) + d}"), SimulatedEvents.Year))
                .Select(s => (Name: s, Version: versions.GetValueOrDefault(s))).ToArray();
            var acknowledged = new List<(long Position, long At)>((all / Callers) + 1);
            for (int n; (n = Interlocked.Increment(ref taken)) <= all;)
            {
                await due.WaitAsync();
                ref var stream = ref streams[acknowledged.Count % DepartmentsPerCaller];
                var request = new AppendRequest(CommandId.Next(), "benchmark", [new(stream.Name, stream.Version++, [events[n % events.Count]])]);
                var stored = await log.AppendAsync(request, default);
                acknowledged.Add((stored.LastPosition, Stopwatch.GetTimestamp()));
            }

            return acknowledged;
        })).ToList();
        using var timer = new PeriodicTimer(Pace);
        for (var released = 0; released < all;)
        {
            await timer.WaitForNextTickAsync();
            var now = Math.Min(all, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * PacedPerSecond));
            if (now > released)
            {
                due.Release(now - released);
                released = now;
            }
        }

        var lists = await Task.WhenAll(calling);
        return ([.. lists.SelectMany(l => l).OrderBy(a => a.Position)], Bench.PerSecond(all, start));
    }

    /// <summary>Looks at the tables' position, as a reader of the tables sees it, until a position is reached.</summary>
    private async Task WatchAsync(long? until, List<(long Position, long At)>? seen, Task<long>? untilLater = null)
    {
        await using var connection = await bench.DataSource.OpenConnectionAsync();
        await using var look = new NpgsqlCommand($"select position from {LogSchema.NameOf(Paced)}.projections where is_live", connection);
        await look.PrepareAsync();
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync())
        {
            var position = await look.ExecuteScalarAsync() is long p ? p : 0;
            seen?.Add((position, Stopwatch.GetTimestamp()));
            if (position >= (until ?? (untilLater is { IsCompletedSuccessfully: true } ? untilLater.Result : long.MaxValue)))
            {
                return;
            }
        }
    }

    /// <returns>Milliseconds, in ascending order.</returns>
    private static List<double> LagsOf(IReadOnlyList<(long Position, long At)> acknowledged, IReadOnlyList<(long Position, long At)> seen)
    {
        var lags = new List<double>(acknowledged.Count);
        var look = 0;
        foreach (var (position, at) in acknowledged)
        {
            while (seen[look].Position < position)
            {
                look++;
            }

            // Others may see an event before whoever appended it has its answer.
            lags.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, seen[look].At).TotalMilliseconds));
        }

        lags.Sort();
        return lags;
    }
}
