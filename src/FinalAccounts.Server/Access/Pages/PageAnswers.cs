using Microsoft.AspNetCore.Http.HttpResults;

namespace FinalAccounts.Server.Access.Pages;

/// <summary>Answers of pages that are no page.</summary>
internal static class PageAnswers
{
    /// <summary>The address when it is one of this server, else the start page: nobody is led elsewhere by a link to the sign-in.</summary>
    public static string Local(string? address) => address is not null && RedirectHttpResult.IsLocalUrl(address) && address[0] == '/' ? address : "/";

    /// <summary>After a form: another page, by GET.</summary>
    public static void SeeOther(this HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }

    /// <summary>A form that was refused is shown again, with why.</summary>
    public static AccessException Refuse(this HttpContext context, AccessException refused)
    {
        context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return refused;
    }
}
