using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions.Simulation;

/// <summary>
/// A region's books that nobody kept, for measuring and trying out: departments with a year or several that follow each other, from the
/// opening of the books to the close. What a year leaves is what the next one opens with. The same arguments give the same events on
/// every machine, decided by the ledger's own rules.
/// <code>
/// // A city of 1,000 departments, with 2,000 postings a year on average, from 2022 to 2024:
/// var simulation = new Simulation(new(2022), form, SimulatedSizes.Of(1_000, 2_000, seed: 1), seed: 1, years: 3);
/// await simulation.AppendAsync(log, progress: null, cancellationToken);
/// </code>
/// </summary>
public sealed class Simulation
{
    /// <summary>Most departments of a simulation.</summary>
    public const int DepartmentsLimit = 10_000;

    /// <summary>Most postings of one department in a year.</summary>
    public const int PostingsLimit = 1_000_000;

    private const string Actor = "模拟";

    // Departments take turns in the log, as they do in reality, each with so many events.
    private const int EventsInTurn = 250;
    private const int FirstCode = 100_001;

    private readonly FormPack form;
    private readonly IReadOnlyList<int> postings;
    private readonly ulong seed;
    private readonly IReadOnlyList<ChartOfAccounts> charts;

    /// <param name="first">The first year.</param>
    /// <param name="form">The form pack that the years are opened with.</param>
    /// <param name="postings">Of each department, how many vouchers of expenditure it has in a year.</param>
    /// <param name="years">How many years there are, from 1 on.</param>
    /// <exception cref="ArgumentException">There are more departments or postings than the limits allow, or no year.</exception>
    /// <exception cref="ChartMissingException">There is no chart of accounts of one of the years.</exception>
    public Simulation(FiscalYear first, FormPack form, IReadOnlyList<int> postings, ulong seed, int years = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(years, 1);
        if (postings.Count > DepartmentsLimit || postings.Any(p => p is < 0 or > PostingsLimit))
        {
            throw new ArgumentException($"More than {DepartmentsLimit} departments or {PostingsLimit} postings of one.");
        }

        (this.form, this.postings, this.seed) = (form, postings, seed);
        Years = [.. Enumerable.Range(first.Value, years).Select(y => new FiscalYear(y))];
        charts = [.. Years.Select(ChartOfAccounts.For)];
        Departments = [.. Enumerable.Range(0, postings.Count).Select(n => new DepartmentCode((FirstCode + n).ToString(CultureInfo.InvariantCulture)))];
    }

    public IReadOnlyList<FiscalYear> Years { get; }

    /// <summary>Departments that are made up at the same time; the events are the same with any number.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Departments are made up and stored together that have so many postings together; it bounds the memory. With another number the
    /// departments take turns in the log in another way.
    /// </summary>
    public int PostingsTogether { get; init; } = 60_000;

    /// <summary>The departments' codes, in the order of their postings.</summary>
    public IReadOnlyList<DepartmentCode> Departments { get; }

    /// <summary>
    /// Appends all of it to an empty log, and closes the years; goes on where the same simulation was interrupted.
    /// </summary>
    /// <returns>Where the log stands.</returns>
    /// <exception cref="RegionException">The log has other events than those of this simulation.</exception>
    public async Task<Seal> AppendAsync(IEventLog log, IProgress<SimulationProgress>? progress, CancellationToken cancellationToken)
    {
        if ((await log.ReadHeadAsync(cancellationToken)).Position > 0
            && await log.FindCommandAsync(CommandId("course", 0), cancellationToken) is null)
        {
            throw new RegionException(RegionProblem.RegionNotEmpty);
        }

        var groups = Groups().ToList();
        var done = 0;
        while (done < groups.Count && await log.FindCommandAsync(CommandId("close", groups[done][0]), cancellationToken) is not null)
        {
            done++;
            progress?.Report(Progress(groups[..done]));
        }

        var next = done == groups.Count ? null : MakeAsync(groups[done], cancellationToken);
        for (var g = done; g < groups.Count; g++)
        {
            // The next group is made up while this one is stored.
            var group = await next!;
            next = g + 1 < groups.Count ? MakeAsync(groups[g + 1], cancellationToken) : null;
            await AppendAsync(log, groups[g][0], group, cancellationToken);
            progress?.Report(Progress(groups[..(g + 1)]));
        }

        return await log.ReadHeadAsync(cancellationToken);
    }

    private SimulationProgress Progress(IReadOnlyList<int[]> done) => new(
        done.Sum(g => g.Length), postings.Count, done.SelectMany(g => g).Sum(d => (long)postings[d]) * Years.Count, postings.Sum(p => (long)p) * Years.Count);

    /// <summary>The departments by their numbers, in groups that are stored together.</summary>
    private IEnumerable<int[]> Groups()
    {
        var (group, size) = (new List<int>(), 0L);
        for (var department = 0; department < postings.Count; department++)
        {
            if (group.Count > 0 && (size + postings[department]) * Years.Count > PostingsTogether)
            {
                yield return [.. group];
                (group, size) = ([], 0);
            }

            group.Add(department);
            size += postings[department];
        }

        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    private async Task AppendAsync(IEventLog log, int first, IReadOnlyList<Made> group, CancellationToken cancellationToken)
    {
        await log.AppendBulkAsync(CommandId("course", first), Actor, Courses(group).ToAsyncEnumerable(), cancellationToken);
        var seal = await log.ReadHeadAsync(cancellationToken);
        await log.AppendBulkAsync(CommandId("close", first), Actor, Closes(group, seal).ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>All of the departments but the closes of their years: year after year, the departments in turns.</summary>
    private IEnumerable<StreamAppend> Courses(IReadOnlyList<Made> group)
    {
        foreach (var made in group)
        {
            yield return new(made.MasterDataStream, 0, made.MasterData);
        }

        foreach (var year in Enumerable.Range(0, Years.Count))
        {
            for (var turn = 0; group.Any(m => m.Years[year].Course.Count > turn); turn += EventsInTurn)
            {
                foreach (var (_, stream, course) in group.Select(m => m.Years[year]).Where(y => y.Course.Count > turn))
                {
                    yield return new(stream, turn, course.GetRange(turn, Math.Min(EventsInTurn, course.Count - turn)));
                }
            }
        }
    }

    private static IEnumerable<StreamAppend> Closes(IReadOnlyList<Made> group, Seal seal) =>
        group.SelectMany(m => m.Years).Select(y => new StreamAppend(y.Stream, y.Course.Count, [.. y.Year.Close(seal).Select(Encode)]));

    /// <summary>The id says what is simulated, so that a part that is stored is known when the simulation is run again.</summary>
    private Guid CommandId(string what, int department)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"FinalAccounts simulation 1/{seed}/{form.Name}/{Years[0]}-{Years[^1]}/{PostingsTogether}/{string.Join(',', postings)}/{department}/{what}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);

        // An id of one's own making (RFC 9562, version 8).
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new(hash, bigEndian: true);
    }

    private Task<Made[]> MakeAsync(int[] departments, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var made = new Made[departments.Length];
            Parallel.For(0, departments.Length, new() { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken }, n => made[n] = Make(departments[n]));
            return made;
        },
        cancellationToken);

    private Made Make(int number)
    {
        var chance = Chance.For(seed, number);
        var department = new SimulatedDepartment(number, Departments[number], charts, form, postings[number], chance.Split());
        var masterData = department.MasterData(Years, chance.Split()).Select(Encode).ToList();
        IReadOnlyList<long> carried = [.. department.Purses.Select(p => p.Kind == SpendingKind.Project && chance.InHundred(30) ? chance.Between(1, 900) * 10_000 : 0)];
        var years = new List<MadeYear>();
        foreach (var year in Years)
        {
            var simulated = new SimulatedYear(department, year, carried, chance.Split());
            years.Add(new(simulated, simulated.Stream, [.. simulated.Course().Select(Encode)]));
            carried = simulated.CarriedOver;
        }

        return new(Streams.Department(department.Code), masterData, years);
    }

    private static NewEvent Encode(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    private sealed record Made(string MasterDataStream, IReadOnlyList<NewEvent> MasterData, IReadOnlyList<MadeYear> Years);

    private sealed record MadeYear(SimulatedYear Year, string Stream, List<NewEvent> Course);
}

/// <summary>How far a simulation is.</summary>
/// <param name="Departments">Departments that are complete.</param>
/// <param name="Postings">Their postings in all years.</param>
public sealed record SimulationProgress(int Departments, int DepartmentsInAll, long Postings, long PostingsInAll);
