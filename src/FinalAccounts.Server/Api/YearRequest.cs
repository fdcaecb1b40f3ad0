using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Server.Api;

/// <summary>A department's year, and the moment as of which it is asked for. The moments may be given together; each limits what counts.</summary>
/// <param name="Regions">The regions.</param>
/// <param name="Region">Administrative division code (行政区划代码), 6 digits.</param>
/// <param name="Department">Budget code of the department (预算单位编码).</param>
/// <param name="Year">Fiscal year (预算年度).</param>
/// <param name="AsOfPosition">The last position of the region's log that counts; everything when absent.</param>
/// <param name="AsOfRecorded">The last instant of recording that counts, ISO with Z or an offset.</param>
/// <param name="AsOfDate">The last accounting date that counts, ISO.</param>
/// <param name="Consolidated">True for the department with its units (含所属单位).</param>
public sealed record YearRequest(
    LiveRegions Regions,
    string Region,
    string Department,
    int Year,
    [FromQuery(Name = "asOfPosition")] long? AsOfPosition,
    [FromQuery(Name = "asOfRecorded")] string? AsOfRecorded,
    [FromQuery(Name = "asOfDate")] string? AsOfDate,
    [FromQuery(Name = "consolidated")] bool Consolidated = false)
{
    /// <summary>What is asked for.</summary>
    /// <exception cref="ApiException">There is no such region, a moment is not written as one, or the department's code or the year is none.</exception>
    public Asked Asked => new(Route.Region(Regions, Region), new(Route.Department(Department), Route.Year(Year), AsOf, Consolidated));

    private AsOf AsOf => new(
        AsOfPosition is null or > 0 ? AsOfPosition : throw ApiException.BadRequest("PositionWrong"),
        AsOfRecorded is null ? null : Moments.Instant(AsOfRecorded),
        AsOfDate is null ? null : Moments.Date(AsOfDate));
}

/// <summary>A year whose published document is asked for, as it was published.</summary>
/// <param name="Regions">The regions.</param>
/// <param name="Region">Administrative division code (行政区划代码), 6 digits.</param>
/// <param name="Department">Budget code of the department (预算单位编码).</param>
/// <param name="Year">Fiscal year (预算年度).</param>
public sealed record PublishedRequest(LiveRegions Regions, string Region, string Department, int Year)
{
    /// <summary>The year as of the seal that its document was published with.</summary>
    /// <exception cref="ApiException">Nothing is published.</exception>
    public Asked Asked
    {
        get
        {
            var live = Route.Region(Regions, Region);
            var year = Route.Recorded(live, Department, Year);
            return year.Published is { } published
                ? new(live, new(year.Department, year.Year, AsOf.Now with { Position = published.Seal.Position }))
                : throw ApiException.NotFound();
        }
    }
}

/// <summary>Which report of which region is asked for.</summary>
public sealed record Asked(LiveRegion Live, YearQuery Query)
{
    /// <summary>The disclosure with its books.</summary>
    public Task<ReportedYear> ReportAsync(CancellationToken cancellationToken) => Live.ReportAsync(Query, cancellationToken);

    /// <summary>The year in a few numbers, as it stands now.</summary>
    /// <exception cref="ApiException">Nothing of it is recorded.</exception>
    public YearOverview Overview => Live.Year(Query.Department, Query.Year) ?? throw ApiException.NotFound();
}

/// <summary>What the parts of a path name.</summary>
public static class Route
{
    /// <exception cref="ApiException">There is no such region.</exception>
    public static LiveRegion Region(LiveRegions regions, string code) =>
        RegionCode.IsValid(code) && regions.Find(new(code)) is { } found ? found : throw ApiException.NotFound();

    /// <exception cref="ApiException">It can't be a department's code.</exception>
    public static DepartmentCode Department(string code) => DepartmentCode.IsValid(code) ? new(code) : throw ApiException.NotFound();

    /// <exception cref="ApiException">It can't be a fiscal year.</exception>
    public static FiscalYear Year(int year) => year is >= FiscalYear.First and <= FiscalYear.Last ? new(year) : throw ApiException.NotFound();

    /// <summary>A department that is in the register.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public static Department Registered(LiveRegion region, string code) => region.Department(Department(code)) ?? throw ApiException.NotFound();

    /// <summary>A year of which something is recorded.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public static YearOverview Recorded(LiveRegion region, string department, int year) =>
        region.Year(Department(department), Year(year)) ?? throw ApiException.NotFound();
}

/// <summary>Dates and instants as they are written in requests.</summary>
public static class Moments
{
    /// <exception cref="ApiException">It is not an ISO date.</exception>
    public static LocalDate Date(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true } parsed ? parsed.Value : throw ApiException.BadRequest("DateWrong", text);

    /// <summary>An instant in UTC or with an offset.</summary>
    /// <exception cref="ApiException">It is not an ISO instant.</exception>
    public static Instant Instant(string text) =>
        InstantPattern.ExtendedIso.Parse(text) is { Success: true } utc ? utc.Value
        : OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local ? local.Value.ToInstant()
        : throw ApiException.BadRequest("InstantWrong", text);
}
