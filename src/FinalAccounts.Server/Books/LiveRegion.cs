using System.Collections.Concurrent;
using System.Collections.Immutable;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;

namespace FinalAccounts.Server.Books;

/// <summary>
/// A region as the server sees it: it knows where every stream stands, and keeps what was read and built for as long as it holds and
/// there is room. It begins with what the projection's tables say and follows the log from there, so that a start does not read the log
/// and nothing that is seen is older than the log. What others record is seen within a fifth of a second; who has recorded something
/// himself waits for its position.
/// </summary>
public sealed class LiveRegion : IRegionBooks
{
    /// <summary>As many events are taken from the log one by one in a second or so; with more to take, the tables are read instead.</summary>
    private const long FarBehind = 50_000;

    /// <summary>How often it is looked whether the tables have come near the log, while they are first built.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the tables are waited for; then the log is read, however long that takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly BooksCache cache;
    private readonly ConcurrentDictionary<DepartmentCode, Department> departments = [];
    private readonly ConcurrentDictionary<(DepartmentCode Department, FiscalYear Year), YearOverview> years = [];
    private readonly ConcurrentDictionary<string, long> versions = [];
    private readonly ConcurrentDictionary<YearQuery, (string Tag, YearFindings? Findings)> findings = [];
    private ImmutableList<MemberList> memberLists = [];
    private volatile Seal head;
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LiveRegion(RegionLog log, Seal genesis, BooksCache cache)
    {
        Log = log;
        head = genesis;
        this.cache = cache;
    }

    /// <summary>The region's log, for what is decided and recorded.</summary>
    public RegionLog Log { get; }

    /// <summary>What all departments come to.</summary>
    public RegionRollups Rollups => new(Log.Database.For(Region).Application, Log.Events, Region);

    public RegionCode Region => Log.Region;

    /// <summary>Position and hash of the last event that was seen.</summary>
    public Seal Head => head;

    /// <summary>The departments, by code.</summary>
    public IReadOnlyList<Department> Departments => [.. departments.Values.OrderBy(d => d.Code.ToString(), StringComparer.Ordinal)];

    /// <summary>The years of all departments, by code and year.</summary>
    public IReadOnlyList<YearOverview> Years =>
        [.. years.Values.OrderBy(y => y.Department.ToString(), StringComparer.Ordinal).ThenBy(y => y.Year.Value)];

    /// <returns>Null when the region has no such department.</returns>
    public Department? Department(DepartmentCode code) => departments.GetValueOrDefault(code);

    /// <returns>Null when nothing of the year is recorded.</returns>
    public YearOverview? Year(DepartmentCode code, FiscalYear year) => years.GetValueOrDefault((code, year));

    /// <summary>What stands open in the department's document of the year, as it was last looked through.</summary>
    /// <returns>Null when it was not looked through yet, or can't be built.</returns>
    public YearFindings? Findings(DepartmentCode code, FiscalYear year) =>
        findings.GetValueOrDefault(new YearQuery(code, year, AsOf.Now)).Findings;

    /// <summary>Waits until the server has seen a position, so that who recorded it reads it.</summary>
    public async Task WaitForAsync(long position, CancellationToken cancellationToken)
    {
        while (head.Position < position)
        {
            var signal = Volatile.Read(ref moved).Task;
            if (head.Position < position)
            {
                await signal.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>
    /// What the document of a year depends on, as a short text: it changes when anything is recorded that could change the document. For
    /// the tags of HTTP answers.
    /// </summary>
    public string TagOf(YearQuery query) => query.Consolidated
        ? FormattableString.Invariant($"{query}-{head.Position}")
        : FormattableString.Invariant(
            $"{query}-{VersionOf(Streams.Department(query.Department))}-{VersionOf(Streams.Year(query.Department, query.Year))}-{PriorVersion(query)}");

    /// <summary>The disclosure of a year with the books that it is made from.</summary>
    /// <exception cref="RegionException">The department or the year is not there as of then, or its form pack is missing.</exception>
    /// <exception cref="RulesException">The units of a department contradict each other.</exception>
    public Task<ReportedYear> ReportAsync(YearQuery query, CancellationToken cancellationToken) => cache.ReportAsync(
        Region,
        query,
        () => TagOf(query),
        cancelled => query.Consolidated
            ? Consolidation.BuildAsync(this, query.Department.ToString(), query.Year, query.AsOf, cancelled)
            : ReportedYear.BuildAsync(this, query.Department.ToString(), query.Year, query.AsOf, cancelled),
        cancellationToken);

    /// <summary>The disclosure of a year, for who does not ask where its figures come from.</summary>
    /// <inheritdoc cref="ReportAsync" path="/exception"/>
    public Task<DisclosureDocument> DocumentAsync(YearQuery query, CancellationToken cancellationToken) =>
        cache.DocumentAsync(Region, query, () => TagOf(query), async cancelled => (await ReportAsync(query, cancelled)).Document, cancellationToken);

    /// <inheritdoc/>
    public Task<Department> FindDepartmentAsync(string codeOrName, CancellationToken cancellationToken)
    {
        var found = DepartmentCode.IsValid(codeOrName) ? Department(new(codeOrName)) : null;
        return Task.FromResult(found
            ?? departments.Values.FirstOrDefault(d => d.Name == codeOrName)
            ?? throw new RegionException(RegionProblem.DepartmentUnknown, codeOrName, ""));
    }

    /// <inheritdoc/>
    public Task<Seal> SealAsync(AsOf asOf, CancellationToken cancellationToken) =>
        asOf.Position is null ? Task.FromResult(head) : Log.SealAsync(asOf, cancellationToken);

    /// <inheritdoc/>
    public async Task<YearBooks> ReadAsync(DepartmentCode code, FiscalYear year, AsOf asOf, Seal seal, CancellationToken cancellationToken)
    {
        var master = await EventsAsync(Streams.Department(code), cancellationToken);
        var booked = await EventsAsync(Streams.Year(code, year), cancellationToken);
        return YearBooks.From(year, master.Concat(booked).Where(e => e.Position <= seal.Position && asOf.Includes(e)));
    }

    /// <inheritdoc/>
    public Task<MemberLists> ReadMemberListsAsync(FiscalYear year, AsOf asOf, CancellationToken cancellationToken) => Task.FromResult(
        memberLists.Where(l => l.Year == year && asOf.Includes(l.Position, l.RecordedAt, l.Date))
            .Aggregate(MemberLists.None, (lists, l) => lists.With(l.Department, l.Members)));

    internal bool IsLookedThrough(YearQuery query, string tag) => findings.TryGetValue(query, out var known) && known.Tag == tag;

    internal void LookedThrough(YearQuery query, string tag, YearFindings? found) => findings[query] = (tag, found);

    /// <summary>Not kept: a region may move to another server.</summary>
    private ProjectionReader Tables => new(Log.Database.For(Region).Application, Region);

    /// <summary>Follows the log until cancelled.</summary>
    internal async Task FollowAsync(CancellationToken cancellationToken)
    {
        await WaitForTablesAsync(cancellationToken);
        while (true)
        {
            await LoadAsync(cancellationToken);
            var looked = head.Position;
            await foreach (var stored in Log.Events.SubscribeAsync(head.Position, cancellationToken))
            {
                Take(stored);
                if (stored.Position - looked >= FarBehind)
                {
                    looked = stored.Position;
                    if ((await Tables.ReadStatusAsync(Log.Events, cancellationToken)).Position - stored.Position >= FarBehind)
                    {
                        // Much was recorded at once, and is in the tables already.
                        break;
                    }
                }
            }
        }
    }

    /// <summary>While the tables are made from a long log for the first time, reading the log as well would only take longer.</summary>
    private async Task WaitForTablesAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await Tables.ReadStatusAsync(Log.Events, cancellationToken) is { Live: not { State: GenerationState.Stopped } } status
                && Math.Min(status.EventsBehind, status.Head.Position - head.Position) > FarBehind)
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Goes to where the tables stand, if that is further than what was seen.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var changes = await Tables.ReadChangesAsync(head.Position, cancellationToken);
        if (changes.Position <= head.Position)
        {
            return;
        }

        var seal = await Log.ReadSealAsync(changes.Position, cancellationToken);
        foreach (var entry in changes.Departments)
        {
            departments[entry.Code] = new(entry.Code, entry.Name, entry.State, entry.Version);
            versions[Streams.Department(entry.Code)] = entry.Version;
        }

        foreach (var year in changes.Years)
        {
            years[(year.Department, year.Year)] = year;
            versions[Streams.Year(year.Department, year.Year)] = year.Version;
        }

        memberLists = memberLists.AddRange(changes.Lists);
        Saw(seal);
    }

    private void Saw(Seal last)
    {
        head = last;
        Interlocked.Exchange(ref moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private void Take(StoredEvent stored)
    {
        var recorded = RegionLog.Decode(stored);
        var department = Streams.DepartmentOf(stored.Stream);
        if (recorded.Event is DepartmentRegistered or ProfileRevised)
        {
            var known = departments.GetValueOrDefault(department)?.State ?? DepartmentState.Unknown;
            var state = known.Apply(recorded.Event);
            departments[department] = new(department, state.Registration?.Name ?? department.ToString(), state, stored.Version);
        }
        else if (Streams.YearOf(stored.Stream) is { } year)
        {
            years[(department, year)] = (years.GetValueOrDefault((department, year)) ?? YearOverview.Of(department, year)).With(recorded, stored.Version);
        }

        if (recorded.Event is MembersDetermined determined && Streams.YearOf(stored.Stream) is { } of)
        {
            memberLists = memberLists.Add(new(department, of, recorded.Position, recorded.RecordedAt, determined.Date, determined.Members));
        }

        versions[stored.Stream] = stored.Version;
        Saw(new(stored.Position, Convert.ToHexStringLower(stored.Hash)));
    }

    private long VersionOf(string stream) => versions.GetValueOrDefault(stream);

    private long PriorVersion(YearQuery query) =>
        query.Year.Value > FiscalYear.First ? VersionOf(Streams.Year(query.Department, new(query.Year.Value - 1))) : 0;

    /// <summary>All events of a stream that were seen; read from the log when they are not kept.</summary>
    private async Task<IReadOnlyList<RecordedEvent>> EventsAsync(string stream, CancellationToken cancellationToken)
    {
        var version = VersionOf(stream);
        if (version == 0)
        {
            return [];
        }

        var kept = cache.Events(Region, stream);
        if (kept.Count >= version)
        {
            return kept.Count == version ? kept : [.. kept.Take(checked((int)version))];
        }

        List<RecordedEvent> events = new(checked((int)version));
        events.AddRange(kept);
        await Log.Events.ScanStreamAsync(
            stream,
            kept.Count + 1,
            (in e) =>
            {
                if (events.Count < version)
                {
                    events.Add(RegionLog.Decode(e));
                }
            },
            cancellationToken);

        cache.Keep(Region, stream, events);
        return events;
    }
}

/// <summary>Which report of which year is meant.</summary>
/// <param name="Consolidated">True for the department with its units.</param>
public sealed record YearQuery(DepartmentCode Department, FiscalYear Year, AsOf AsOf, bool Consolidated = false);
