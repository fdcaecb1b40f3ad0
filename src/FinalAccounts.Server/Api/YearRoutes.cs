using FinalAccounts.Ledger.Closing;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>A department's year in a few numbers, as it stands now.</summary>
/// <param name="Department">Budget code.</param>
/// <param name="Name">The department's name.</param>
/// <param name="Status">How far it has come: open, submitted, closed or published.</param>
/// <param name="Version">How many events the year's stream has; what If-Match compares with.</param>
/// <param name="LastPosition">The position of its last event.</param>
/// <param name="LastRecordedAt">When that was recorded.</param>
/// <param name="Budget">年初预算.</param>
/// <param name="AdjustedBudget">年初预算 with 追加, 扣回 and 调剂.</param>
/// <param name="Income">本年收入.</param>
/// <param name="Expenditure">本年支出.</param>
/// <param name="PublishedSha256">SHA-256 of the published disclosure.json; absent when nothing is published.</param>
/// <param name="PublishedAt">The position of that publication.</param>
public sealed record YearItem(
    string Department,
    string Name,
    int Year,
    YearStatus Status,
    long Version,
    long LastPosition,
    Instant LastRecordedAt,
    Amount Budget,
    Amount AdjustedBudget,
    Amount Income,
    Amount Expenditure,
    string? PublishedSha256,
    long? PublishedAt);

/// <summary>A department's year as it stands as of a moment.</summary>
/// <param name="Overview">The year as it stands now.</param>
/// <param name="FormPack">The form pack that the document is made with.</param>
/// <param name="IsClosed">Whether the year was closed as of the moment.</param>
/// <param name="Seal">The last event that could count.</param>
/// <param name="Findings">The rules of documents that are broken.</param>
/// <param name="Missing">What the document needs and the books do not have.</param>
/// <param name="IsPublishable">True when none of these keeps the document from being published.</param>
/// <param name="Units">The units that a consolidated document is made from, the department itself first; absent otherwise.</param>
public sealed record YearDetail(
    YearItem Overview,
    string FormPack,
    bool IsClosed,
    SealItem Seal,
    IReadOnlyList<FindingItem> Findings,
    IReadOnlyList<MissingThing> Missing,
    bool IsPublishable,
    IReadOnlyList<UnitItem>? Units);

/// <summary>A position of a log and the chain up to it.</summary>
/// <param name="Hash">SHA-256, 64 hexadecimal digits.</param>
public sealed record SealItem(long Position, string Hash)
{
    public static SealItem Of(Seal seal) => new(seal.Position, seal.Hash);
}

/// <summary>A rule of documents that is broken (docs/report-rules.md).</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Severity">What follows.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record FindingItem(string Rule, FindingSeverity Severity, string Subject, string Text, string Remedy)
{
    public static FindingItem Of(ReportFinding finding, Words words) => new(
        finding.Rule.Id, finding.Rule.Severity, finding.Subject, finding.ToText(words.Culture), finding.Rule.Remedy(words.Culture));
}

/// <summary>Something that a document needs and the books do not have.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Name">The quantity, statistic or subject.</param>
/// <param name="Place">The text block or table that asks for it.</param>
/// <param name="IsDrafted">True for a reason that the program has drafted from the books.</param>
/// <param name="PreventsPublication">Whether the document can't be published without it.</param>
/// <param name="Supply">How to supply it.</param>
public sealed record MissingThing(MissingKind Kind, string Name, string Place, bool IsDrafted, bool PreventsPublication, string Supply)
{
    public static MissingThing Of(MissingItem item, Words words) =>
        new(item.Kind, item.Name, item.Place, item.IsDrafted, item.PreventsPublication, DocumentTexts.Supply(item, words));
}

/// <summary>A unit of a consolidated document.</summary>
public sealed record UnitItem(string Code, string Name, bool IsClosed, int Events);

/// <summary>The years of departments.</summary>
internal static class YearRoutes
{
    public const string Path = "/regions/{region}/departments/{department}/years/{year:int}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/regions/{region}/years", OfRegion).Needs(Right.ReadBooks);
        api.MapGet("/regions/{region}/departments/{department}/years", OfDepartment).Needs(Right.ReadBooks);
        api.MapGet(Path, Year).Needs(Right.ReadBooks).Answering<YearDetail>();
    }

    /// <summary>The years of all departments that the asker may read, by department and year.</summary>
    /// <param name="year">This fiscal year only.</param>
    /// <param name="status">Years that have come this far only.</param>
    /// <param name="q">A part of the department's code or name.</param>
    internal static Ok<Page<YearItem>> OfRegion(
        LiveRegions regions, Account account, string region, [AsParameters] PageRequest page, int? year = null, Choice<YearStatus>? status = null, string? q = null)
    {
        var live = Route.Region(regions, region);
        var filter = Filter.Text(q);
        var years = live.Years.Where(y => account.CanRead(live.Region, y.Department)
            && (year is null || y.Year.Value == year)
            && (status is null || y.Status == status.Value.Value)
            && (filter is null || Filter.Finds(filter, y.Department.ToString(), live.Department(y.Department)?.Name)));
        return TypedResults.Ok(Page<YearItem>.Of([.. years], page, FormattableString.Invariant($"{year}/{status?.Value}/{filter}"), y => Item(live, y)));
    }

    /// <summary>The years of a department.</summary>
    internal static Ok<Page<YearItem>> OfDepartment(LiveRegions regions, string region, string department, [AsParameters] PageRequest page)
    {
        var live = Route.Region(regions, region);
        var code = Route.Registered(live, department).Code;
        return TypedResults.Ok(Page<YearItem>.Of([.. live.Years.Where(y => y.Department == code)], page, "", y => Item(live, y)));
    }

    /// <summary>A department's year: its state, and what its document lacks or breaks.</summary>
    internal static Task<IResult> Year(HttpContext http, Answers answers, [AsParameters] YearRequest request, CancellationToken cancellationToken) =>
        answers.JsonAsync(http, request.Asked, "year", ApiJson.Own.YearDetail, (reported, words) => Detail(request.Asked, reported, words), cancellationToken);

    private static YearDetail Detail(Asked asked, ReportedYear reported, Words words) => new(
        Item(asked.Live, asked.Overview),
        reported.Books.Current.Opened!.FormPack,
        reported.Books.Current.IsClosed,
        SealItem.Of(reported.Seal),
        [.. reported.Document.Findings.Select(f => FindingItem.Of(f, words))],
        [.. reported.Document.Missing.Select(m => MissingThing.Of(m, words))],
        Publishing.IsPublishable(reported.Document),
        reported.Consolidation is { } c ? [.. c.Units.Select(u => new UnitItem(u.Unit.Code.ToString(), u.Unit.Name, u.Books.IsClosed, u.Books.Events.Count))] : null);

    public static YearItem Item(LiveRegion region, YearOverview year) => new(
        year.Department.ToString(),
        region.Department(year.Department)?.Name ?? year.Department.ToString(),
        year.Year.Value,
        year.Status,
        year.Version,
        year.LastPosition,
        year.LastRecordedAt,
        Amount.Of(year.Budget),
        Amount.Of(year.AdjustedBudget),
        Amount.Of(year.Income),
        Amount.Of(year.Expenditure),
        year.Published?.DocumentSha256,
        year.PublishedAt);
}
