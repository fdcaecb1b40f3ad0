using System.Globalization;
using System.Resources;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;

namespace FinalAccounts.Server.Pages;

/// <summary>The language of the pages: Chinese unless the reader has switched to English. A disclosure itself is always Chinese.</summary>
public static class Language
{
    private const string Cookie = "lang";
    private const string English = "en";

    private static readonly ResourceManager Texts = new("FinalAccounts.Server.Pages.Messages", typeof(Language).Assembly);

    /// <summary>Invariant for Chinese, <c>en</c> for English.</summary>
    public static CultureInfo Of(HttpContext context) =>
        context.Request.Cookies[Cookie] == English ? CultureInfo.GetCultureInfo(English) : CultureInfo.InvariantCulture;

    /// <summary>The pages' texts in the reader's language.</summary>
    public static Words WordsOf(HttpContext context) => new(Of(context), Texts);

    /// <summary>For the html element.</summary>
    public static string Tag(CultureInfo culture) => culture.Name == English ? English : "zh-Hans";

    /// <summary>The switch: remembers the choice and goes back to where it was made.</summary>
    public static void MapLanguage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/language/{language}", (string language, string? back, HttpContext context) =>
        {
            var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true, Secure = context.Request.IsHttps };
            context.Response.Cookies.Append(Cookie, language == English ? English : "zh", options);
            return Results.LocalRedirect(LocalPath(back));
        }).Needs(Right.Anything).ExcludeFromDescription();

    /// <summary>An address of this server; its home page for any other.</summary>
    private static string LocalPath(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) && Uri.IsWellFormedUriString(address, UriKind.Relative) ? address : "/";
}
