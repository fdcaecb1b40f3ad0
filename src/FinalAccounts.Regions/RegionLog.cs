using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;
using NodaTime;

namespace FinalAccounts.Regions;

/// <summary>A department that is in the region's register.</summary>
public sealed record Department(DepartmentCode Code, string Name, DepartmentState State, long Version);

/// <summary>A department's year as it stands in the log.</summary>
public sealed record YearBook(YearState State, long Version, ChartOfAccounts Chart)
{
    /// <summary>
    /// What the command that is decided on has recorded already, when it is sent again; the state is then that from before it. Empty
    /// for a new command. What the command takes from elsewhere, such as a seal, must be taken from here then.
    /// </summary>
    public IReadOnlyList<LedgerEvent> Recorded { get; init; } = [];
}

/// <summary>Who records something, and on what condition.</summary>
/// <param name="Actor">Who is entered as the one who did it, up to 100 characters.</param>
/// <param name="CommandId">Sent again, it is recorded once; null when nobody will send it again.</param>
/// <param name="ExpectedVersion">The version that the year's stream must stand at; null when what stands there now is decided on.</param>
public sealed record Recording(string Actor, Guid? CommandId = null, long? ExpectedVersion = null);

/// <summary>The log of a region in terms of the ledger: its departments, their years, and what is decided on them.</summary>
public sealed class RegionLog : IRegionBooks, IAsyncDisposable
{
    private const int Attempts = 5;
    private const int NamesShown = 20;
    private readonly IEventLog log;
    private readonly Database? owned;

    /// <param name="owned">A database that goes with the log; null when it stays open.</param>
    private RegionLog(Database database, RegionCode region, IClock clock, Database? owned)
        : this(new PostgresEventLog(() => database.For(region).Application, region, clock), database, region, clock) => this.owned = owned;

    /// <summary>The log of a region on whatever engine; what is published is kept in the region's schema all the same.</summary>
    /// <param name="log">Goes with the region's log, when it is to be disposed of.</param>
    /// <param name="database">Stays the caller's.</param>
    public RegionLog(IEventLog log, Database database, RegionCode region, IClock clock)
    {
        this.log = log;
        Database = database;
        Region = region;
        Documents = new(() => database.For(region).Application, region, clock);
    }

    public Database Database { get; }

    public RegionCode Region { get; }

    /// <summary>Opens the log of a region on a database that is open and stays so.</summary>
    /// <exception cref="RegionException">There is no such region.</exception>
    public static async Task<RegionLog> OpenAsync(Database database, RegionCode region, IClock clock, CancellationToken cancellationToken) =>
        (await database.ListRegionsAsync(cancellationToken)).Contains(region)
            ? new(database, region, clock, owned: null)
            : throw new RegionException(RegionProblem.RegionMissing, region);

    /// <summary>Opens the log of the only region that there is, else of the only one that has the department. The database goes with the log.</summary>
    /// <param name="named">The region's code, when somebody has named one.</param>
    /// <param name="department">Code or full name of the department that it is about; null for none.</param>
    /// <exception cref="RegionException">There is no such region, or there are several and none is named.</exception>
    public static async Task<RegionLog> OpenAsync(
        Database database, string? named, string? department, IClock clock, CancellationToken cancellationToken)
    {
        try
        {
            return new(database, await FindRegionAsync(database, named, department, clock, cancellationToken), clock, database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>The region that is named; when none is, all that there are.</summary>
    /// <exception cref="RegionException">There is no such region, or none at all.</exception>
    public static async Task<IReadOnlyList<RegionCode>> RegionsAsync(Database database, string? named, CancellationToken cancellationToken)
    {
        var regions = await database.ListRegionsAsync(cancellationToken);
        if (named is { Length: > 0 })
        {
            return !RegionCode.IsValid(named) ? throw new RegionException(RegionProblem.NotARegion, named)
                : regions.Contains(new(named)) ? [new(named)]
                : throw new RegionException(RegionProblem.RegionMissing, named);
        }

        return regions.Count > 0 ? regions : throw new RegionException(RegionProblem.NoRegion);
    }

    /// <summary>What was published, byte for byte.</summary>
    public DocumentStore Documents { get; }

    /// <summary>Reads the year, lets the request decide and appends, where an engine does that in its own way; null where this class does.</summary>
    public Func<DecisionRequest, CancellationToken, Task<Decision>>? Decider { get; init; }

    /// <summary>The log itself.</summary>
    public IEventLog Events => log;

    public Task<Seal> ReadHeadAsync(CancellationToken cancellationToken) => log.ReadHeadAsync(cancellationToken);

    /// <summary>The seal of the log as it stood at a position.</summary>
    /// <exception cref="RegionException">The log does not reach that far.</exception>
    public async Task<Seal> ReadSealAsync(long position, CancellationToken cancellationToken)
    {
        var head = await log.ReadHeadAsync(cancellationToken);
        if (position < 1 || position > head.Position)
        {
            throw new RegionException(RegionProblem.PositionOutside, position, head.Position);
        }

        return await FindEventAsync(position, cancellationToken) is { } stored
            ? new(stored.Position, Convert.ToHexStringLower(stored.Hash))
            : throw new LogDamagedException(position, $"Position {position} can't be read.");
    }

    /// <summary>The event at a position; null when the log does not reach that far, or the position is below 1.</summary>
    public async Task<StoredEvent?> FindEventAsync(long position, CancellationToken cancellationToken)
    {
        if (position >= 1)
        {
            await foreach (var stored in log.ReadAllAsync(position - 1, cancellationToken))
            {
                return stored;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<Seal> SealAsync(AsOf asOf, CancellationToken cancellationToken) =>
        asOf.Position is { } position ? ReadSealAsync(position, cancellationToken) : ReadHeadAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<YearBooks> ReadAsync(DepartmentCode code, FiscalYear year, AsOf asOf, Seal seal, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>();
        foreach (var stream in new[] { Streams.Department(code), Streams.Year(code, year) })
        {
            await log.ScanStreamAsync(
                stream,
                1,
                (in e) =>
                {
                    if (e.Position <= seal.Position && Decode(e) is var recorded && asOf.Includes(recorded))
                    {
                        events.Add(recorded);
                    }
                },
                cancellationToken);
        }

        return YearBooks.From(year, events);
    }

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterPosition, CancellationToken cancellationToken) =>
        log.ReadAllAsync(afterPosition, cancellationToken);

    /// <exception cref="LogDamagedException">The body is not what this program or an earlier one wrote.</exception>
    public static RecordedEvent Decode(StoredEvent stored) =>
        new(stored.Position, stored.RecordedAt, stored.Actor, Decode(stored.Position, stored.Type, stored.SchemaVersion, stored.Body));

    /// <inheritdoc cref="Decode(StoredEvent)"/>
    public static RecordedEvent Decode(in ScannedEvent scanned) => new(
        scanned.Position, scanned.RecordedAt, scanned.Actor, Decode(scanned.Position, scanned.Type, scanned.SchemaVersion, scanned.Body));

    private static LedgerEvent Decode(long position, string type, int schemaVersion, ReadOnlySpan<byte> body)
    {
        try
        {
            return EventCodec.Decode(type, schemaVersion, body);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new LogDamagedException(position, e.Message);
        }
    }

    /// <summary>Finds a department by its code or its full name.</summary>
    /// <exception cref="RegionException">There is none.</exception>
    public async Task<Department> FindDepartmentAsync(string codeOrName, CancellationToken cancellationToken)
    {
        return await TryFindDepartmentAsync(codeOrName, cancellationToken)
            ?? throw DepartmentUnknown(codeOrName, await ListDepartmentsAsync(cancellationToken));
    }

    private static RegionException DepartmentUnknown(string codeOrName, IEnumerable<Department> known) =>
        new(RegionProblem.DepartmentUnknown, codeOrName, string.Join('\n', known.Take(NamesShown).Select(d => $"  {d.Code}  {d.Name}")));

    private async Task<Department?> TryFindDepartmentAsync(string codeOrName, CancellationToken cancellationToken) =>
        DepartmentCode.IsValid(codeOrName) && await ReadDepartmentAsync(new(codeOrName), cancellationToken) is { State.IsRegistered: true } named
            ? named
            : (await ListDepartmentsAsync(cancellationToken)).FirstOrDefault(d => d.Name == codeOrName);

    public async Task<IReadOnlyList<Department>> ListDepartmentsAsync(CancellationToken cancellationToken)
    {
        var found = new List<Department>();
        foreach (var stream in await log.ListStreamsAsync("department/", cancellationToken))
        {
            found.Add(await ReadDepartmentAsync(new(stream.Stream["department/".Length..]), cancellationToken));
        }

        return found;
    }

    /// <summary>The streams of a department's years, in order.</summary>
    public async Task<IReadOnlyList<string>> ListYearStreamsAsync(DepartmentCode code, CancellationToken cancellationToken) =>
        [.. (await log.ListStreamsAsync($"year/{code}/", cancellationToken)).Select(s => s.Stream)];

    /// <summary>A department by its code; not registered when the log has nothing of it.</summary>
    public async Task<Department> ReadDepartmentAsync(DepartmentCode code, CancellationToken cancellationToken)
    {
        var (state, version) = await FoldAsync(Streams.Department(code), DepartmentState.Unknown, (s, e) => s.Apply(e), long.MaxValue, cancellationToken);
        return new(code, state.Registration?.Name ?? code.ToString(), state, version);
    }

    /// <summary>A department's year; not opened when the log has nothing of it.</summary>
    /// <exception cref="RegionException">There is no chart of accounts of the year.</exception>
    public Task<YearBook> ReadYearAsync(DepartmentCode code, FiscalYear year, CancellationToken cancellationToken) =>
        ReadYearAsync(code, year, long.MaxValue, cancellationToken);

    /// <param name="upTo">The last version that counts.</param>
    private async Task<YearBook> ReadYearAsync(DepartmentCode code, FiscalYear year, long upTo, CancellationToken cancellationToken)
    {
        var chart = ChartOf(year);
        var (state, version) = await FoldAsync(Streams.Year(code, year), YearState.NotOpened, (s, e) => s.Apply(e), upTo, cancellationToken);
        return new(state, version, chart);
    }

    /// <exception cref="RegionException">There is no chart of accounts of the year.</exception>
    internal static ChartOfAccounts ChartOf(FiscalYear year) => ChartOfAccounts.TryFor(year, out var chart)
        ? chart
        : throw new RegionException(RegionProblem.ChartMissing, year, string.Join(", ", ChartOfAccounts.Years));

    /// <summary>
    /// Who belongs to whom in a year, over the whole region. Goes through all books of the year, but decodes the lists only.
    /// </summary>
    /// <param name="asOf">Later lists do not count.</param>
    public async Task<MemberLists> ReadMemberListsAsync(FiscalYear year, AsOf asOf, CancellationToken cancellationToken)
    {
        var alias = EventCodec.Types.Single(t => t.ClrType == typeof(MembersDetermined)).Alias;
        var lists = MemberLists.None;
        foreach (var (stream, _) in (await log.ListStreamsAsync("year/", cancellationToken)).Where(s => Streams.IsYear(s.Stream, year)))
        {
            await log.ScanStreamAsync(
                stream,
                1,
                (in e) =>
                {
                    if (e.Type == alias && Decode(e) is { Event: MembersDetermined determined } recorded && asOf.Includes(recorded))
                    {
                        lists = lists.With(Streams.DepartmentOf(stream), determined.Members);
                    }
                },
                cancellationToken);
        }

        return lists;
    }

    /// <summary>
    /// Decides on a command and appends what it yields. When somebody else has written to the year in the meantime, it is
    /// decided anew. A command id that was recorded before gets the first answer.
    /// </summary>
    /// <exception cref="RulesException">A rule refuses it.</exception>
    /// <exception cref="VersionConflictException">The year does not stand at the expected version.</exception>
    /// <exception cref="CommandIdReusedException">The command id was recorded before with another command.</exception>
    public async Task<(AppendResult Result, Decision Decision)> DecideAsync(
        Recording recording, Department department, FiscalYear year, Func<YearBook, Task<YearCommand>> command, CancellationToken cancellationToken)
    {
        if (recording.CommandId is { } given && await log.FindCommandAsync(given, cancellationToken) is { } answered)
        {
            return await DecideAgainAsync(answered, given, recording.Actor, department, year, command, cancellationToken);
        }

        // The id is made up here and not kept: a decision that is sent again by another run is taken anew on what is stored.
        var request = new DecisionRequest(this, recording with { CommandId = recording.CommandId ?? CommandId.Next() }, department, year, command);
        try
        {
            return Decider is null ? await DecideAsync(request, cancellationToken) : await DecideElsewhereAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException && recording.CommandId is not null)
        {
            // The same request, sent twice at once, may have been quicker: this one is then answered like one that is sent again.
            if (await log.FindCommandAsync(request.CommandId, cancellationToken) is { } quicker)
            {
                return await DecideAgainAsync(quicker, request.CommandId, recording.Actor, department, year, command, cancellationToken);
            }

            throw;
        }
    }

    private async Task<(AppendResult Result, Decision Decision)> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var book = await ReadYearAsync(request.Department.Code, request.Year, cancellationToken);
            var decision = await request.DecideAsync(book, cancellationToken);
            try
            {
                return (await AppendAsync(request.Recording.Actor, request.CommandId, [(request.Stream, book.Version, decision.Events)], cancellationToken), decision);
            }
            catch (VersionConflictException) when (attempt < Attempts && request.Recording.ExpectedVersion is null)
            {
                // Somebody else was quicker: decided anew on what stands there now.
            }
        }
    }

    /// <summary>Hands the request to <see cref="Decider"/>; the answer is what the log has under the command's id then.</summary>
    private async Task<(AppendResult Result, Decision Decision)> DecideElsewhereAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        var decision = await Decider!(request, cancellationToken);
        var result = await log.FindCommandAsync(request.CommandId, cancellationToken)
            ?? throw new LogUnavailableException($"Command {request.CommandId} is decided and not stored.", inner: null);
        return (result with { Repeated = false }, decision);
    }

    internal async Task<Decision> DecideAsync(
        Department department, YearBook book, Func<YearBook, Task<YearCommand>> command, CancellationToken cancellationToken)
    {
        var given = await command(book);
        var memberLists = given is DetermineMembers ? await ReadMemberListsAsync(book.Chart.Year, AsOf.Now, cancellationToken) : null;
        return Deciding.Decide(department.State, book.State, book.Chart, given, memberLists);
    }

    /// <summary>
    /// Decides on a command that was recorded before, on the year as it stood then: the same command yields the same events and the log
    /// gives its first answer; any other is found out.
    /// </summary>
    private async Task<(AppendResult Result, Decision Decision)> DecideAgainAsync(
        AppendResult answered, Guid commandId, string actor, Department department, FiscalYear year,
        Func<YearBook, Task<YearCommand>> command, CancellationToken cancellationToken)
    {
        var stream = Streams.Year(department.Code, year);
        var recorded = await ReadRangeAsync(answered, cancellationToken);
        if (recorded[0].Stream != stream)
        {
            throw new CommandIdReusedException(commandId);
        }

        var events = recorded.Select(r => Decode(r).Event).ToList();
        var before = await ReadYearAsync(department.Code, year, recorded[0].Version - 1, cancellationToken) with { Recorded = events };
        var decision = await DecideAsync(department, before, command, cancellationToken);
        return decision.IsRefused
            ? throw new CommandIdReusedException(commandId)
            : (await AppendAsync(actor, commandId, [(stream, before.Version, decision.Events)], cancellationToken), decision);
    }

    /// <summary>What an append has stored.</summary>
    private async Task<IReadOnlyList<StoredEvent>> ReadRangeAsync(AppendResult appended, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        await foreach (var stored in log.ReadAllAsync(appended.FirstPosition - 1, cancellationToken))
        {
            events.Add(stored);
            if (stored.Position == appended.LastPosition)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>Appends events to their streams, all or none.</summary>
    public Task<AppendResult> AppendAsync(
        string actor, Guid commandId, IEnumerable<(string Stream, long Version, IReadOnlyList<LedgerEvent> Events)> streams, CancellationToken cancellationToken) =>
        log.AppendAsync(
            new(commandId, actor, [.. streams.Select(s => new StreamAppend(s.Stream, s.Version, [.. s.Events.Select(Encode)]))]),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (log is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }

    private static async Task<RegionCode> FindRegionAsync(
        Database database, string? named, string? department, IClock clock, CancellationToken cancellationToken)
    {
        var regions = await RegionsAsync(database, named, cancellationToken);
        if (regions is [var only])
        {
            return only;
        }

        if (department is null)
        {
            throw new RegionException(RegionProblem.RegionsSeveral, string.Join(", ", regions));
        }

        var having = new List<RegionCode>();
        var known = new List<Department>();
        foreach (var region in regions)
        {
            await using var log = new RegionLog(database, region, clock, owned: null);
            if (await log.TryFindDepartmentAsync(department, cancellationToken) is not null)
            {
                having.Add(region);
            }

            known.AddRange(having.Count == 0 ? await log.ListDepartmentsAsync(cancellationToken) : []);
        }

        return having switch
        {
            [var one] => one,
            [] => throw DepartmentUnknown(department, known),
            _ => throw new RegionException(RegionProblem.RegionsSeveral, string.Join(", ", having)),
        };
    }

    private static NewEvent Encode(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    private async Task<(TState State, long Version)> FoldAsync<TState>(
        string stream, TState start, Func<TState, LedgerEvent, TState> apply, long upTo, CancellationToken cancellationToken)
    {
        var (state, version) = (start, 0L);
        await log.ScanStreamAsync(
            stream,
            1,
            (in e) =>
            {
                if (version < upTo)
                {
                    (state, version) = (apply(state, Decode(e).Event), version + 1);
                }
            },
            cancellationToken);
        return (state, version);
    }
}
