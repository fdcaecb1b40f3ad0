namespace FinalAccounts.Reporting.Forms;

/// <summary>scoring.yaml: how scores follow from what was reached. What a pack does not say, the pack that it extends says.</summary>
public sealed class ScoringFile : Placed
{
    public ExecutionScoringFile? Execution { get; set; }

    /// <summary>Decimals of a computed score, 0 to 2.</summary>
    public int? Decimals { get; set; }

    /// <summary>How an indicator with a comparable number is scored when it does not say itself: 按比例 or 达标.</summary>
    public string? Numeric { get; set; }

    /// <summary>How a target without a sign is meant, by 一级指标: ≥ or ≤; ≥ where nothing is said.</summary>
    public Dictionary<string, string>? Comparisons { get; set; }

    /// <summary>The share of the points for words.</summary>
    public List<GradedScoringFile>? Graded { get; set; }

    /// <summary>The grades, best first.</summary>
    public List<GradeFile>? Grades { get; set; }
}

/// <summary>The score of the execution rate: 分值 × <see cref="Executed"/> ÷ <see cref="Budget"/>, at most 分值.</summary>
public sealed class ExecutionScoringFile : Placed
{
    /// <summary>A quantity.</summary>
    public string? Executed { get; set; }

    /// <summary>A quantity.</summary>
    public string? Budget { get; set; }
}

/// <summary>Words and the points that they are worth.</summary>
public sealed class GradedScoringFile : Placed
{
    public List<string>? Words { get; set; }

    /// <summary>The share of the points that the program gives, in percent.</summary>
    public int? Share { get; set; }

    /// <summary>The least share that the words allow, in percent; <see cref="Share"/> when left out. A score in between is no difference.</summary>
    public int? Least { get; set; }
}

/// <summary>A grade and the total score that it begins with.</summary>
public sealed class GradeFile : Placed
{
    /// <summary>What the grade is called; the first is the usual word.</summary>
    public List<string>? Words { get; set; }

    /// <summary>In points.</summary>
    public int? From { get; set; }
}
