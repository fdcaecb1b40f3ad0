using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Components;

namespace FinalAccounts.Server.Pages.Overview;

/// <summary>A page about all departments of a region: year and part as its address says.</summary>
public abstract class RollupQuery : WordsComponent
{
    [Inject]
    public LiveRegions Regions { get; set; } = null!;

    [Parameter]
    public string Region { get; set; } = "";

    [SupplyParameterFromQuery(Name = "year")]
    public string? YearText { get; set; }

    [SupplyParameterFromQuery(Name = "function")]
    public string? FunctionText { get; set; }

    [SupplyParameterFromQuery(Name = "economic")]
    public string? EconomicText { get; set; }

    [SupplyParameterFromQuery(Name = "fund")]
    public string? FundText { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    public string? KindText { get; set; }

    protected LiveRegion Live { get; private set; } = null!;

    /// <summary>As of which position everything on the page is.</summary>
    protected RollupStanding Standing { get; private set; } = null!;

    /// <summary>The years of the region, in order.</summary>
    protected IReadOnlyList<RollupYear> Years { get; private set; } = [];

    /// <summary>The year that is shown: the one that is asked for, else the last; null when there are none.</summary>
    protected FiscalYear? Year { get; private set; }

    /// <summary>Whose amounts are shown.</summary>
    protected RollupSelection Selection { get; private set; } = RollupSelection.All;

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        Live = (RegionCode.IsValid(Region) ? Regions.Find(new(Region)) : null) ?? throw NotHere();
        Selection = Selected();
        await using var reader = await Live.Rollups.OpenAsync(Aborted);
        Standing = reader.Standing;
        Years = await reader.YearsAsync(Aborted);
        Year = string.IsNullOrEmpty(YearText) ? Years.Count > 0 ? Years[^1].Year : null
            : Years.Where(y => y.Year.ToString() == YearText).Select(y => (FiscalYear?)y.Year).FirstOrDefault() ?? throw NotHere();
        await ReadAsync(reader);
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync(RollupReader reader);

    /// <summary>The departments behind a row.</summary>
    protected string DepartmentsOf(RollupAspect aspect, string key) => DepartmentsOf(Selection.Narrowed(aspect, key));

    /// <summary>The departments behind a part.</summary>
    protected string DepartmentsOf(RollupSelection part) => $"/regions/{Region}/rollups/departments?year={Year}{Query(part)}";

    /// <summary>A part as it stands in an address.</summary>
    protected static string Query(RollupSelection part) => string.Concat(
        new[] { ("function", part.Function?.ToString()), ("economic", part.Economic?.ToString()), ("fund", part.Fund?.Term()), ("kind", part.Kind?.Term()) }
            .Where(p => p.Item2 is not null).Select(p => $"&{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));

    /// <summary>In percent with up to two decimals; a dash where there is no share.</summary>
    protected static string Percent(Ratio? share) =>
        share is { } known ? $"{NumberFormat.UpToTwo.Print(new(known.Numerator * 100, known.Denominator))}%" : "—";

    /// <summary>In hundredths of a percent, for a chart; empty where there is no share.</summary>
    protected static string BasisPoints(Ratio? share) => share?.Round(4).ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>The answer to an address that means nothing here.</summary>
    protected PageException NotHere() => new(StatusCodes.Status404NotFound, T("ProblemNotHere"));

    private RollupSelection Selected()
    {
        try
        {
            return RollupSelection.Parse(FunctionText, EconomicText, FundText, KindText);
        }
        catch (FormatException)
        {
            throw NotHere();
        }
    }
}
