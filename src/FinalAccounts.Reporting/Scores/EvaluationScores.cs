namespace FinalAccounts.Reporting;

/// <summary>The scores of an evaluation: those that the department reported beside those that the program computes.</summary>
/// <param name="Name">The project, or 整体支出.</param>
/// <param name="Project">Null for the spending as a whole.</param>
/// <param name="Lines">The execution rate where it is scored, then the indicators with points.</param>
/// <param name="ReportedParts">The reported total beside the sum of the reported scores of its parts; null when any is missing.</param>
/// <param name="Total">The reported total beside the computed one.</param>
/// <param name="ReportedGrade">评价等级 as reported; null for none.</param>
/// <param name="Grade">The grade that the reported total earns; null where the pack has none or nothing was reported.</param>
/// <param name="GradeAgrees">False when the reported grade is not the one that the reported total earns.</param>
public sealed record EvaluationScores(
    string Name,
    string? Project,
    IReadOnlyList<ScoreLine> Lines,
    ScoreLine? ReportedParts,
    ScoreLine Total,
    string? ReportedGrade,
    string? Grade,
    bool GradeAgrees)
{
    /// <summary>The computed scores, each with its address and the events behind it.</summary>
    public IEnumerable<Figure> Figures => Lines.Append(Total).Select(l => l.Computed).OfType<Figure>();
}

/// <summary>A reported score beside the computed one. All scores are hundredths of a point.</summary>
/// <param name="Address">What the addresses of both scores begin with.</param>
/// <param name="Name">The indicator, 预算执行率 or 总分.</param>
/// <param name="Weight">分值.</param>
/// <param name="Reported">Null when it was not reported.</param>
/// <param name="Score">The score that the program awards; null when the rule can't tell.</param>
/// <param name="Least">The least score that the rule allows; null like the one above.</param>
/// <param name="Rule">The rule in words, or why it can't tell.</param>
/// <param name="Computed">The computed score as a figure; null when there is none.</param>
public sealed record ScoreLine(
    string Address, string Name, long Weight, long? Reported, long? Score, long? Least, string Rule, Figure? Computed)
{
    /// <summary>True when both scores are known and the reported one is not what the rule allows.</summary>
    public bool Differs => Reported is { } reported && Score is { } score && Least is { } least && (reported > score || reported < least);
}
