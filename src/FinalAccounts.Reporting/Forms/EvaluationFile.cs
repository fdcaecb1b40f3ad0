namespace FinalAccounts.Reporting.Forms;

/// <summary>The file of a part of the kind <c>evaluations</c>: a self-evaluation form (绩效自评表).</summary>
public sealed class EvaluationFile : Placed
{
    public EvaluationScope? Of { get; set; }

    /// <summary>附件5: printed above the title. A template.</summary>
    public PackText? Attachment { get; set; }

    /// <summary>A template, like all texts of the form, with the names of docs/forms.md.</summary>
    public PackText? Title { get; set; }

    /// <summary>Printed below the title.</summary>
    public PackText? Period { get; set; }

    /// <summary>Relative widths: of the labels at the left, then of the columns of the indicators.</summary>
    public List<int>? Widths { get; set; }

    /// <summary>The rows above the money, each with one or two labels and what stands beside them.</summary>
    public List<List<EvaluationHeadFile>>? Heads { get; set; }

    public EvaluationFundsFile? Funds { get; set; }

    /// <summary>Money by its nature, side by side; none when left out.</summary>
    public List<EvaluationSplitFile>? Splits { get; set; }

    public EvaluationGoalsFile? Goals { get; set; }

    public EvaluationIndicatorsFile? Indicators { get; set; }

    public EvaluationTotalFile? Total { get; set; }

    /// <summary>Printed below the grid.</summary>
    public List<PackText>? Notes { get; set; }

    /// <summary>The line for 填表人, 填报日期 and 签字.</summary>
    public PackText? Signature { get; set; }

    /// <summary>Every template of the form.</summary>
    internal IEnumerable<PackText> Templates =>
    [
        .. new[] { Attachment, Title, Period, Signature, Indicators?.Level1, Indicators?.Level2 }.OfType<PackText>(),
        .. Notes ?? [],
        .. (Heads ?? []).SelectMany(row => row).Select(h => h.Text).OfType<PackText>(),
    ];
}

/// <summary>What a form evaluates.</summary>
public enum EvaluationScope
{
    /// <summary>The department's spending as a whole (整体支出).</summary>
    Whole,

    /// <summary>One form for each project that has targets or a self-evaluation, in the order in which the books name them first.</summary>
    Projects,
}

/// <summary>A label and what stands beside it.</summary>
public sealed class EvaluationHeadFile : Placed
{
    public string? Label { get; set; }

    public PackText? Text { get; set; }
}

/// <summary>The rows of money.</summary>
public sealed class EvaluationFundsFile : Placed
{
    public string? Label { get; set; }

    /// <summary>The number format of the amounts; that of tables when left out.</summary>
    public string? Format { get; set; }

    /// <summary>The number format of 执行率; that of percentages when left out.</summary>
    public string? RateFormat { get; set; }

    /// <summary>The highest 执行率 that the form prints, in percent; none when left out.</summary>
    public int? RateCap { get; set; }

    /// <summary>The columns whose quotient 执行率 is: the first as a percentage of the second.</summary>
    public List<string>? Rate { get; set; }

    /// <summary>Whether 得分 is the one that the department reported or the one that the program computes; reported when left out.</summary>
    public EvaluationScoreOrigin? Score { get; set; }

    public List<EvaluationColumnFile>? Columns { get; set; }

    public List<EvaluationFundRowFile>? Rows { get; set; }
}

/// <summary>Where a printed score comes from.</summary>
public enum EvaluationScoreOrigin
{
    Reported,
    Computed,
}

public sealed class EvaluationColumnFile : Placed
{
    public string? Name { get; set; }

    /// <summary>What the column holds; an amount when left out.</summary>
    public EvaluationColumnRole? Role { get; set; }
}

/// <summary>What a column of the money holds.</summary>
public enum EvaluationColumnRole
{
    Amount,

    /// <summary>分值.</summary>
    Weight,

    /// <summary>执行率.</summary>
    Rate,

    /// <summary>得分.</summary>
    Score,
}

public sealed class EvaluationFundRowFile : Placed
{
    public string? Name { get; set; }

    /// <summary>Quantities by column, narrowed to the evaluated projects.</summary>
    public Dictionary<string, string>? Quantities { get; set; }

    /// <summary>The columns besides amounts that are filled in: 分值, 执行率, 得分.</summary>
    public List<string>? Filled { get; set; }

    /// <summary>Fixed texts by column: <c>--</c>.</summary>
    public Dictionary<string, string>? Texts { get; set; }

    /// <summary>
    /// Columns that are filled in only when no other row below the first has an amount in any column: the books say which source
    /// a budget has, but not which of several sources was spent.
    /// </summary>
    public List<string>? Alone { get; set; }

    public ZeroRule? Zero { get; set; }
}

/// <summary>Money by its nature: a heading and lines of the form 名称：金额.</summary>
public sealed class EvaluationSplitFile : Placed
{
    public string? Label { get; set; }

    public List<EvaluationSplitRowFile>? Rows { get; set; }
}

public sealed class EvaluationSplitRowFile : Placed
{
    public string? Name { get; set; }

    /// <summary>Printed before the name: 其中：</summary>
    public string? Prefix { get; set; }

    /// <summary>Left out for a line that the form always leaves blank.</summary>
    public string? Quantity { get; set; }

    /// <summary>The number format; that of the rows of money when left out.</summary>
    public string? Format { get; set; }
}

public sealed class EvaluationGoalsFile : Placed
{
    public string? Label { get; set; }

    public string? Expected { get; set; }

    public string? Actual { get; set; }
}

public sealed class EvaluationIndicatorsFile : Placed
{
    /// <summary>一级指标, 二级指标, 三级指标, 年度指标值, 实际完成值, 分值, 得分, 偏差原因分析及改进措施.</summary>
    internal const int ColumnCount = 8;

    public string? Label { get; set; }

    /// <summary>The heads of 一级指标, 二级指标, 三级指标, 年度指标值, 实际完成值, 分值, 得分 and 偏差原因分析及改进措施, in this order.</summary>
    public List<string>? Columns { get; set; }

    /// <summary>How a level is printed: a template with <c>level</c> and <c>points</c>, the points that its rows have together; the level alone when left out.</summary>
    public PackText? Level1 { get; set; }

    public PackText? Level2 { get; set; }
}

public sealed class EvaluationTotalFile : Placed
{
    public string? Label { get; set; }

    public EvaluationTotalScope? Of { get; set; }
}

/// <summary>What the row 总分 counts.</summary>
public enum EvaluationTotalScope
{
    /// <summary>The indicators and the execution rate; the score is the one that the department reported.</summary>
    Everything,

    /// <summary>The indicators alone; the score is the sum of their reported scores.</summary>
    Indicators,
}
