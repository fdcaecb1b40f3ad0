using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting;

/// <summary>
/// Holds the books of a year against those of the year before. A finding and not a decision of the ledger: the books of a
/// year are decided on alone, and last year's may be entered, reopened and corrected after this year was opened.
/// </summary>
public static class BooksCheck
{
    /// <summary>What is wrong between the two years; nothing when last year's books are not in the log.</summary>
    public static IReadOnlyList<ReportFinding> Check(ReportBooks books)
    {
        if (books.Prior is not { Opened: not null } prior || books.Current.Opened is null)
        {
            return [];
        }

        return prior.IsClosed ? [.. Openings(books.Current, prior)] : [new(ReportRules.PriorYearOpen, prior.Year.ToString(), [])];
    }

    /// <summary>
    /// By kind of budget; within one also by item, where both years say for all of it which items it belongs to.
    /// </summary>
    private static IEnumerable<ReportFinding> Openings(YearBooks current, YearBooks prior)
    {
        var opened = Balances(current, Measure.OpeningBalance);
        var carried = Balances(prior, Measure.CarryOver);
        foreach (var fund in Enum.GetValues<Fund>())
        {
            var (opening, carryOver) = (Of(opened, fund), Of(carried, fund));
            if (Sum(opening) != Sum(carryOver))
            {
                yield return Differs(fund.Term(), current.Year, Sum(opening), Sum(carryOver));
                continue;
            }

            var items = opening.Concat(carryOver).Select(b => b.Key.Function).Distinct().ToList();
            foreach (var item in items.Contains(null) ? Enumerable.Empty<FunctionCode?>() : items.Order())
            {
                var (now, then) = (Sum(opening.Where(b => b.Key.Function == item)), Sum(carryOver.Where(b => b.Key.Function == item)));
                if (now != then)
                {
                    yield return Differs($"{fund.Term()} {item}", current.Year, now, then);
                }
            }
        }

        static List<RecordedFact> Balances(YearBooks books, Measure measure) => [.. books.Matching(new(measure))];

        static List<RecordedFact> Of(List<RecordedFact> balances, Fund fund) => balances.FindAll(b => b.Key.Fund == fund);

        static Int128 Sum(IEnumerable<RecordedFact> balances) => balances.Aggregate((Int128)0, (sum, b) => sum + b.Value);
    }

    private static ReportFinding Differs(string balance, FiscalYear year, Int128 opening, Int128 carried) => new(
        ReportRules.OpeningDiffers, balance, [year.ToString(), Yuan(opening), Yuan(carried), Yuan(opening - carried)]);

    private static string Yuan(Int128 fen) => new Money(checked((long)fen)).ToYuan();
}
