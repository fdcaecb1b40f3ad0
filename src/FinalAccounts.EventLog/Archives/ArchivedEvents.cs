using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog.Archives;

/// <summary>
/// What a verification sees of the archived years: the events of those whose files are at hand, and of the others the runs of positions
/// to be stepped over.
/// </summary>
internal sealed class ArchivedEvents : IAsyncDisposable
{
    private readonly List<OpenLogFile> files = [];
    private ArchivedRuns steppedOver = ArchivedRuns.None;

    /// <summary>The archived years that are not looked at.</summary>
    public IReadOnlyList<FiscalYear> NotLookedAt { get; private set; } = [];

    /// <summary>Opens the files that are the region's.</summary>
    /// <param name="paths">Files of archived years; those of years that are not archived are left aside.</param>
    /// <param name="mismatch">Told the year and what differs: between the two tables of what is away, or between a table and a file.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static async Task<ArchivedEvents> OpenAsync(
        NpgsqlConnection connection, RegionCode region, IReadOnlyCollection<string> paths, Action<FiscalYear, string> mismatch,
        CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        var years = await YearArchive.ListAsync(connection, schema, cancellationToken);
        var runs = await ArchivedRuns.ReadAsync(connection, schema, cancellationToken);
        var looked = new HashSet<FiscalYear>();
        var archived = new ArchivedEvents();
        foreach (var path in paths)
        {
            if (await FindAsync(path, region, years, runs, mismatch, cancellationToken) is { } year && looked.Add(year))
            {
                archived.files.Add(await OpenLogFile.OpenAsync(path, cancellationToken));
            }
        }

        foreach (var year in years)
        {
            if (runs.All.Where(r => r.Year == year.Year).Sum(r => r.Last - r.First + 1) != year.Events)
            {
                mismatch(year.Year, "events");
            }
        }

        foreach (var unknown in runs.All.Select(r => r.Year).Distinct().Except(years.Select(y => y.Year)))
        {
            mismatch(unknown, "runs");
        }

        archived.NotLookedAt = [.. years.Select(y => y.Year).Where(y => !looked.Contains(y))];
        archived.steppedOver = new(runs.All.Where(r => !looked.Contains(r.Year)));
        return archived;
    }

    /// <summary>The run that begins at a position and is stepped over; null when none does.</summary>
    public ArchivedRun? RunAt(long position) => steppedOver.Find(position) is { } run && run.First == position ? run : null;

    /// <summary>The next event of the files, if it stands before a position.</summary>
    public async ValueTask<StoredEvent?> NextBeforeAsync(long position, CancellationToken cancellationToken)
    {
        if (files.MinBy(f => f.Next?.Position ?? long.MaxValue) is not { Next: { } next } first || next.Position >= position)
        {
            return null;
        }

        await first.MoveAsync(cancellationToken);
        return next;
    }

    /// <summary>True for a position whose event is not looked at.</summary>
    public bool IsSteppedOver(long position) => steppedOver.Find(position) is not null;

    /// <summary>The hashes of those events at the positions that are away and known: of the files, and at the ends of the runs.</summary>
    public async Task<IReadOnlyDictionary<long, byte[]>> HashesAsync(IReadOnlySet<long> positions, CancellationToken cancellationToken)
    {
        var hashes = steppedOver.All.Where(r => positions.Contains(r.Last)).ToDictionary(r => r.Last, r => r.LastHash);
        foreach (var opened in files)
        {
            await using var file = File.OpenRead(opened.Path);
            await using var reader = await LogFileReader.OpenAsync(file, cancellationToken);
            await foreach (var e in reader.ReadAsync(cancellationToken))
            {
                if (positions.Contains(e.Position))
                {
                    hashes[e.Position] = e.Hash;
                }
            }
        }

        return hashes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in files)
        {
            await file.DisposeAsync();
        }
    }

    /// <returns>The year whose file it is; null when it is not what was written for an archived year of the region.</returns>
    private static async Task<FiscalYear?> FindAsync(
        string path, RegionCode region, IReadOnlyList<ArchivedYear> years, ArchivedRuns runs, Action<FiscalYear, string> mismatch,
        CancellationToken cancellationToken)
    {
        var (contents, sha256) = await YearFile.CheckAsync(path, cancellationToken);
        if (contents.Header.Region != region || contents.Header.Year is not { } year || years.FirstOrDefault(y => y.Year == year) is not { } archived)
        {
            return null;
        }

        if (archived.Sha256 != sha256)
        {
            mismatch(year, "sha256");
            return null;
        }

        var away = runs.All.Where(r => r.Year == year).Select(r => (r.First, r.Last, Convert.ToHexStringLower(r.LastHash)));
        if (!away.SequenceEqual(contents.Runs.Select(r => (r.After.Position + 1, r.Last.Position, r.Last.Hash))))
        {
            mismatch(year, "runs");
        }

        return year;
    }
}
