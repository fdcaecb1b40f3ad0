namespace FinalAccounts.Reporting;

/// <summary>A share of an indicator's points, exact, in hundredths of a point. The events are those that set the points and reported the result.</summary>
public sealed record IndicatorScoreQuery(SumQuery Weight, SumQuery Result, Ratio Share) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => [Weight, Result];

    public override Ratio Evaluate(ReportBooks books) => new(Weight.Total(books) * Share.Numerator, Share.Denominator);
}

/// <summary>
/// 分值 × executed ÷ budget, exact, in hundredths of a point, from 0 to the points. The events are those that set the points, and the
/// ledger's postings and budget documents.
/// </summary>
public sealed record ExecutionScoreQuery(SumQuery Weight, SumQuery Executed, SumQuery Budget) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => [Weight, Executed, Budget];

    /// <exception cref="DivideByZeroException">There is no budget.</exception>
    public override Ratio Evaluate(ReportBooks books)
    {
        var budget = Budget.Total(books);
        return budget > 0
            ? new(Weight.Total(books) * Int128.Clamp(Executed.Total(books), 0, budget), budget)
            : throw new DivideByZeroException("There is no budget to be executed.");
    }
}

/// <summary>The sum of awarded scores. Unlike amounts, scores are added as they are awarded: the total is what the rows add up to.</summary>
/// <param name="Hundredths">The awarded scores in hundredths of a point.</param>
public sealed record TotalScoreQuery(IReadOnlyList<FigureQuery> Parts, long Hundredths) : FigureQuery
{
    public override IEnumerable<SumQuery> Sums => Parts.SelectMany(p => p.Sums);

    public override Ratio Evaluate(ReportBooks books) => Ratio.Whole(Hundredths);
}
