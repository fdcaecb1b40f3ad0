using System.Runtime.CompilerServices;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;

namespace FinalAccounts.Server.Books;

/// <summary>A document that an event is behind.</summary>
/// <param name="Touched">What of it: at least one figure or text.</param>
public sealed record TouchedDocument(YearQuery Query, ReportedYear Reported, TouchedFigures Touched)
{
    /// <summary>
    /// The documents that an event of a year is behind: this year's, next year's, where it counts as last year's figure, and those of the
    /// departments that this one is consolidated with, as far as the account may read them.
    /// </summary>
    public static async IAsyncEnumerable<TouchedDocument> OfAsync(
        LiveRegion live, Account account, YearOverview year, long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var query in await QueriesAsync(live, account, year, cancellationToken))
        {
            if (await TryReportAsync(live, query, cancellationToken) is { } reported
                && TouchedFigures.Of(reported.Document, reported.Books, position) is { } touched
                && (touched.Figures.Count > 0 || touched.Texts.Count > 0))
            {
                yield return new(query, reported, touched);
            }
        }
    }

    private static async Task<IReadOnlyList<YearQuery>> QueriesAsync(
        LiveRegion live, Account account, YearOverview year, CancellationToken cancellationToken)
    {
        List<YearQuery> queries = [];
        var years = year.Year.Value < FiscalYear.Last ? new[] { year.Year, new(year.Year.Value + 1) } : [year.Year];
        foreach (var of in years)
        {
            queries.Add(new(year.Department, of, AsOf.Now));

            // Lists that contradict each other make no consolidated document.
            var lists = await live.ReadMemberListsAsync(of, AsOf.Now, cancellationToken);
            queries.AddRange(live.Departments
                .Where(d => account.CanRead(live.Region, d.Code)
                    && lists.Of(d.Code).Count > 0 && lists.Check(d.Code).Count == 0 && lists.Scope(d.Code).Contains(year.Department))
                .Select(d => new YearQuery(d.Code, of, AsOf.Now, Consolidated: true)));
        }

        return [.. queries.Where(q => live.Year(q.Department, q.Year) is not null)];
    }

    /// <summary>Null for a document that can't be built now: units that have not opened the year.</summary>
    private static async Task<ReportedYear?> TryReportAsync(LiveRegion live, YearQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await live.ReportAsync(query, cancellationToken);
        }
        catch (RegionException) when (query.Consolidated)
        {
            return null;
        }
    }
}
