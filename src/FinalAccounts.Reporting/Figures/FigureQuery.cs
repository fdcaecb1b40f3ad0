namespace FinalAccounts.Reporting;

/// <summary>Which year's books a term is summed over.</summary>
public enum BooksYear
{
    Current,

    /// <summary>The year before, from its own books in the log.</summary>
    Prior,
}

/// <summary>A sum over facts with a sign.</summary>
/// <param name="Sign">1 or -1.</param>
public sealed record Term(int Sign, FactFilter Filter, BooksYear Year = BooksYear.Current);

/// <summary>What a figure is computed from. Its value is exact; the events behind it are those whose facts the terms match.</summary>
public abstract record FigureQuery
{
    /// <summary>The exact value: fen (or a count) for sums and differences, a ratio for shares and rates.</summary>
    /// <exception cref="DivideByZeroException">The base of a share or a rate is zero.</exception>
    public abstract Ratio Evaluate(ReportBooks books);

    /// <summary>The plain sums that the value is formed from, in order.</summary>
    public abstract IEnumerable<SumQuery> Sums { get; }
}

/// <summary>A signed sum of facts.</summary>
/// <param name="Name">What is summed, in words.</param>
public sealed record SumQuery(string Name, IReadOnlyList<Term> Terms) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => [this];

    /// <summary>What tells sums apart: records compare their lists by reference.</summary>
    internal string Signature => string.Join(';', Terms.Select(t => $"{t.Sign}|{t.Year}|{t.Filter.Signature}"));

    public override Ratio Evaluate(ReportBooks books) => new(Total(books), 1);

    public Int128 Total(ReportBooks books) =>
        Terms.Aggregate((Int128)0, (sum, term) => sum + (term.Sign * books.Of(term.Year).Sum(term.Filter)));
}

/// <summary>How much two sums differ, without a sign: the sentence says which way.</summary>
public sealed record DifferenceQuery(SumQuery Value, SumQuery Base) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => [Value, Base];

    public override Ratio Evaluate(ReportBooks books) => new(Int128.Abs(Value.Total(books) - Base.Total(books)), 1);
}

/// <summary>A part as a share of a whole (占比, 完成率).</summary>
/// <param name="WhenBaseIsZero">The value that the form gives to a share of nothing; null when it has none.</param>
public sealed record ShareQuery(SumQuery Value, SumQuery Base, Ratio? WhenBaseIsZero) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => [Value, Base];

    public override Ratio Evaluate(ReportBooks books) => Ratio.Of(Value.Total(books), Base.Total(books), WhenBaseIsZero);
}

/// <summary>How much a sum changed against its base, as a share of the base, without a sign (增减率).</summary>
/// <param name="WhenBaseIsZero">The value that the form gives to growth from nothing; null when it has none.</param>
public sealed record RateQuery(SumQuery Value, SumQuery Base, Ratio? WhenBaseIsZero) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => [Value, Base];

    public override Ratio Evaluate(ReportBooks books)
    {
        var old = Base.Total(books);
        return Ratio.Of(Int128.Abs(Value.Total(books) - old), Int128.Abs(old), WhenBaseIsZero);
    }
}

/// <summary>The books that a report is made from.</summary>
/// <param name="Prior">The books of the year before, when they are in the log.</param>
public sealed record ReportBooks(YearBooks Current, YearBooks? Prior)
{
    /// <exception cref="InvalidOperationException">The prior year's books are asked for and are not there.</exception>
    public YearBooks Of(BooksYear year) => year == BooksYear.Current
        ? Current
        : Prior ?? throw new InvalidOperationException("The books of the prior year are not in the log.");
}
