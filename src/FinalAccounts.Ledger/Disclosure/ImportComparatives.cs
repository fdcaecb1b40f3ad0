using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>Import published figures of an earlier year (上年数). The fields are those of <see cref="ComparativesImported"/>.</summary>
public sealed record ImportComparatives(
    LocalDate Date, FiscalYear Year, string Source, IReadOnlyList<Comparative> Items) : YearCommand(Date);

/// <summary>Last year's published figures were imported (上年数). What they do not cover stays unknown.</summary>
/// <param name="Year">The year that the figures are of.</param>
/// <param name="Source">Where they were taken from.</param>
public sealed record ComparativesImported(
    LocalDate Date, FiscalYear Year, string Source, IReadOnlyList<Comparative> Items) : LedgerEvent(Date);

/// <summary>A figure of an earlier year, from before the system.</summary>
/// <param name="Quantity">The quantity's name in the form pack.</param>
public sealed record Comparative(string Quantity, Money Amount);
