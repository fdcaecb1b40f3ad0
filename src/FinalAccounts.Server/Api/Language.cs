using System.Globalization;
using System.Resources;
using FinalAccounts.Regions;
using Microsoft.AspNetCore.Http.Headers;

namespace FinalAccounts.Server.Api;

/// <summary>The language of an answer where only one is shown: Chinese, or English for those who ask for it.</summary>
public static class Language
{
    private static readonly ResourceManager Texts = new("FinalAccounts.Server.Api.Messages", typeof(Language).Assembly);

    /// <summary>The texts of the API in Chinese.</summary>
    public static Words Chinese { get; } = new(CultureInfo.InvariantCulture, Texts);

    /// <summary>The texts of the API in English.</summary>
    public static Words English { get; } = new(CultureInfo.GetCultureInfo("en"), Texts);

    /// <summary>By Accept-Language: English when it is preferred to Chinese, Chinese otherwise.</summary>
    public static Words Words(this HttpContext context) => IsEnglish(context.Request) ? English : Chinese;

    /// <summary>The language's tag, for Content-Language and entity tags.</summary>
    public static string TagOf(Words words) => words == English ? "en" : "zh-Hans";

    private static bool IsEnglish(HttpRequest request)
    {
        var preferred = new RequestHeaders(request.Headers).AcceptLanguage;
        return Quality("en") > Quality("zh");

        double Quality(string language) => preferred
            .Where(p => p.Value.Equals(language, StringComparison.OrdinalIgnoreCase) || p.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase))
            .Select(p => p.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();
    }
}
