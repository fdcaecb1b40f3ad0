using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Cli;

/// <summary>A department's disclosure with the books that it was built from.</summary>
/// <param name="Seal">The last event of the region's log that could count, and the chain up to it.</param>
internal sealed record ReportedYear(Department Department, FiscalYear Year, ReportBooks Books, DisclosureDocument Document, Seal Seal)
{
    /// <exception cref="CommandFailedException">The year is not opened (as of then), or its form pack is not there.</exception>
    public static async Task<ReportedYear> BuildAsync(
        Session session, RegionLog log, string department, FiscalYear year, AsOf asOf, CancellationToken cancellationToken)
    {
        var found = await log.FindDepartmentAsync(department, cancellationToken);
        var seal = asOf.Position is { } position
            ? await log.ReadSealAsync(position, cancellationToken)
            : await log.ReadHeadAsync(cancellationToken);

        // Everything is read up to the seal, so that what others record meanwhile is in no part of the document.
        var current = await ReadAsync(log, found.Code, year, asOf, seal, cancellationToken);
        if (current.Opened is not { } opened)
        {
            throw CommandFailedException.Refused(session.Words["YearNotOpened", found.Name, year]);
        }

        var pack = FormPack.Load(opened.FormPack)
            ?? throw CommandFailedException.Refused(session.Words["FormPackMissing", opened.FormPack, string.Join(", ", FormPack.Names)]);
        var prior = year.Value > FiscalYear.First
            ? await ReadAsync(log, found.Code, new(year.Value - 1), asOf, seal, cancellationToken)
            : null;
        var books = new ReportBooks(current, prior?.Opened is null ? null : prior);
        return new(found, year, books, DisclosureBuilder.Build(pack, books, ChartOfAccounts.For(year)), seal);
    }

    private static async Task<YearBooks> ReadAsync(
        RegionLog log, DepartmentCode code, FiscalYear year, AsOf asOf, Seal seal, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>();
        foreach (var stream in new[] { Streams.Department(code), Streams.Year(code, year) })
        {
            await foreach (var recorded in log.ReadEventsAsync(stream, seal.Position, cancellationToken))
            {
                if (asOf.Includes(recorded))
                {
                    events.Add(recorded);
                }
            }
        }

        return YearBooks.From(year, events);
    }
}
