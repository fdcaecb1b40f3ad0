using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions.Simulation;

/// <summary>
/// A region's books that nobody kept, for measuring and trying out: departments with a year each, from the opening of the books to
/// the close. The same arguments give the same events on every machine, decided by the ledger's own rules.
/// <code>
/// // 1,000 departments with 2,000 postings each, and one with 100,000:
/// var simulation = new Simulation(new(2024), form, [.. Enumerable.Repeat(2_000, 1_000), 100_000], seed: 1);
/// await simulation.AppendAsync(log, progress: null, cancellationToken);
/// </code>
/// </summary>
/// <param name="form">The form pack that the year is opened with.</param>
/// <param name="postings">Of each department, how many vouchers of expenditure it has.</param>
public sealed class Simulation(FiscalYear year, FormPack form, IReadOnlyList<int> postings, ulong seed)
{
    /// <summary>Most departments of a simulation.</summary>
    public const int DepartmentsLimit = 10_000;

    /// <summary>Most postings of one department.</summary>
    public const int PostingsLimit = 1_000_000;

    private const string Actor = "模拟";

    // Departments take turns in the log, as they do in reality: so many at a time, each with so many events.
    private const int DepartmentsInTurns = 16;
    private const int EventsInTurn = 250;
    private const int FirstCode = 100_001;

    /// <summary>The departments' codes, in the order of their postings.</summary>
    public IReadOnlyList<DepartmentCode> Departments { get; } =
        [.. Enumerable.Range(0, postings.Count).Select(n => new DepartmentCode((FirstCode + n).ToString(CultureInfo.InvariantCulture)))];

    /// <summary>Appends all of it to an empty log, and closes the years.</summary>
    /// <param name="progress">Told the number of events appended.</param>
    /// <returns>Where the log stands.</returns>
    /// <exception cref="InvalidOperationException">The log is not empty.</exception>
    /// <exception cref="ArgumentException">There are more departments or postings than the limits allow.</exception>
    public async Task<Seal> AppendAsync(IEventLog log, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (postings.Count > DepartmentsLimit || postings.Any(p => p is < 0 or > PostingsLimit))
        {
            throw new ArgumentException($"More than {DepartmentsLimit} departments or {PostingsLimit} postings of one.");
        }

        if ((await log.ReadHeadAsync(cancellationToken)).Position > 0)
        {
            throw new InvalidOperationException("Only an empty log is filled with what is made up.");
        }

        var ids = Chance.For(seed, -1);
        var groups = Enumerable.Range(0, postings.Count).Chunk(DepartmentsInTurns).ToList();
        var next = groups.Count == 0 ? null : MakeAsync(groups[0], cancellationToken);
        for (var g = 0; g < groups.Count; g++)
        {
            // The next group is made up while this one is stored.
            var group = await next!;
            next = g + 1 < groups.Count ? MakeAsync(groups[g + 1], cancellationToken) : null;
            await AppendAsync(log, group, ids, progress, cancellationToken);
        }

        return await log.ReadHeadAsync(cancellationToken);
    }

    private static async Task AppendAsync(
        IEventLog log, IReadOnlyList<Made> group, Chance ids, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await Append([.. group.Select(m => new StreamAppend(Streams.Department(m.Year.Code), 0, m.MasterData))]);
        for (var turn = 0; group.Any(m => m.Course.Count > turn); turn += EventsInTurn)
        {
            await Append([.. group.Where(m => m.Course.Count > turn).Select(m =>
                new StreamAppend(m.Stream, turn, m.Course.GetRange(turn, Math.Min(EventsInTurn, m.Course.Count - turn))))]);
        }

        var seal = await log.ReadHeadAsync(cancellationToken);
        await Append([.. group.Select(m => new StreamAppend(m.Stream, m.Course.Count, [.. m.Year.Close(seal).Select(Encode)]))]);

        async Task Append(IReadOnlyList<StreamAppend> streams)
        {
            var result = await log.AppendAsync(new(ids.NextGuid(), Actor, streams), cancellationToken);
            progress?.Report(result.LastPosition);
        }
    }

    private Task<Made[]> MakeAsync(int[] departments, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var made = new Made[departments.Length];
            Parallel.For(0, departments.Length, new() { CancellationToken = cancellationToken }, n => made[n] = Make(departments[n]));
            return made;
        },
        cancellationToken);

    private Made Make(int department)
    {
        var made = new SimulatedYear(Departments[department], year, form, postings[department], Chance.For(seed, department));
        return new(made, Streams.Year(made.Code, year), [.. made.MasterData().Select(Encode)], [.. made.Course().Select(Encode)]);
    }

    private static NewEvent Encode(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    private sealed record Made(SimulatedYear Year, string Stream, IReadOnlyList<NewEvent> MasterData, List<NewEvent> Course);
}
