using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Pages;

/// <summary>A department's year as a path names it.</summary>
internal sealed record YearAddress(string Region, string Department, string Year)
{
    /// <returns>Null when there is no such region or department, or it can't be a year.</returns>
    public (LiveRegion Live, Department Unit, FiscalYear Year)? Find(LiveRegions regions) =>
        RegionCode.IsValid(Region) && regions.Find(new(Region)) is { } live
        && DepartmentCode.IsValid(Department) && live.Department(new(Department)) is { } unit
        && int.TryParse(Year, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= FiscalYear.First and <= FiscalYear.Last
            ? (live, unit, new(year))
            : null;
}

/// <summary>The point in time as of which a page is asked for, and whether with the units; named as in the API.</summary>
internal sealed record PointQuery(AsOf AsOf, bool IsConsolidated)
{
    private static readonly IReadOnlyList<string> Names = ["asOfPosition", "asOfRecorded", "asOfDate", "consolidated"];

    /// <exception cref="PageException">A value is not written as what it should be.</exception>
    public static PointQuery From(IQueryCollection query, Words words)
    {
        AsOf asOf = new(
            Given(query, Names[0]) is { } position
                ? long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Wrong(position)
                : null,
            Given(query, Names[1]) is { } instant ? Display.Instant(instant) ?? throw Wrong(instant) : null,
            Given(query, Names[2]) is { } date ? Display.Date(date) ?? throw Wrong(date) : null);
        return new(asOf, Given(query, Names[3]) is not (null or "false"));

        PageException Wrong(string value) => new(StatusCodes.Status400BadRequest, words["ProblemValue", value]);
    }

    /// <summary>The same as further parameters of a link; empty for now and without units.</summary>
    public static string Parameters(IQueryCollection query) =>
        string.Concat(Names.Select(n => Given(query, n) is { } value ? $"&{n}={Uri.EscapeDataString(value)}" : ""));

    public YearQuery Of(DepartmentCode department, FiscalYear year) => new(department, year, AsOf, IsConsolidated);

    private static string? Given(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
}
