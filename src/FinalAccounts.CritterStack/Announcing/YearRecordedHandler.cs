using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.Server.Books;
using Wolverine;

namespace FinalAccounts.CritterStack.Announcing;

/// <summary>Finds out which figures a command has changed: the year's document before it and after it, compared.</summary>
public static class YearRecordedHandler
{
    public static async Task<OutgoingMessages> HandleAsync(YearRecorded message, LiveRegions regions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(regions);
        var log = regions.Find(new(message.Region))!.Log;
        var (department, year) = (new DepartmentCode(message.Department), new FiscalYear(message.Year));
        if (await log.Events.FindCommandAsync(message.CommandId, cancellationToken) is not { } recorded
            || await ReportAsync(log, department, year, recorded.FirstPosition - 1, cancellationToken) is not { } before
            || await ReportAsync(log, department, year, recorded.LastPosition, cancellationToken) is not { } after)
        {
            return [];
        }

        return [.. Comparing.Compare(before, after).Figures.Select(f => new FigureChanged(
            message.Region, message.Department, message.Year, message.CommandId, f.Address, f.Name, f.Left?.Printed, f.Right?.Printed, checked((long?)f.Difference)))];
    }

    /// <summary>The document as of a position; null where there is none yet.</summary>
    private static async Task<ComparedDocument?> ReportAsync(
        RegionLog log, DepartmentCode department, FiscalYear year, long position, CancellationToken cancellationToken)
    {
        if (position < 1)
        {
            return null;
        }

        try
        {
            var reported = await ReportedYear.BuildAsync(log, department.ToString(), year, AsOf.Now with { Position = position }, cancellationToken);
            return new(reported.Document, reported.Books);
        }
        catch (RegionException e) when (e.Problem == RegionProblem.YearNotOpened)
        {
            return null;
        }
    }
}
