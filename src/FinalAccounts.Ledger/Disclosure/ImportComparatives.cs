using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>Import published figures of an earlier year (上年数). The fields are those of <see cref="ComparativesImported"/>.</summary>
public sealed record ImportComparatives(
    LocalDate Date, FiscalYear Year, string Source, IReadOnlyList<Comparative> Items) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        if (Year.CompareTo(year.Opening!.Year) >= 0)
        {
            checks.Refuse(LedgerRules.ComparativesNotBefore, Place.Of(nameof(Year)), Year.ToString(), year.Opening.Year.ToString());
        }

        checks.Phrase(Source, Place.Of(nameof(Source)));
        if (checks.LineCount(Items.Count, nameof(Items)))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < Items.Count; i++)
            {
                var place = Place.In(nameof(Items), i);
                checks.Name(Items[i].Quantity, place.At(nameof(Comparative.Quantity)));
                checks.AmountWithinLimit(Items[i].Amount, place.At(nameof(Comparative.Amount)));
                if (!seen.Add(Items[i].Quantity))
                {
                    checks.Refuse(LedgerRules.ComparativeTwice, place.At(nameof(Comparative.Quantity)), Items[i].Quantity);
                }
            }
        }

        return checks.Decide(new ComparativesImported(Date, Year, Source, Items));
    }

    internal override bool IsIn(YearState year) =>
        Items.All(c => year.Comparatives.TryGetValue(new(Year, c.Quantity), out var found) && found == c.Amount);
}

/// <summary>Last year's published figures were imported (上年数). What they do not cover stays unknown.</summary>
/// <param name="Year">The year that the figures are of.</param>
/// <param name="Source">Where they were taken from.</param>
/// <param name="Items">The figures.</param>
public sealed record ComparativesImported(
    LocalDate Date, FiscalYear Year, string Source, IReadOnlyList<Comparative> Items) : LedgerEvent(Date);

/// <summary>A figure of an earlier year, from before the system.</summary>
/// <param name="Quantity">The quantity's name in the form pack.</param>
/// <param name="Amount">In fen.</param>
public sealed record Comparative(string Quantity, Money Amount);
