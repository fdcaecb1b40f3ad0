using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Jobs;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>Long work that was asked for.</summary>
/// <param name="Actor">Who asked for it.</param>
/// <param name="Kind">import, replay or verification.</param>
/// <param name="State">waiting, running, done or failed.</param>
/// <param name="Done">How much is done, in the unit of the work.</param>
/// <param name="Total">How much there is to do; absent while that is not known.</param>
/// <param name="Percent">How much of the step is done; absent while that is not known.</param>
/// <param name="Step">What is being done now.</param>
/// <param name="Rate">Items of the step a second: rows read, entries checked, events recorded; absent while that is not known.</param>
/// <param name="Import">What an import did; absent until it is done.</param>
/// <param name="Verification">What a verification found; absent until it is done.</param>
/// <param name="Replay">What a replay came to; absent until it is done.</param>
/// <param name="Problem">Why it failed; absent unless it did.</param>
/// <param name="Events">Where its progress can be followed as server-sent events.</param>
public sealed record JobItem(
    Guid Id,
    string Actor,
    string Kind,
    Instant StartedAt,
    JobState State,
    long Done,
    long? Total,
    int? Percent,
    string? Step,
    long? Rate,
    ImportResult? Import,
    VerificationResult? Verification,
    ReplayResult? Replay,
    ApiProblem? Problem,
    string Events)
{
    public static JobItem Of(Job job) => new(
        job.Id,
        job.Actor,
        job.Kind,
        job.StartedAt,
        job.State,
        job.Done,
        job.Total,
        job.Percent,
        job.Step,
        job.Rate,
        job.Result as ImportResult,
        job.Result as VerificationResult,
        job.Result as ReplayResult,
        job.Error is { } error ? Problems.Of(error) : null,
        FormattableString.Invariant($"{JobRoutes.PathOf(job)}/events"));
}

/// <summary>The jobs of a region: everybody sees the own ones, the bureau and the auditors all.</summary>
internal static class JobRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/regions/{region}/jobs", Jobs).Needs(Right.ReadBooks).Produces<Page<JobItem>>().AnsweringProblems();
        api.MapGet("/regions/{region}/jobs/{job:guid}", One).Needs(Right.ReadBooks).Produces<JobItem>().AnsweringProblems();
        api.MapGet("/regions/{region}/jobs/{job:guid}/events", Follow).Needs(Right.ReadBooks)
            .Produces<JobItem>(StatusCodes.Status200OK, "text/event-stream").AnsweringProblems();
    }

    public static string PathOf(Job job) => $"{ApiModule.Prefix}/regions/{job.Region}/jobs/{job.Id}";

    /// <summary>Answers that a job was started, and where it is.</summary>
    public static IResult Started(HttpContext http, Job job)
    {
        http.Response.Headers.Location = PathOf(job);
        return TypedResults.Json(JobItem.Of(job), ApiJson.Own.JobItem, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>The jobs of a region, the newest first.</summary>
    internal static IResult Jobs(LiveRegions regions, Account account, JobRegistry jobs, string region, [AsParameters] PageRequest page)
    {
        var live = Route.Region(regions, region);
        return TypedResults.Ok(Page<JobItem>.Of([.. jobs.Of(live.Region).Where(j => MaySee(account, j))], page, "", JobItem.Of));
    }

    /// <summary>A job.</summary>
    internal static IResult One(LiveRegions regions, Account account, JobRegistry jobs, string region, Guid job) =>
        TypedResults.Ok(JobItem.Of(Find(regions, account, jobs, region, job)));

    /// <summary>A job's progress until it is over, as server-sent events: each is the job as it is then.</summary>
    internal static IResult Follow(
        LiveRegions regions, Account account, JobRegistry jobs, string region, Guid job, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(EventsAsync(jobs, Find(regions, account, jobs, region, job).Id, cancellationToken));

    private static async IAsyncEnumerable<SseItem<JobItem>> EventsAsync(
        JobRegistry jobs, Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var job in jobs.FollowAsync(id, cancellationToken))
        {
            yield return new(JobItem.Of(job), job.IsOver ? "over" : "progress");
        }
    }

    private static Job Find(LiveRegions regions, Account account, JobRegistry jobs, string region, Guid id) =>
        jobs.Find(id) is { } job && job.Region == Route.Region(regions, region).Region && MaySee(account, job) ? job : throw ApiException.NotFound();

    private static bool MaySee(Account account, Job job) => job.Actor == account.Actor || account.Can(Right.Verify, job.Region);
}
