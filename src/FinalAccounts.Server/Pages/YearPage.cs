using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Components;

namespace FinalAccounts.Server.Pages;

/// <summary>A page about a department's year. It can be asked for as of a position, an instant or an accounting date, and with the units.</summary>
public abstract class YearPage : WordsComponent
{
    [Inject]
    public LiveRegions Regions { get; set; } = null!;

    [Parameter]
    public string Region { get; set; } = "";

    [Parameter]
    public string Department { get; set; } = "";

    [Parameter]
    public string Year { get; set; } = "";

    public LiveRegion Live { get; private set; } = null!;

    public Department Unit { get; private set; } = null!;

    public FiscalYear FiscalYear { get; private set; }

    /// <summary>Null when nothing of the year is recorded.</summary>
    public YearOverview? Overview { get; private set; }

    public AsOf AsOf { get; private set; } = AsOf.Now;

    public bool IsConsolidated { get; private set; }

    /// <summary>Where the pages about the year are.</summary>
    public virtual string Address => $"/regions/{Region}/departments/{Department}/years/{Year}";

    /// <summary>The department's other years, the latest first.</summary>
    public IReadOnlyList<FiscalYear> OtherYears =>
        [.. Live.Years.Where(y => y.Department == Unit.Code && y.Year != FiscalYear).Select(y => y.Year).OrderDescending()];

    /// <summary>The point in time and the units as further parameters of a link to another page about the same.</summary>
    protected string Point => PointQuery.Parameters(Context.Request.Query);

    protected Account Account => Context.Account();

    protected sealed override async Task PrepareAsync()
    {
        (Live, Unit, FiscalYear) = new YearAddress(Region, Department, Year).Find(Regions) ?? throw NotHere();
        Overview = Live.Year(Unit.Code, FiscalYear);
        var point = PointQuery.From(Context.Request.Query, Words);
        (AsOf, IsConsolidated) = (point.AsOf, point.IsConsolidated);
        await LoadAsync();
    }

    /// <summary>Reads what the page shows.</summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    protected Task<ReportedYear> ReportAsync(AsOf asOf) => Live.ReportAsync(new(Unit.Code, FiscalYear, asOf, IsConsolidated), Aborted);

    protected PageException NotHere() => new(StatusCodes.Status404NotFound, T("ProblemNotHere"));
}
