namespace FinalAccounts.Reporting;

/// <summary>Computes the scores of what the books evaluate by the rules of a form pack, and finds where the reported ones differ.</summary>
internal sealed class Scorer(ScoringRules rules, ReportBooks books, Quantities quantities, FigureBook book)
{
    private readonly string computed = Messages.Text("ComputedScore");

    public IReadOnlyList<EvaluationScores> All() => [.. EvaluatedThing.All(books.Current).Where(e => e.Targets is not null).Select(Scores)];

    /// <summary>The differences, for somebody to look at: reported scores are printed as they are.</summary>
    public static IEnumerable<ReportFinding> Findings(EvaluationScores scores)
    {
        foreach (var line in scores.Lines.Where(l => l.Differs))
        {
            yield return new(ReportRules.ScoreDiffers, line.Address, [Points(line.Reported), Points(line.Score), line.Rule]);
        }

        if (scores.ReportedParts is { Differs: true } parts)
        {
            yield return new(ReportRules.TotalScoreDiffers, parts.Address, [Points(parts.Reported), Points(parts.Score)]);
        }

        if (!scores.GradeAgrees)
        {
            yield return new(ReportRules.GradeDiffers, scores.Total.Address, [scores.ReportedGrade!, Points(scores.Total.Reported), scores.Grade ?? Messages.Text("NoGrade")]);
        }
    }

    /// <summary>The computed score of the execution rate; null where it is not scored.</summary>
    public ScoreLine? Execution(EvaluatedThing evaluated)
    {
        if (evaluated.ExecutionWeightQuery() is not { } weight)
        {
            return null;
        }

        var address = $"{Address(evaluated)}/{Messages.Text("ExecutionRate")}";
        var points = (long)weight.Total(books);
        ScoreLine line = new(address, Messages.Text("ExecutionRate"), points, evaluated.Evaluation?.ExecutionScoreHundredths, null, null, "", null);
        if (rules.Execution is not { } of || quantities.Together(of.Executed, evaluated.Money) is not { } executed
            || quantities.Together(of.Budget, evaluated.Money) is not { } budget)
        {
            return line with { Rule = Messages.Text("ScoreNoRule") };
        }

        if (budget.Total(books) <= 0)
        {
            return line with { Rule = Messages.Text("ScoreNoBudget") };
        }

        ExecutionScoreQuery query = new(weight, executed, budget);
        var score = rules.Score(points, new(executed.Total(books), budget.Total(books)));
        var rule = Messages.Text("ScoreExecution", of.Executed, of.Budget);
        return line with { Score = score, Least = score, Rule = rule, Computed = Figure(address, score, query, rule) };
    }

    private static string Points(long? hundredths) => Printing.Score(hundredths ?? 0).Text;

    private static string Address(EvaluatedThing evaluated) => Messages.Text("EvaluationAddress", evaluated.Name);

    private EvaluationScores Scores(EvaluatedThing evaluated)
    {
        List<ScoreLine> lines = [];
        if (Execution(evaluated) is { } execution)
        {
            lines.Add(execution);
        }

        lines.AddRange(Enumerable.Range(0, evaluated.Indicators.Count).Where(i => evaluated.Indicators[i].WeightHundredths > 0).Select(i => Indicator(evaluated, i)));
        var (evaluation, address) = (evaluated.Evaluation, $"{Address(evaluated)}/{Messages.Text("TotalScore")}");
        var total = Total(address, evaluation?.ScoreHundredths, lines);
        var grade = evaluation is null ? null : rules.Grade(evaluation.ScoreHundredths);
        var agrees = evaluation?.Grade is not { } reported || rules.IsGradeOf(reported, evaluation.ScoreHundredths);
        return new(evaluated.Name, evaluated.Project, lines, ReportedParts(address, evaluation?.ScoreHundredths, lines), total, evaluation?.Grade, grade, agrees);
    }

    private ScoreLine Indicator(EvaluatedThing evaluated, int place)
    {
        var indicator = evaluated.Indicators[place];
        var address = $"{Address(evaluated)}/{evaluated.AddressOf(place)}";
        var (share, least, rule) = rules.Share(indicator, evaluated.ResultOf(place)?.Actual);
        ScoreLine line = new(
            address, evaluated.AddressOf(place), indicator.WeightHundredths, evaluated.ScoreOf(place)?.ScoreHundredths, null, null, rule, null);
        if (share is not { } earned || evaluated.ResultQuery(place) is not { } result)
        {
            return line;
        }

        var score = rules.Score(indicator.WeightHundredths, earned);
        IndicatorScoreQuery query = new(evaluated.WeightQuery(place), result, earned);
        return line with { Score = score, Least = rules.Score(indicator.WeightHundredths, least!.Value), Computed = Figure(address, score, query, rule) };
    }

    /// <summary>The reported total beside the sum of the parts, when all of them were reported.</summary>
    private static ScoreLine? ReportedParts(string address, long? reported, List<ScoreLine> lines)
    {
        if (reported is null || lines.Count == 0 || lines.Exists(l => l.Reported is null))
        {
            return null;
        }

        var sum = lines.Sum(l => l.Reported!.Value);
        return new(address, Messages.Text("TotalScore"), lines.Sum(l => l.Weight), reported, sum, sum, Messages.Text("ScoreParts"), null);
    }

    private ScoreLine Total(string address, long? reported, List<ScoreLine> lines)
    {
        ScoreLine line = new(address, Messages.Text("TotalScore"), lines.Sum(l => l.Weight), reported, null, null, Messages.Text("ScorePartsUnknown"), null);
        if (lines.Count == 0 || lines.Exists(l => l.Score is null))
        {
            return line;
        }

        var (score, least, rule) = (lines.Sum(l => l.Score!.Value), lines.Sum(l => l.Least!.Value), Messages.Text("ScoreTotal"));
        TotalScoreQuery query = new([.. lines.Select(l => l.Computed!.Query)], score);
        return line with { Score = score, Least = least, Rule = rule, Computed = Figure(address, score, query, rule) };
    }

    private Figure Figure(string address, long score, FigureQuery query, string rule) => book.Add(new(
        $"{address}/{computed}", $"{address[(address.IndexOf('/', StringComparison.Ordinal) + 1)..]} {computed}", Printing.Points, query.Evaluate(books), Printing.Score(score).Text, rule, query));
}
