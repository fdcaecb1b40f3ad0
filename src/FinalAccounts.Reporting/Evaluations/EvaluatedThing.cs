using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Reporting;

/// <summary>
/// What the books say of a project's performance, or of that of the spending as a whole: targets, results and self-evaluation as
/// they stand, put together indicator by indicator. What was not reported is null, which is not zero.
/// </summary>
public sealed class EvaluatedThing
{
    private readonly YearBooks books;
    private readonly IReadOnlyList<IndicatorResult?> results;
    private readonly IReadOnlyList<IndicatorScore?> scores;

    private EvaluatedThing(YearBooks books, string? project)
    {
        (this.books, Project) = (books, project);
        Targets = books.TargetsOf(project);
        Results = books.ResultsOf(project);
        Evaluation = books.EvaluationOf(project);
        Indicators = Targets?.Indicators ?? [];
        results = ByPlace(Results?.Results ?? [], r => r.Reference());
        scores = ByPlace(Evaluation?.Scores ?? [], s => s.Reference());
    }

    /// <summary>Null for the spending as a whole.</summary>
    public string? Project { get; }

    /// <summary>The project's name, or 整体支出.</summary>
    public string Name => Project ?? Messages.Text("WholeSpending");

    public PerformanceTargetsSet? Targets { get; }

    public PerformanceResultsReported? Results { get; }

    public SelfEvaluationReported? Evaluation { get; }

    public IReadOnlyList<Indicator> Indicators { get; }

    /// <summary>The projects whose money is evaluated; null for all spending.</summary>
    public IReadOnlyList<string>? Money => Targets?.CoveredProjects ?? (Project is null ? null : [Project]);

    /// <summary>分值 of the execution rate in hundredths of a point; null where it is not scored.</summary>
    public int? ExecutionWeight => Targets?.ExecutionWeightHundredths;

    /// <summary>
    /// The spending as a whole, if anything was said of its performance, then the projects in the order in which the books name them.
    /// </summary>
    public static IReadOnlyList<EvaluatedThing> All(YearBooks books)
    {
        var projects = books.Events.Select(e => e.Event switch
        {
            PerformanceTargetsSet t => t.Project,
            SelfEvaluationReported s => s.Project,
            _ => null,
        }).OfType<string>().Distinct(StringComparer.Ordinal).Select(project => new EvaluatedThing(books, project));
        EvaluatedThing whole = new(books, null);
        return whole.Targets is null && whole.Evaluation is null ? [.. projects] : [whole, .. projects];
    }

    /// <summary>What the indicator at a place came to; null when it was not reported.</summary>
    public IndicatorResult? ResultOf(int indicator) => results[indicator];

    /// <summary>The reported score of the indicator at a place; null when it was not reported.</summary>
    public IndicatorScore? ScoreOf(int indicator) => scores[indicator];

    /// <summary>How the indicator at a place is called in addresses.</summary>
    public string AddressOf(int indicator) => IndicatorReference.To(Indicators, indicator).ToString();

    /// <summary>分值 of the indicator at a place.</summary>
    public SumQuery WeightQuery(int indicator) =>
        Query(Messages.Text("IndicatorWeight", AddressOf(indicator)), Measure.IndicatorWeight, EventFacts.Evaluated(Project, IndicatorReference.To(Indicators, indicator)));

    /// <summary>The report of what the indicator at a place came to, counted as 1; null when there is none.</summary>
    public SumQuery? ResultQuery(int indicator) => results[indicator] is { } result
        ? Query(Messages.Text("IndicatorResult", AddressOf(indicator), result.Actual), Measure.IndicatorResult, EventFacts.Evaluated(Project, result.Reference()))
        : null;

    /// <summary>The reported score of the indicator at a place; null when there is none.</summary>
    public SumQuery? ScoreQuery(int indicator) => scores[indicator] is { } score
        ? Query(Messages.Text("IndicatorScore", AddressOf(indicator)), Measure.IndicatorScore, EventFacts.Evaluated(Project, score.Reference()))
        : null;

    /// <summary>分值 of the execution rate; null where it is not scored.</summary>
    public SumQuery? ExecutionWeightQuery() =>
        ExecutionWeight is null ? null : Query(Messages.Text("ExecutionWeight"), Measure.ExecutionWeight, EventFacts.Evaluated(Project));

    /// <summary>The reported score of the execution rate; null when there is none.</summary>
    public SumQuery? ExecutionScoreQuery() =>
        Evaluation?.ExecutionScoreHundredths is null ? null : Query(Messages.Text("ExecutionScore"), Measure.ExecutionScore, EventFacts.Evaluated(Project));

    /// <summary>The reported total score; null when there is none.</summary>
    public SumQuery? TotalScoreQuery() => Evaluation is null ? null
        : new(Messages.Text("EvaluationScore", Name), [new(1, new(Project is null ? Measure.OverallScore : Measure.ProjectScore, Project: Project))]);

    private static SumQuery Query(string name, Measure measure, string key) => new(name, [new(1, new(measure, Name: key))]);

    /// <summary>What was said of each indicator. What names none or several of the targets that stand now belongs to none of them.</summary>
    private T?[] ByPlace<T>(IEnumerable<T> said, Func<T, IndicatorReference> reference) where T : class
    {
        var found = new T?[Indicators.Count];
        foreach (var item in said)
        {
            if (reference(item).FindIn(Indicators) is [var place])
            {
                found[place] = item;
            }
        }

        return found;
    }
}
