using FinalAccounts.Import;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.Server.Books;
using NodaTime;

namespace FinalAccounts.Server.Imports;

/// <summary>What an import would change in the document of its year.</summary>
public static class ImportPreview
{
    /// <summary>The document as it is against the document as it would be.</summary>
    /// <returns>Null when the year has no document before or after: it is opened by the import itself, or not at all.</returns>
    public static async Task<DocumentComparison?> ChangesAsync(
        LiveRegion live, Import.Books books, ImportPlan plan, string actor, Instant now, CancellationToken cancellationToken)
    {
        // The plan was made on the log itself; what the server sees may be a moment older, but never newer than a plan that holds.
        var planned = new PlannedRegion(live, plan, live.Head, actor, now);
        return await TryAsync(live, books, cancellationToken) is { } before && await TryAsync(planned, books, cancellationToken) is { } after
            ? Comparing.Compare(new(before.Document, before.Books), new(after.Document, after.Books))
            : null;
    }

    private static async Task<ReportedYear?> TryAsync(IRegionBooks region, Import.Books books, CancellationToken cancellationToken)
    {
        try
        {
            return await ReportedYear.BuildAsync(region, books.DepartmentCode.ToString(), books.FiscalYear, AsOf.Now, cancellationToken);
        }
        catch (RegionException e) when (e.Problem is RegionProblem.DepartmentUnknown or RegionProblem.YearNotOpened)
        {
            return null;
        }
    }
}
