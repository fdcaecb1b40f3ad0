using System.Collections.Frozen;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions;

/// <summary>A department's disclosure with the books that it was built from.</summary>
/// <param name="Seal">The last event of the region's log that could count, and the chain up to it.</param>
public sealed record ReportedYear(Department Department, FiscalYear Year, ReportBooks Books, DisclosureDocument Document, Seal Seal)
{
    private static readonly FrozenSet<string> Vouchers = EventCodec.Types
        .Where(t => t.ClrType == typeof(IncomeReceived) || t.ClrType == typeof(ExpenditurePosted) || t.ClrType == typeof(ExpenditureReversed))
        .Select(t => t.Alias).ToFrozenSet();

    /// <summary>What the books were made from; null for a department by itself.</summary>
    public Consolidation? Consolidation { get; init; }

    /// <exception cref="RegionException">The year is not opened (as of then), or its form pack is not there.</exception>
    public static async Task<ReportedYear> BuildAsync(
        IRegionBooks region, string department, FiscalYear year, AsOf asOf, CancellationToken cancellationToken) => await BuildAsync(
            region, await region.FindDepartmentAsync(department, cancellationToken), year, asOf, FormPacks.OfProgram, cancellationToken);

    /// <summary>The disclosure with form packs of one's own choice.</summary>
    /// <exception cref="RegionException">The year is not opened (as of then), or its form pack is not there.</exception>
    public static async Task<ReportedYear> BuildAsync(
        IRegionBooks region, Department found, FiscalYear year, AsOf asOf, FormPacks packs, CancellationToken cancellationToken)
    {
        var seal = await region.SealAsync(asOf, cancellationToken);

        // Everything is read up to the seal, so that what others record meanwhile is in no part of the document.
        var current = await region.ReadAsync(found.Code, year, asOf, seal, cancellationToken);
        if (current.Opened is not { } opened)
        {
            throw new RegionException(RegionProblem.YearNotOpened, found.Name, year);
        }

        var pack = Pack(opened, packs);
        var prior = year.Value > FiscalYear.First
            ? await region.ReadAsync(found.Code, new(year.Value - 1), asOf, seal, cancellationToken)
            : null;
        var books = new ReportBooks(current, prior?.Opened is null ? null : prior);
        return new(found, year, books, DisclosureBuilder.Build(pack, books, ChartOfAccounts.For(year)), seal);
    }

    /// <exception cref="RegionException">This program does not have the form pack of the year.</exception>
    public static FormPack Pack(FiscalYearOpened opened, FormPacks? packs = null) => (packs ?? FormPacks.OfProgram).Load(opened.FormPack)
        ?? throw new RegionException(RegionProblem.FormPackMissing, opened.FormPack, string.Join(", ", FormPack.Names));

    /// <summary>
    /// The books of a year and of the one before without income, expenditure and reversals: what <see cref="BooksCheck"/> goes by, however many
    /// vouchers there are. Of a year whose year before is not in the log, that one's books alone, which are empty.
    /// </summary>
    public static async Task<ReportBooks> ReadWithoutVouchersAsync(RegionLog log, DepartmentCode code, FiscalYear year, CancellationToken cancellationToken)
    {
        var prior = year.Value > FiscalYear.First ? await BooksAsync(new(year.Value - 1)) : null;
        return prior?.Opened is null ? new(YearBooks.From(year, []), prior) : new(await BooksAsync(year), prior);

        async Task<YearBooks> BooksAsync(FiscalYear of)
        {
            List<RecordedEvent> events = [];
            await log.Events.ScanStreamAsync(
                Streams.Year(code, of),
                1,
                (in e) =>
                {
                    if (!Vouchers.Contains(e.Type))
                    {
                        events.Add(RegionLog.Decode(e));
                    }
                },
                cancellationToken);

            return YearBooks.From(of, events);
        }
    }
}
