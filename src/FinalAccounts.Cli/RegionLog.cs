using System.Runtime.CompilerServices;
using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;

namespace FinalAccounts.Cli;

/// <summary>A department that is in the region's register.</summary>
internal sealed record Department(DepartmentCode Code, string Name, DepartmentState State, long Version);

/// <summary>A department's year as it stands in the log.</summary>
internal sealed record YearBook(YearState State, long Version, ChartOfAccounts Chart);

/// <summary>The log of the region that a command is about, in terms of the ledger.</summary>
internal sealed class RegionLog : IAsyncDisposable
{
    private const int Attempts = 5;
    private const int NamesShown = 20;
    private readonly Session session;
    private readonly PostgresEventLog log;
    private readonly bool ownsDatabase;

    private RegionLog(Session session, Database database, RegionCode region, bool ownsDatabase)
    {
        this.session = session;
        this.ownsDatabase = ownsDatabase;
        Database = database;
        Region = region;
        log = new(database.Application, region, session.Clock);
    }

    public Database Database { get; }

    public RegionCode Region { get; }

    /// <summary>
    /// Opens the log of the region that <c>--region</c> or FINALACCOUNTS_REGION names, else of the only one that there is, else of
    /// the only one that has the department. The database goes with the log.
    /// </summary>
    /// <param name="department">Code or full name of the department that the command is about; null for none.</param>
    /// <exception cref="CommandFailedException">There is no such region, or there are several and none is named.</exception>
    public static async Task<RegionLog> OpenAsync(Session session, string? department, CancellationToken cancellationToken)
    {
        var database = await Database.OpenAsync(session, cancellationToken);
        try
        {
            return new(session, database, await FindRegionAsync(session, database, department, cancellationToken), ownsDatabase: true);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the log of a region on a database that is open and stays so.</summary>
    /// <exception cref="CommandFailedException">There is no such region.</exception>
    public static async Task<RegionLog> OpenAsync(Session session, Database database, RegionCode region, CancellationToken cancellationToken)
    {
        var regions = await LogSchema.ListRegionsAsync(database.Application, cancellationToken);
        return regions.Contains(region)
            ? new(session, database, region, ownsDatabase: false)
            : throw CommandFailedException.Refused(session.Words["RegionMissing", region]);
    }

    /// <summary>The region that <c>--region</c> or FINALACCOUNTS_REGION names; without either, all that there are.</summary>
    /// <exception cref="CommandFailedException">There is no such region, or none at all.</exception>
    public static async Task<IReadOnlyList<RegionCode>> RegionsAsync(Session session, Database database, CancellationToken cancellationToken)
    {
        var regions = await LogSchema.ListRegionsAsync(database.Application, cancellationToken);
        var named = session.Parsed.GetValue(CommandLine.Region) ?? Environment.GetEnvironmentVariable("FINALACCOUNTS_REGION");
        if (named is { Length: > 0 })
        {
            return !RegionCode.IsValid(named) ? throw CommandFailedException.Usage(session.Words["NotARegion", named])
                : regions.Contains(new(named)) ? [new(named)]
                : throw CommandFailedException.Refused(session.Words["RegionMissing", named]);
        }

        return regions.Count > 0 ? regions : throw CommandFailedException.Refused(session.Words["NoRegion"]);
    }

    public Task<Seal> ReadHeadAsync(CancellationToken cancellationToken) => log.ReadHeadAsync(cancellationToken);

    /// <summary>The seal of the log as it stood at a position.</summary>
    /// <exception cref="CommandFailedException">The log does not reach that far.</exception>
    public async Task<Seal> ReadSealAsync(long position, CancellationToken cancellationToken)
    {
        var head = await log.ReadHeadAsync(cancellationToken);
        if (position < 1 || position > head.Position)
        {
            throw CommandFailedException.Usage(session.Words["PositionOutside", position, head.Position]);
        }

        await foreach (var stored in log.ReadAllAsync(position - 1, cancellationToken))
        {
            return new(stored.Position, Convert.ToHexStringLower(stored.Hash));
        }

        throw new LogDamagedException(position, $"Position {position} can't be read.");
    }

    /// <summary>All events of a stream, as they are stored.</summary>
    public IAsyncEnumerable<StoredEvent> ReadAsync(string stream, CancellationToken cancellationToken) =>
        log.ReadStreamAsync(stream, 1, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterPosition, CancellationToken cancellationToken) =>
        log.ReadAllAsync(afterPosition, cancellationToken);

    /// <summary>All events of a stream up to a position, decoded.</summary>
    public async IAsyncEnumerable<RecordedEvent> ReadEventsAsync(
        string stream, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in ReadAsync(stream, cancellationToken))
        {
            if (stored.Position > upTo)
            {
                yield break;
            }

            yield return Decode(stored);
        }
    }

    /// <exception cref="LogDamagedException">The body is not what this program or an earlier one wrote.</exception>
    public static RecordedEvent Decode(StoredEvent stored)
    {
        try
        {
            return new(stored.Position, stored.RecordedAt, stored.Actor, EventCodec.Decode(stored.Type, stored.SchemaVersion, stored.Body));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new LogDamagedException(stored.Position, e.Message);
        }
    }

    /// <summary>Finds a department by its code or its full name.</summary>
    /// <exception cref="CommandFailedException">There is none.</exception>
    public async Task<Department> FindDepartmentAsync(string codeOrName, CancellationToken cancellationToken)
    {
        return await TryFindDepartmentAsync(codeOrName, cancellationToken)
            ?? throw DepartmentUnknown(session, codeOrName, await ListDepartmentsAsync(cancellationToken));
    }

    private static CommandFailedException DepartmentUnknown(Session session, string codeOrName, IEnumerable<Department> known) =>
        CommandFailedException.Refused(session.Words[
            "DepartmentUnknown", codeOrName, string.Join("\n", known.Take(NamesShown).Select(d => $"  {d.Code}  {d.Name}"))]);

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
        var (state, version) = await FoldAsync(Streams.Department(code), DepartmentState.Unknown, (s, e) => s.Apply(e), cancellationToken);
        return new(code, state.Registration?.Name ?? code.ToString(), state, version);
    }

    /// <summary>A department's year; not opened when the log has nothing of it.</summary>
    /// <exception cref="CommandFailedException">There is no chart of accounts of the year.</exception>
    public async Task<YearBook> ReadYearAsync(DepartmentCode code, FiscalYear year, CancellationToken cancellationToken)
    {
        if (!ChartOfAccounts.TryFor(year, out var chart))
        {
            throw CommandFailedException.Refused(session.Words["ChartMissing", year, string.Join(", ", ChartOfAccounts.Years)]);
        }

        var (state, version) = await FoldAsync(Streams.Year(code, year), YearState.NotOpened, (s, e) => s.Apply(e), cancellationToken);
        return new(state, version, chart);
    }

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
            await foreach (var stored in ReadAsync(stream, cancellationToken))
            {
                if (stored.Type == alias && Decode(stored) is { Event: MembersDetermined determined } recorded && asOf.Includes(recorded))
                {
                    lists = lists.With(Streams.DepartmentOf(stream), determined.Members);
                }
            }
        }

        return lists;
    }

    /// <summary>
    /// Decides on a command and appends what it yields. When somebody else has written to the year in the meantime, it is
    /// decided anew.
    /// </summary>
    /// <exception cref="CommandFailedException">A rule refuses it.</exception>
    public async Task<(AppendResult Result, Decision Decision)> DecideAsync(
        Department department, FiscalYear year, Func<YearBook, Task<YearCommand>> command, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var book = await ReadYearAsync(department.Code, year, cancellationToken);
            var decision = Deciding.Decide(department.State, book.State, book.Chart, await command(book));
            if (decision.IsRefused)
            {
                throw CommandFailedException.Refused(string.Join('\n', decision.Refusals.Select(f => Describe(f, session.Words))));
            }

            try
            {
                // The id is made up here and not kept: a decision that is sent again by another run is taken anew on what is stored.
                return (await AppendAsync(Guid.NewGuid(), [(Streams.Year(department.Code, year), book.Version, decision.Events)], cancellationToken), decision);
            }
            catch (VersionConflictException) when (attempt < Attempts)
            {
                session.Log.Information("The year has moved; deciding again");
            }
        }
    }

    /// <summary>Appends events to their streams, all or none.</summary>
    public Task<AppendResult> AppendAsync(
        Guid commandId, IEnumerable<(string Stream, long Version, IReadOnlyList<LedgerEvent> Events)> streams, CancellationToken cancellationToken) =>
        log.AppendAsync(
            new(commandId, session.Actor, [.. streams.Select(s => new StreamAppend(s.Stream, s.Version, [.. s.Events.Select(Encode)]))]),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        if (ownsDatabase)
        {
            await Database.DisposeAsync();
        }
    }

    /// <summary>A rule that is broken, in words, with what to do.</summary>
    public static string Describe(Finding finding, Words words) =>
        words["Finding", finding.ToText(words.Culture), finding.Remedy(words.Culture)];

    private static async Task<RegionCode> FindRegionAsync(
        Session session, Database database, string? department, CancellationToken cancellationToken)
    {
        var regions = await RegionsAsync(session, database, cancellationToken);
        if (regions is [var only])
        {
            return only;
        }

        if (department is null)
        {
            throw CommandFailedException.Usage(session.Words["RegionsSeveral", string.Join(", ", regions)]);
        }

        var having = new List<RegionCode>();
        var known = new List<Department>();
        foreach (var region in regions)
        {
            await using var log = new RegionLog(session, database, region, ownsDatabase: false);
            if (await log.TryFindDepartmentAsync(department, cancellationToken) is not null)
            {
                having.Add(region);
            }

            known.AddRange(having.Count == 0 ? await log.ListDepartmentsAsync(cancellationToken) : []);
        }

        return having switch
        {
            [var one] => one,
            [] => throw DepartmentUnknown(session, department, known),
            _ => throw CommandFailedException.Usage(session.Words["RegionsSeveral", string.Join(", ", having)]),
        };
    }

    private static NewEvent Encode(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    private async Task<(TState State, long Version)> FoldAsync<TState>(
        string stream, TState start, Func<TState, LedgerEvent, TState> apply, CancellationToken cancellationToken)
    {
        var (state, version) = (start, 0L);
        await foreach (var stored in ReadAsync(stream, cancellationToken))
        {
            (state, version) = (apply(state, Decode(stored).Event), stored.Version);
        }

        return (state, version);
    }
}
