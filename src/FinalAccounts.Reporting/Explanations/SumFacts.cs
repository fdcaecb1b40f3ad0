namespace FinalAccounts.Reporting;

/// <summary>A fact that a sum counts.</summary>
/// <param name="Index">Where it stands in the books' facts.</param>
/// <param name="Sign">1 or -1: how the sum counts it.</param>
internal readonly record struct SumFact(YearBooks Books, int Index, int Sign)
{
    public FactKey Key => Books.Facts[Index].Key;

    public RecordedEvent Recorded => Books.Events[Books.Facts[Index].Event];

    /// <summary>Fen, or a whole number.</summary>
    public Int128 Amount => (Int128)Sign * Books.Facts[Index].Value;
}

/// <summary>The facts that a sum consists of, in the order of the log.</summary>
internal static class SumFacts
{
    public static IReadOnlyList<SumFact> Of(SumQuery sum, ReportBooks books)
    {
        var years = sum.Terms.GroupBy(t => t.Year).Select(terms => InYear(books.Of(terms.Key), [.. terms])).ToList();
        return years switch
        {
            [] => [],
            [var only] => only,
            [var first, var second] => Merged(first, second),
            _ => throw new InvalidOperationException("A sum is over this year and the year before."),
        };
    }

    public static Int128 Total(IEnumerable<SumFact> facts) => facts.Aggregate((Int128)0, (sum, fact) => sum + fact.Amount);

    private static List<SumFact> InYear(YearBooks books, IReadOnlyList<Term> terms)
    {
        // An index and a sign in one number, because numbers are quickly put in order and there may be 100,000 of them.
        List<long> found = [];
        foreach (var term in terms)
        {
            var minus = term.Sign < 0 ? 1 : 0;
            found.AddRange(books.IndexesOf(term.Filter).Select(i => ((long)i << 1) | (uint)minus));
        }

        if (terms.Count > 1)
        {
            found.Sort();
        }

        return found.ConvertAll(f => new SumFact(books, (int)(f >> 1), (f & 1) == 0 ? 1 : -1));
    }

    private static List<SumFact> Merged(List<SumFact> first, List<SumFact> second)
    {
        List<SumFact> merged = new(first.Count + second.Count);
        var (i, j) = (0, 0);
        while (i < first.Count || j < second.Count)
        {
            var isFirst = j == second.Count || (i < first.Count && first[i].Recorded.Position <= second[j].Recorded.Position);
            merged.Add(isFirst ? first[i++] : second[j++]);
        }

        return merged;
    }
}
