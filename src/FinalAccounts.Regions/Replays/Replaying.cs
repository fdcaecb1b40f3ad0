using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Documents;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Reporting.Replays;

namespace FinalAccounts.Regions.Replays;

/// <summary>
/// Replays a region: rebuilds facts and documents from the log alone into a fresh place, and holds each document against what was
/// published, byte for byte. Reads only, and only up to where the log stands when it begins, so that it may run while the system does.
/// </summary>
public static class Replaying
{
    /// <summary>Documents that are built at the same time, and connections that read the log.</summary>
    private static readonly int Workers = Math.Min(Environment.ProcessorCount, LogLimits.ScanHandlers);

    /// <summary>Replays the region, or goes on with a replay that was interrupted.</summary>
    /// <param name="year">Only this year; null for all.</param>
    /// <param name="department">Only this department; null for all.</param>
    /// <param name="folder">Where everything is written; must be empty, not there, or hold the same replay, not complete.</param>
    /// <param name="packs">What the documents are built with; <see cref="FormPacks.OfProgram"/> as a rule.</param>
    /// <exception cref="LogDamagedException">The log is not what was written.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="RegionException">The folder is taken.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static async Task<ReplayReport> RunAsync(
        RegionLog log, FiscalYear? year, DepartmentCode? department, string folder, FormPacks packs, IProgress<ReplayProgress>? progress,
        CancellationToken cancellationToken)
    {
        var wanted = new ReplayPlan(log.Region, await log.ReadHeadAsync(cancellationToken), year, department, Publishing.Program, packs.Sha256());
        using var target = ReplayFolder.Open(folder, wanted);
        var plan = target.Plan;
        var scanned = await ScanAsync(log, plan, progress, cancellationToken);

        var done = new ConcurrentBag<ReplayedDocument>();
        await Parallel.ForEachAsync(
            scanned.Documents,
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken },
            async (wish, stop) =>
            {
                done.Add(target.Find(wish.Name) ?? await ReplayAsync(log, wish, packs, target, stop));
                progress?.Report(new(plan.Head.Position, plan.Head.Position, done.Count, scanned.Documents.Count));
            });

        var report = new ReplayReport(
            log.Region, plan.Head, Publishing.Program, scanned.Years,
            [.. done.OrderBy(d => d.Department.ToString(), StringComparer.Ordinal).ThenBy(d => d.Year).ThenBy(d => d.Publication)],
            scanned.HasMembers);
        target.Finish(report);
        return report;
    }

    /// <summary>Reads the log once: checks its chain, sums up the facts, and notes what was published.</summary>
    private static async Task<Scanned> ScanAsync(
        RegionLog log, ReplayPlan plan, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        var parts = Enumerable.Range(0, Workers).Select(_ => new ScanPart()).ToList();
        await log.Events.ScanAllAsync(
            plan.Head, [.. parts.Select(p => (ScannedEventHandler)p.Take)],
            progress is null ? null : new EventCounter(plan.Head.Position, progress), cancellationToken);

        var publications = parts.SelectMany(p => p.Publications).ToLookup(p => p.Stream, p => (p.Position, p.Published));
        var years = FactTally.Merge([.. parts.Select(p => p.Facts)])
            .Where(y => (plan.Year is not { } only || y.Year == only) && (plan.Department is not { } one || y.Department == one)).ToList();
        return new(
            years.Count,
            [.. years.SelectMany(y => Wishes(y, [.. publications[Streams.Year(y.Department, y.Year)].OrderBy(p => p.Position)], plan.Head))],
            parts.Exists(p => p.HasMembers));
    }

    /// <summary>The documents of a year: one for each publication, the last one under the year's own name; without any, as things stand.</summary>
    private static IEnumerable<Wish> Wishes(YearTotals totals, List<(long Position, DisclosurePublished Published)> publications, Seal head)
    {
        var name = $"{totals.Department}-{totals.Year}";
        if (publications.Count == 0)
        {
            yield return new(name, totals, head, null, null);
        }

        for (var i = 0; i < publications.Count; i++)
        {
            var (position, published) = publications[i];
            yield return new(
                i == publications.Count - 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{position}"),
                totals, published.Seal, position, published);
        }
    }

    private static async Task<ReplayedDocument> ReplayAsync(
        RegionLog log, Wish wish, FormPacks packs, ReplayFolder target, CancellationToken cancellationToken)
    {
        var department = await log.ReadDepartmentAsync(wish.Totals.Department, cancellationToken);
        var replayed = new ReplayedDocument(
            department.Code, department.Name, wish.Totals.Year, ReplayVerdict.Failed, wish.Publication, wish.Seal, wish.Published?.DocumentSha256,
            null, IsKept: false, null, null, null, [], null);
        var files = new List<(string Name, byte[] Content)> { ("facts.json", ReplayFolder.Facts(wish.Totals)) };
        var (json, form, problem) = await TryBuildAsync(log, department, wish, packs, cancellationToken);
        if (json is null || form is null)
        {
            replayed = replayed with { Problem = problem };
        }
        else
        {
            files.Add(("disclosure.json", json));
            replayed = wish.Published is null
                ? replayed with { Verdict = ReplayVerdict.NotPublished, Now = Sha256(json) }
                : await CompareAsync(log, department, wish, replayed, json, form, files, cancellationToken);
        }

        target.Write(wish.Name, replayed, files);
        return replayed;
    }

    /// <summary>Holds a document against the published one.</summary>
    private static async Task<ReplayedDocument> CompareAsync(
        RegionLog log, Department department, Wish wish, ReplayedDocument replayed, byte[] json, FormPack form,
        List<(string Name, byte[] Content)> files, CancellationToken cancellationToken)
    {
        var published = wish.Published!;
        var kept = await ReadKeptAsync(log, published.DocumentSha256, cancellationToken);
        var change = published.FormPack is { } then && then.Sha256 != form.Contents.Sha256
            ? new FormChange(then.Name, then.Sha256, form.Contents.Sha256, await ChangedFilesAsync(log, then, form, cancellationToken))
            : null;
        replayed = replayed with
        {
            Verdict = ReplayVerdict.Same,
            Now = Sha256(json),
            IsKept = kept is not null,
            Program = published.Program is { } program && program != Publishing.Program ? program : null,
            Form = change,
        };
        if (replayed.Now == published.DocumentSha256)
        {
            return replayed;
        }

        if (kept is not null)
        {
            files.Add(("published.json", kept));
        }

        return replayed with
        {
            Verdict = ReplayVerdict.Drift,
            Moved = kept is null ? [] : DocumentDrift.Between(kept, json),
            Cause = await CauseAsync(log, department, wish, replayed, cancellationToken),
        };
    }

    private static async Task<DriftCause> CauseAsync(
        RegionLog log, Department department, Wish wish, ReplayedDocument replayed, CancellationToken cancellationToken)
    {
        if (replayed.Form is null)
        {
            return replayed.Program is null ? DriftCause.Unknown : DriftCause.Program;
        }

        // Rebuilt with the form pack of then: if that gives what was published, nothing else is to blame.
        if (await ReadKeptPackAsync(log, wish.Published!.FormPack!, cancellationToken) is { } packs
            && await TryBuildAsync(log, department, wish, packs, cancellationToken) is ({ } json, _, _)
            && Sha256(json) == replayed.Published)
        {
            return DriftCause.FormPack;
        }

        return replayed.Program is null ? DriftCause.Unknown : DriftCause.FormPackAndProgram;
    }

    /// <summary>Builds the document as of its seal; without it, says why not.</summary>
    private static async Task<(byte[]? Json, FormPack? Form, string? Problem)> TryBuildAsync(
        RegionLog log, Department department, Wish wish, FormPacks packs, CancellationToken cancellationToken)
    {
        try
        {
            var reported = await ReportedYear.BuildAsync(log, department, wish.Totals.Year, new(Position: wish.Seal.Position), packs, cancellationToken);
            return reported.Seal == wish.Seal
                ? (JsonWriter.Write(reported.Document), ReportedYear.Pack(reported.Books.Current.Opened!, packs), null)
                : throw new LogDamagedException(wish.Seal.Position, "The chain does not run through the seal of the publication.");
        }
        catch (RegionException e)
        {
            return (null, null, e.ToText(new(CultureInfo.InvariantCulture)));
        }
        catch (FormPackException e)
        {
            return (null, null, string.Join('\n', e.Problems.Select(p => p.ToText(CultureInfo.InvariantCulture))));
        }
    }

    private static async Task<byte[]?> ReadKeptAsync(RegionLog log, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return (await log.Documents.ReadAsync(sha256, cancellationToken))?.Content;
        }
        catch (DocumentDamagedException)
        {
            // As good as gone; `verify` names it.
            return null;
        }
    }

    /// <summary>The paths of the files that are not what they were, are new or are gone; empty when nobody knows what they were.</summary>
    private static async Task<IReadOnlyList<string>> ChangedFilesAsync(
        RegionLog log, PublishedForm then, FormPack now, CancellationToken cancellationToken)
    {
        if (await ReadKeptAsync(log, then.Sha256, cancellationToken) is not { } list)
        {
            return [];
        }

        var (was, isNow) = (PackContents.ReadList(list), PackContents.ReadList(now.Contents.List()));
        return [.. was.Except(isNow).Concat(isNow.Except(was)).Select(f => f.Key).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The form pack as it was; null when not all of its files are kept.</summary>
    private static async Task<FormPacks?> ReadKeptPackAsync(RegionLog log, PublishedForm then, CancellationToken cancellationToken)
    {
        if (await ReadKeptAsync(log, then.Sha256, cancellationToken) is not { } list)
        {
            return null;
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, sha256) in PackContents.ReadList(list))
        {
            if (await ReadKeptAsync(log, sha256, cancellationToken) is not { } content)
            {
                return null;
            }

            files.Add(path, Encoding.UTF8.GetString(content));
        }

        return FormPacks.Kept(files);
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A document that is to be rebuilt.</summary>
    /// <param name="Name">Of its folder.</param>
    private sealed record Wish(string Name, YearTotals Totals, Seal Seal, long? Publication, DisclosurePublished? Published);

    private sealed record Scanned(int Years, IReadOnlyList<Wish> Documents, bool HasMembers);

    /// <summary>What one worker sees of the log.</summary>
    private sealed class ScanPart
    {
        public FactTally Facts { get; } = new();

        public List<(string Stream, long Position, DisclosurePublished Published)> Publications { get; } = [];

        public bool HasMembers { get; private set; }

        public void Take(in ScannedEvent e)
        {
            Facts.Take(e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedMicroseconds, e.Actor, e.Body);
            if (e.Type == "disclosure-published")
            {
                Publications.Add((e.Stream, e.Position, (DisclosurePublished)EventCodec.Decode(e.Type, e.SchemaVersion, e.Body)));
            }
            else if (e.Type == "members-determined")
            {
                HasMembers = true;
            }
        }
    }

    private sealed class EventCounter(long inAll, IProgress<ReplayProgress> progress) : IProgress<long>
    {
        private long read;

        public void Report(long value) => progress.Report(new(Interlocked.Add(ref read, value), inAll, 0, 0));
    }
}
