using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;

namespace FinalAccounts.Server.Api;

/// <summary>The scores of an evaluation: those that the department reported beside those that the program computes. All are hundredths of a point.</summary>
/// <param name="Name">The project, or 整体支出.</param>
/// <param name="Project">Absent for the spending as a whole.</param>
/// <param name="Lines">The execution rate where it is scored, then the indicators with points.</param>
/// <param name="ReportedParts">The reported total beside the sum of the reported scores of its parts; absent when any is missing.</param>
/// <param name="Total">The reported total beside the computed one.</param>
/// <param name="ReportedGrade">评价等级 as reported.</param>
/// <param name="Grade">The grade that the reported total earns.</param>
/// <param name="GradeAgrees">False when the reported grade is not the one that the reported total earns.</param>
public sealed record ScoreItem(
    string Name,
    string? Project,
    IReadOnlyList<ScoreLineItem> Lines,
    ScoreLineItem? ReportedParts,
    ScoreLineItem Total,
    string? ReportedGrade,
    string? Grade,
    bool GradeAgrees)
{
    public static ScoreItem Of(EvaluationScores scores) => new(
        scores.Name,
        scores.Project,
        [.. scores.Lines.Select(ScoreLineItem.Of)],
        scores.ReportedParts is { } parts ? ScoreLineItem.Of(parts) : null,
        ScoreLineItem.Of(scores.Total),
        scores.ReportedGrade,
        scores.Grade,
        scores.GradeAgrees);
}

/// <summary>A reported score beside the computed one, in hundredths of a point.</summary>
/// <param name="Address">What the addresses of both scores begin with.</param>
/// <param name="Name">The indicator, 预算执行率 or 总分.</param>
/// <param name="Weight">分值.</param>
/// <param name="Reported">Absent when it was not reported.</param>
/// <param name="Score">The score that the program awards; absent when the rule can't tell.</param>
/// <param name="Least">The least score that the rule allows; absent like the one above.</param>
/// <param name="Rule">The rule in words, or why it can't tell.</param>
/// <param name="Differs">True when the reported score is not what the rule allows.</param>
/// <param name="Figure">The address of the computed score, to ask where it comes from; absent when there is none.</param>
public sealed record ScoreLineItem(
    string Address, string Name, long Weight, long? Reported, long? Score, long? Least, string Rule, bool Differs, string? Figure)
{
    public static ScoreLineItem Of(ScoreLine line) => new(
        line.Address, line.Name, line.Weight, line.Reported, line.Score, line.Least, line.Rule, line.Differs, line.Computed?.Address);
}

/// <summary>The scores of a year's evaluations.</summary>
internal static class ScoreRoutes
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet(YearRoutes.Path + "/scores", Scores).Needs(Right.ReadBooks).Answering<IReadOnlyList<ScoreItem>>();

    /// <summary>The scores of everything that was evaluated: reported and computed.</summary>
    internal static Task<IResult> Scores(HttpContext http, Answers answers, [AsParameters] YearRequest request, CancellationToken cancellationToken) =>
        answers.JsonAsync(
            http, request.Asked, "scores", ApiJson.Own.IReadOnlyListScoreItem, (reported, _) => [.. reported.Document.Scores.Select(ScoreItem.Of)],
            cancellationToken);
}
