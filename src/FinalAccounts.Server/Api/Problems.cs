using System.Text.Json;
using FinalAccounts.Documents;
using FinalAccounts.EventLog;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Rules;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Imports;
using FinalAccounts.Server.Jobs;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace FinalAccounts.Server.Api;

/// <summary>Says in an <see cref="ApiProblem"/> what an exception means to the one who asked. Nothing of the program's inside is in it.</summary>
public static class Problems
{
    /// <summary>The problem of an exception; one that nobody expects is an internal error, and the log has it.</summary>
    public static ApiProblem Of(Exception exception) => exception switch
    {
        ApiException e => Text(e.Status, e.Text, [.. e.Arguments]),
        RegionException e => Of(e),
        AccessException e => Of(e),
        RulesException e => Rules("RulesRefuse", [.. e.Refusals.Select(Of)], e.Refusals.Count),
        ImportRefusedException e => Rules("ImportRefused", [.. e.Errors.Listed.Select(Of)], e.Errors.Count),
        UploadException e => Upload(e),
        TooManyJobsException => Text(StatusCodes.Status503ServiceUnavailable, "TooManyJobs"),
        ChromiumMissingException => Text(StatusCodes.Status503ServiceUnavailable, "NoChromium"),
        PdfException => Text(StatusCodes.Status503ServiceUnavailable, "PrintFailed"),
        UnpublishableException e => Unpublishable(e.Document),
        VersionConflictException e => Text(StatusCodes.Status409Conflict, "VersionConflict", e.Expected, e.Found) with { Version = e.Found },
        YearArchivedException e => Text(StatusCodes.Status409Conflict, "YearArchived", e.Year),
        CommandIdReusedException => Text(StatusCodes.Status422UnprocessableEntity, "KeyReused"),
        ProjectionStoppedException e => Text(StatusCodes.Status503ServiceUnavailable, "RollupStopped", e.Generation.Position),
        RollupsNotBuiltException => Text(StatusCodes.Status503ServiceUnavailable, "RollupsNotBuilt"),
        LogUnavailableException or TimeoutException or (NpgsqlException and not PostgresException) => Text(StatusCodes.Status503ServiceUnavailable, "LogUnavailable"),
        LogDamagedException e => Text(StatusCodes.Status500InternalServerError, "LogDamaged", e.Position),
        BadHttpRequestException e => OfStatus(e.StatusCode),
        JsonException e => Text(StatusCodes.Status400BadRequest, "JsonWrong", e.Path ?? "$", (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1),
        _ => OfStatus(StatusCodes.Status500InternalServerError),
    };

    /// <summary>The problem that a status says by itself.</summary>
    public static ApiProblem OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Text(status, "RequestWrong"),
        StatusCodes.Status401Unauthorized => Text(status, "NotSignedIn"),
        StatusCodes.Status403Forbidden => Text(status, "NotAllowed"),
        StatusCodes.Status404NotFound => Text(status, "NotFound"),
        StatusCodes.Status405MethodNotAllowed => Text(status, "MethodNotAllowed"),
        StatusCodes.Status406NotAcceptable => Text(status, "NotAcceptable"),
        StatusCodes.Status412PreconditionFailed => Text(status, "PreconditionFailed"),
        StatusCodes.Status413PayloadTooLarge => Text(status, "TooLarge"),
        StatusCodes.Status415UnsupportedMediaType => Text(status, "UnsupportedMediaType"),
        StatusCodes.Status429TooManyRequests => Text(status, "TooManyRequests"),
        StatusCodes.Status503ServiceUnavailable => Text(status, "Unavailable"),
        < StatusCodes.Status500InternalServerError => Text(status, "RequestWrong"),
        _ => Text(status, "Internal"),
    };

    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        var headers = context.Response.Headers;
        headers.Remove(HeaderNames.ETag);
        headers.Remove(HeaderNames.CacheControl);
        headers.Remove(HeaderNames.Vary);
        if (problem.Status == StatusCodes.Status404NotFound)
        {
            // What is not there is answered like what is not the asker's to see, byte for byte.
            return Refusal.WriteAsync(context, AccessDecision.NotFound);
        }

        context.Response.StatusCode = problem.Status;
        headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = "1";
        }

        return context.Response.WriteAsJsonAsync(problem, ApiJson.Own.ApiProblem, ApiProblem.MediaType, context.RequestAborted);
    }

    /// <summary>A rule that is broken, with its place.</summary>
    public static ApiError Of(ImportError error) => new(
        error.RuleId,
        ImportMessages.Problem(error, Language.Chinese.Culture),
        ImportMessages.Problem(error, Language.English.Culture),
        ImportMessages.Advice(error, Language.Chinese.Culture),
        ImportMessages.Advice(error, Language.English.Culture),
        error.File,
        error.Line,
        error.Column,
        error.Value);

    /// <summary>A rule that a command breaks; the place is the member, with the index of its line from 0.</summary>
    public static ApiError Of(Finding finding)
    {
        var rule = RuleCatalogue.Find(finding.RuleId);
        return new(
            finding.RuleId,
            rule.Message(Language.Chinese.Culture, finding.Arguments),
            rule.Message(Language.English.Culture, finding.Arguments),
            rule.Remedy(Language.Chinese.Culture),
            rule.Remedy(Language.English.Culture),
            Column: CommandCodec.MemberOf(finding));
    }

    private static ApiProblem Of(RegionException e) => e.Kind switch
    {
        // What is not there and what is not the asker's read the same.
        ProblemKind.NotFound => OfStatus(StatusCodes.Status404NotFound),
        ProblemKind.Usage => Region(StatusCodes.Status400BadRequest, e),
        _ => Region(StatusCodes.Status422UnprocessableEntity, e),
    };

    private static ApiProblem Of(AccessException e) => Text(StatusCodes.Status403Forbidden, "NotAllowed") with
    {
        Detail = AccessTexts.Chinese.Text(e),
        DetailEn = AccessTexts.English.Text(e),
        Rule = $"A-{e.Problem}",
    };

    private static ApiProblem Region(int status, RegionException e) =>
        Text(status, "Region") with { Detail = e.ToText(Language.Chinese), DetailEn = e.ToText(Language.English), Type = Type(e.Problem.ToString()) };

    private static ApiProblem Rules(string text, IReadOnlyList<ApiError> errors, int count) => Text(StatusCodes.Status422UnprocessableEntity, text, count) with
    {
        Rule = errors.FirstOrDefault()?.Rule,
        Errors = errors,
        ErrorCount = count,
    };

    private static ApiProblem Upload(UploadException e) => Text(
        e.Problem switch
        {
            UploadProblem.TooLarge => StatusCodes.Status413PayloadTooLarge,
            UploadProblem.OtherBooks => StatusCodes.Status422UnprocessableEntity,
            UploadProblem.NoRoom => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        },
        $"Upload{e.Problem}",
        e.Name,
        UploadLimits.Files);

    private static ApiProblem Unpublishable(DisclosureDocument document)
    {
        var obstacles = DocumentTexts.Obstacles(document, Language.Chinese);
        var english = DocumentTexts.Obstacles(document, Language.English);
        var problem = Text(StatusCodes.Status422UnprocessableEntity, "Unpublishable", obstacles.Count);
        return problem with
        {
            Detail = $"{problem.Detail}\n{string.Join('\n', obstacles)}",
            DetailEn = $"{problem.DetailEn}\n{string.Join('\n', english)}",
            Rule = DocumentTexts.Errors(document).FirstOrDefault()?.Rule.Id,
            Errors = [.. DocumentTexts.Errors(document).Select(f => new ApiError(
                f.Rule.Id,
                f.ToText(Language.Chinese.Culture),
                f.ToText(Language.English.Culture),
                f.Rule.Remedy(Language.Chinese.Culture),
                f.Rule.Remedy(Language.English.Culture)))],
            ErrorCount = obstacles.Count,
        };
    }

    private static ApiProblem Text(int status, string key, params IReadOnlyList<object?> arguments) => new(
        Type(key),
        Language.Chinese[$"{key}.title"],
        Language.English[$"{key}.title"],
        status,
        Language.Chinese[$"{key}.detail", arguments],
        Language.English[$"{key}.detail", arguments]);

    private static string Type(string key) => "urn:finalaccounts:problem:" + JsonNamingPolicy.KebabCaseLower.ConvertName(key);
}

/// <summary>Turns whatever goes wrong in the API into an <see cref="ApiProblem"/>: exceptions, and statuses that say nothing more.</summary>
public sealed partial class ProblemWriter(RequestDelegate next, ILogger<ProblemWriter> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var problem = Problems.Of(e);
            if (problem.Status >= StatusCodes.Status500InternalServerError)
            {
                Failed(context.Request.Method, context.Request.Path, problem.Status, e);
            }

            // Who named the version that the year must stand at gets the answer of a precondition.
            await Problems.WriteAsync(
                context,
                e is VersionConflictException && context.Request.Headers.IfMatch.Count > 0
                    ? problem with { Status = StatusCodes.Status412PreconditionFailed }
                    : problem);
            return;
        }

        // What has begun can't be taken back: the server ends the connection, so that nobody takes a half answer for a whole one.
        if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: >= 400 })
        {
            await Problems.WriteAsync(context, Problems.OfStatus(context.Response.StatusCode));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} ends with {Status}")]
    private partial void Failed(string method, PathString path, int status, Exception exception);
}
