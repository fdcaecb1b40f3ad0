using FinalAccounts.EventLog;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace FinalAccounts.Server.Pages;

/// <summary>Shows a page that says what is wrong, instead of one that can't be shown.</summary>
internal sealed partial class PageProblems(RequestDelegate next, ILogger<PageProblems> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false } && IsPage(context) && context.Response.ContentType is null)
            {
                // Refused before there was a page: by the access rules, by a limit, or because nothing is at the address.
                await ShowAsync(context, context.Response.StatusCode, Language.WordsOf(context)[$"ProblemStatus{Known(context.Response.StatusCode)}"]);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has gone.
        }
        catch (Exception e) when (IsPage(context) && !context.Response.HasStarted)
        {
            var (status, text) = Of(e, Language.WordsOf(context));
            if (status == StatusCodes.Status500InternalServerError)
            {
                Failed(logger, context.Request.Path, e);
            }

            await ShowAsync(context, status, text);
        }
    }

    /// <summary>A page with the status and what is wrong.</summary>
    public static async Task ShowAsync(HttpContext context, int status, string text)
    {
        var retry = context.Response.Headers.RetryAfter;
        context.Response.Clear();
        context.Response.Headers.RetryAfter = retry;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        context.Response.Headers.CacheControl = "no-store";

        // The services of the request may be those of a page that was half rendered.
        await using var scope = context.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var before = context.RequestServices;
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await new RazorComponentResult<ProblemPage>(new { Status = status, Text = text }) { StatusCode = status }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = before;
        }
    }

    /// <summary>The statuses that there are texts for; others are told as an error of the server.</summary>
    public static int Known(int status) => status is 400 or 401 or 403 or 404 or 405 or 409 or 413 or 415 or 422 or 429 or 503 ? status : 500;

    private static (int Status, string Text) Of(Exception exception, Words words) => exception switch
    {
        PageException e => (e.Status, e.Message),
        AccessException e => (StatusCodes.Status403Forbidden, AccessTexts.In(words.Culture).Text(e)),

        // Its text lists the region's departments, which are not for everybody.
        RegionException { Problem: RegionProblem.DepartmentUnknown } => (StatusCodes.Status404NotFound, words["ProblemNotHere"]),
        RegionException { Kind: ProblemKind.NotFound } e => (StatusCodes.Status404NotFound, e.ToText(words)),
        RegionException { Kind: ProblemKind.Usage } e => (StatusCodes.Status400BadRequest, e.ToText(words)),
        RegionException e => (StatusCodes.Status409Conflict, e.ToText(words)),
        RulesException e => (StatusCodes.Status422UnprocessableEntity, e.ToText(words)),
        YearArchivedException archived => (StatusCodes.Status409Conflict, words["ProblemArchived", archived.Year]),
        VersionConflictException => (StatusCodes.Status409Conflict, words["ProblemConflict"]),
        RollupsNotBuiltException => (StatusCodes.Status503ServiceUnavailable, words["RollupsNotBuilt"]),
        LogUnavailableException or NpgsqlException => (StatusCodes.Status503ServiceUnavailable, words["ProblemUnavailable"]),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, words["ProblemTooLarge"]),
        BadHttpRequestException e => (e.StatusCode, words["ProblemRequest"]),
        _ => (StatusCodes.Status500InternalServerError, words["ProblemInternal"]),
    };

    private static bool IsPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !context.Request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Error, "The page {Path} failed")]
    private static partial void Failed(ILogger logger, string path, Exception exception);
}
