using System.Text.Encodings.Web;
using System.Text.Json;

namespace FinalAccounts.Server.Access;

/// <summary>
/// How a refused request is answered: programs get problem+json, people a page. The answer names neither the path nor the
/// account, so that all refusals of a kind are the same bytes.
/// </summary>
internal static class Refusal
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True for the routes of programs.</summary>
    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    /// <summary>True when a program asks, which a sign-in page would not help.</summary>
    private static bool IsProgram(HttpRequest request) => IsApi(request) || TokenAuthentication.TokenOf(request) is not null;

    public static Task WriteAsync(HttpContext context, AccessDecision decision)
    {
        if (!IsProgram(context.Request) && decision == AccessDecision.NotSignedIn)
        {
            // After a form that was sent too late, its page is shown again, not the form repeated.
            Redirect(context, $"/sign-in?return={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            return Task.CompletedTask;
        }

        if (!IsProgram(context.Request) && decision == AccessDecision.PasswordDue)
        {
            Redirect(context, "/account/password");
            return Task.CompletedTask;
        }

        switch (decision)
        {
            case AccessDecision.NotSignedIn:
                context.Response.Headers.WWWAuthenticate = TokenAuthentication.SchemeName;
                return WriteAsync(context, StatusCodes.Status401Unauthorized, "NotSignedIn");
            case AccessDecision.PasswordDue:
                return WriteAsync(context, StatusCodes.Status403Forbidden, "PasswordDue");
            case AccessDecision.Forbidden:
                return WriteAsync(context, StatusCodes.Status403Forbidden, "Forbidden");
            default:
                return WriteAsync(context, StatusCodes.Status404NotFound, "NotFound");
        }
    }

    /// <summary>Sets the status; for programs also a problem that says it in both languages. Pages get theirs from the status.</summary>
    /// <param name="name">The text is <c>Refusal</c> and this name in Messages.resx; in the problem it stands as <c>rule</c>.</param>
    public static Task WriteAsync(HttpContext context, int status, string name, params object[] arguments)
    {
        context.Response.StatusCode = status;
        return IsProgram(context.Request)
            ? context.Response.WriteAsJsonAsync(Problem(status, name, "Refusal" + name, arguments), Options, "application/problem+json", context.RequestAborted)
            : Task.CompletedTask;
    }

    /// <summary>The answer of a route to what an <see cref="AccessException"/> says.</summary>
    public static IResult Result(AccessException refused)
    {
        var status = refused.Problem == AccessProblem.NoSuchUser ? StatusCodes.Status404NotFound
            : refused.Problem == AccessProblem.ChangedMeanwhile ? StatusCodes.Status409Conflict
            : refused.Problem is AccessProblem.TokenByToken or AccessProblem.OwnAdministration or AccessProblem.MemberClosed ? StatusCodes.Status403Forbidden
            : StatusCodes.Status422UnprocessableEntity;
        var name = refused.Problem.ToString();
        return Results.Json(
            Problem(status, name, "Problem" + name, refused.Arguments), Options, "application/problem+json", status);
    }

    /// <summary>The answer of a route that finds nothing: the same as where nothing may be read.</summary>
    public static IResult NotFound() => Results.Json(
        Problem(StatusCodes.Status404NotFound, "NotFound", "RefusalNotFound", []), Options, "application/problem+json", StatusCodes.Status404NotFound);

    private static void Redirect(HttpContext context, string target)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = target;
    }

    private static AccessProblemBody Problem(int status, string name, string text, IReadOnlyList<object> arguments) => new(
        $"urn:finalaccounts:problem:{JsonNamingPolicy.KebabCaseLower.ConvertName(name)}",
        AccessTexts.Chinese[text, arguments],
        AccessTexts.English[text, arguments],
        status,
        $"A-{name}");
}

/// <summary>RFC 9457, with the title in both languages and the rule's id.</summary>
internal sealed record AccessProblemBody(string Type, string Title, string TitleEn, int Status, string Rule);
