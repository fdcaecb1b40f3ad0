using FinalAccounts.Regions.Replays;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Reporting.Replays;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Jobs;

namespace FinalAccounts.Server.Api;

/// <summary>What is to be replayed.</summary>
/// <param name="Year">Only this fiscal year; all when absent.</param>
/// <param name="Department">Only this department; all when absent.</param>
public sealed record ReplayRequest(int? Year = null, string? Department = null);

/// <summary>What a replay came to.</summary>
/// <param name="IsFaithful">True when every published document came out as it was published, byte for byte.</param>
/// <param name="Head">The log was replayed up to here, its chain checked.</param>
/// <param name="Program">The program that replayed.</param>
/// <param name="Years">Years of departments whose facts were rebuilt.</param>
/// <param name="Documents">By department, year and publication.</param>
public sealed record ReplayResult(bool IsFaithful, SealItem Head, string Program, int Years, IReadOnlyList<ReplayedItem> Documents)
{
    public static ReplayResult Of(ReplayReport report) =>
        new(report.IsFaithful, SealItem.Of(report.Head), report.Program, report.Years, [.. report.Documents.Select(ReplayedItem.Of)]);
}

/// <summary>One document of a replay.</summary>
/// <param name="Verdict">How it stands to what was published.</param>
/// <param name="Publication">Position of the event that published it; absent when the year is not published.</param>
/// <param name="Seal">What it was built from.</param>
/// <param name="Published">SHA-256 of the published bytes.</param>
/// <param name="Now">SHA-256 of the bytes as rebuilt; absent when it could not be.</param>
/// <param name="IsKept">False when only the hash of what was published could be compared.</param>
/// <param name="Program">The program that made the published document; absent when it is not known or the same as now.</param>
/// <param name="Form">How the form pack differs; absent when it does not, or what it was is not known.</param>
/// <param name="Cause">Where drift comes from; absent without drift.</param>
/// <param name="Moved">What moved; empty without drift.</param>
/// <param name="Problem">Why it could not be rebuilt.</param>
public sealed record ReplayedItem(
    string Department,
    string Name,
    int Year,
    ReplayVerdict Verdict,
    long? Publication,
    SealItem Seal,
    string? Published,
    string? Now,
    bool IsKept,
    string? Program,
    FormChange? Form,
    DriftCause? Cause,
    IReadOnlyList<Moved> Moved,
    string? Problem)
{
    public static ReplayedItem Of(ReplayedDocument document) => new(
        document.Department.ToString(),
        document.Name,
        document.Year.Value,
        document.Verdict,
        document.Publication,
        SealItem.Of(document.Seal),
        document.Published,
        document.Now,
        document.IsKept,
        document.Program,
        document.Form,
        document.Cause,
        document.Moved,
        document.Problem);
}

/// <summary>Replays.</summary>
internal static class ReplayRoutes
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/regions/{region}/replays", Replay).Needs(Right.Verify).Accepts<ReplayRequest>("application/json")
            .Produces<JobItem>(StatusCodes.Status202Accepted).AnsweringProblems(413, 415);

    /// <summary>
    /// Rebuilds facts and documents from the log alone and compares them with what was published, byte for byte. Long work; the answer says
    /// where to follow it. Nothing of the system is changed, and what was rebuilt is not kept.
    /// </summary>
    internal static async Task<IResult> Replay(
        HttpContext http, LiveRegions regions, Account account, JobRegistry jobs, string region, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var request = await Recordings.JsonAsync(http.Request, ApiJson.Own.ReplayRequest, cancellationToken);
        var year = request.Year is { } wanted ? Route.Year(wanted) : (Ledger.FiscalYear?)null;
        var department = request.Department is { } code ? Route.Registered(live, code).Code : (Ledger.DepartmentCode?)null;
        return JobRoutes.Started(http, jobs.Start(live.Region, account.Actor, "replay", async (progress, cancelled) =>
        {
            var folder = Directory.CreateTempSubdirectory("finalaccounts-replay-").FullName;
            try
            {
                return ReplayResult.Of(await Replaying.RunAsync(
                    live.Log, year, department, folder, FormPacks.OfProgram, new Reported(progress), cancelled));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }));
    }

    private sealed class Reported(JobProgress job) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            job.Step(value.DocumentsInAll == 0 ? "events" : "documents");
            job.Report(value.DocumentsInAll == 0 ? value.Events : value.Documents, value.DocumentsInAll == 0 ? value.EventsInAll : value.DocumentsInAll);
        }
    }
}
