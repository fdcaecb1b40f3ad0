using FinalAccounts.EventLog;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Jobs;

namespace FinalAccounts.Server.Api;

/// <summary>Seals kept elsewhere, to prove a log with.</summary>
/// <param name="Seals">At most 1,000; none proves the chain by itself and the seals within it.</param>
public sealed record VerificationRequest(IReadOnlyList<SealItem>? Seals = null);

/// <summary>What a verification of a region's log found.</summary>
/// <param name="IsIntact">True when nothing was changed, removed, added or moved.</param>
/// <param name="Events">Events looked at.</param>
/// <param name="Head">Position and hash of the last event; keep it elsewhere as a seal.</param>
/// <param name="Seals">Seals looked at, in the log and from outside.</param>
/// <param name="FirstBadPosition">The first position at which the log is not what was written; absent when none is known to be bad.</param>
/// <param name="Findings">What is wrong, the first 200.</param>
/// <param name="FindingsCount">How much is wrong in all.</param>
/// <param name="ArchivedYears">Fiscal years whose events stand in files: of them only was looked at that the chain goes on behind them.</param>
public sealed record VerificationResult(
    bool IsIntact, long Events, SealItem Head, int Seals, long? FirstBadPosition, IReadOnlyList<VerificationFinding> Findings, long FindingsCount,
    IReadOnlyList<int> ArchivedYears);

/// <summary>One thing that is wrong with a log.</summary>
/// <param name="Rule">Which promise of the log is broken.</param>
/// <param name="Position">The position concerned; 0 when it concerns none.</param>
/// <param name="Arguments">Details, as docs/event-log.md says.</param>
public sealed record VerificationFinding(LogRule Rule, long Position, IReadOnlyList<string> Arguments);

/// <summary>Verifies logs.</summary>
internal static class VerificationRoutes
{
    private const int Seals = 1_000;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/regions/{region}/verifications", Verify).Needs(Right.Verify).Accepts<VerificationRequest>("application/json")
            .Produces<JobItem>(StatusCodes.Status202Accepted).AnsweringProblems(413, 415);

    /// <summary>Verifies the region's log: the chain of hashes, the seals in it and those that are sent. Long work; the answer says where to follow it.</summary>
    internal static async Task<IResult> Verify(
        HttpContext http, LiveRegions regions, Account account, JobRegistry jobs, string region, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var request = await Recordings.JsonAsync(http.Request, ApiJson.Own.VerificationRequest, cancellationToken);
        var seals = request.Seals ?? [];
        if (seals.Count > Seals || seals.Any(s => s.Position < 0 || s.Hash.Length != 64 || !s.Hash.All(char.IsAsciiHexDigit)))
        {
            throw ApiException.BadRequest("SealsWrong", Seals);
        }

        var events = live.Head.Position;
        return JobRoutes.Started(http, jobs.Start(live.Region, account.Actor, "verification", async (progress, cancelled) => Result(
            await live.Log.Events.VerifyAsync(
                [.. seals.Select(s => new Seal(s.Position, s.Hash))],
                new Progress<long>(done => progress.Report(done, events)),
                cancelled))));
    }

    private static VerificationResult Result(LogVerification found) => new(
        found.IsIntact,
        found.Events,
        SealItem.Of(found.Head),
        found.Seals,
        found.FirstBadPosition,
        [.. found.Findings.Select(f => new VerificationFinding(f.Rule, f.Position, f.Arguments))],
        found.FindingsCount,
        [.. found.Archived.Select(y => y.Value)]);
}
