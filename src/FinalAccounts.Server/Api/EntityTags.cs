using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Documents;
using FinalAccounts.Ledger;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Books;
using Microsoft.Net.Http.Headers;

namespace FinalAccounts.Server.Api;

/// <summary>
/// Entity tags of what depends on a year: the version of the year's stream, and a digest of everything else that the answer depends on
/// (the other streams, format, language, program). So the tag of any answer about a year is also what If-Match takes.
/// </summary>
public static class EntityTags
{
    // Deterministic builds: the same code has the same ids.
    private static readonly string Program = string.Concat(
        new[] { typeof(EntityTags), typeof(RegionLog), typeof(HtmlWriter), typeof(DisclosureDocument), typeof(Money) }
            .Select(t => t.Assembly.ManifestModule.ModuleVersionId.ToString("N")));

    /// <summary>The tag of an answer.</summary>
    /// <param name="kind">What is answered, with everything that the request says of it.</param>
    public static string Of(LiveRegion region, YearQuery query, string kind, Words words)
    {
        var version = region.Year(query.Department, query.Year)?.Version ?? 0;
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{region.Region}|{region.TagOf(query)}|{kind}|{Language.TagOf(words)}|{Program}"));
        return string.Create(CultureInfo.InvariantCulture, $"\"{version}-{Base64Url.EncodeToString(digest.AsSpan(0, 12))}\"");
    }

    /// <summary>The tag of an answer about all departments of a region: it begins with the position that the answer is as of.</summary>
    /// <param name="kind">What is answered, with everything that the request says of it.</param>
    public static string Of(LiveRegion region, RollupStanding standing, string kind)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{region.Region}|{standing.Generation}|{standing.Head}|{standing.Error}|{kind}|{Program}")));
        return string.Create(CultureInfo.InvariantCulture, $"\"{standing.Position}-{Base64Url.EncodeToString(digest.AsSpan(0, 12))}\"");
    }

    /// <summary>What the pages of a list of the year hang on: a cursor of another list, or of another state of the year, is refused.</summary>
    /// <param name="of">Which list.</param>
    public static string Short(Asked asked, string of) => Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{asked.Live.TagOf(asked.Query)}|{of}")).AsSpan(0, 9));

    /// <summary>Sets the tag; true when the asker has the answer already.</summary>
    public static bool IsKnown(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.Vary = "Accept, Accept-Language";
        var known = context.Request.Headers.IfNoneMatch;
        return known.Count > 0
            && EntityTagHeaderValue.TryParseList(known, out var tags)
            && tags.Any(t => t.Tag == "*" || t.Tag == tag);
    }

    /// <summary>The version of the year that If-Match names; null when the request has none, or says that any will do.</summary>
    /// <exception cref="ApiException">It is not a tag of a year.</exception>
    public static long? Expected(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return null;
        }

        if (EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags) && tags is [{ IsWeak: false, Tag: var tag }])
        {
            var text = tag.AsSpan().Trim('"');
            var end = text.IndexOf('-');
            if (tag == "*")
            {
                return null;
            }

            if (long.TryParse(end < 0 ? text : text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                return version;
            }
        }

        throw ApiException.BadRequest("IfMatchWrong");
    }
}
