namespace FinalAccounts.Reporting;

/// <summary>A self-evaluation form (绩效自评表) of a project, or of the department's spending as a whole.</summary>
/// <param name="Kind">整体支出 or 项目支出.</param>
/// <param name="Period">As printed below the title: （2024年度）; null where the form has no such line.</param>
/// <param name="Project">The evaluated project; null for the spending as a whole.</param>
/// <param name="ResponsibleDepartment">主管部门; null where it was not reported.</param>
/// <param name="ImplementingUnit">实施单位.</param>
/// <param name="UnitOfAmount">Of the fund rows: 万元.</param>
/// <param name="Splits">The money by its nature, where the form has it: 按收入性质分, 按支出性质分.</param>
/// <param name="Expected">预期目标.</param>
/// <param name="Actual">实际完成情况.</param>
public sealed record EvaluationForm(
    string Id,
    string? Attachment,
    string Title,
    string Kind,
    string? Period,
    string? Project,
    string? ResponsibleDepartment,
    string ImplementingUnit,
    string UnitOfAmount,
    IReadOnlyList<EvaluationFunds> Funds,
    IReadOnlyList<EvaluationSplit> Splits,
    FormText Expected,
    FormText Actual,
    IReadOnlyList<EvaluationIndicator> Indicators,
    EvaluationTotal Total,
    IReadOnlyList<string> Notes,
    string? Signature,
    TableLayout Layout) : DisclosureForm(Id, Attachment, Title, Notes, Signature, Layout)
{
    public override string? Subtitle => Period;
}

/// <summary>A row of money: 年度资金总额, 其中：当年财政拨款, …</summary>
/// <param name="Cells">年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分 or what the form calls them.</param>
public sealed record EvaluationFunds(string Name, IReadOnlyList<TableCell> Cells);

/// <summary>Money by its nature.</summary>
public sealed record EvaluationSplit(string Label, IReadOnlyList<EvaluationSplitRow> Rows);

/// <summary>A line of a split.</summary>
/// <param name="Printed">The name with what the form puts before it, and the amount: 其中：基本支出：266.9.</param>
/// <param name="Amount">Column is the name again; text null for a blank.</param>
public sealed record EvaluationSplitRow(string Name, string Printed, TableCell Amount);

/// <summary>An indicator of the form.</summary>
/// <param name="PrintedLevel1">As printed in the first of the rows that share it; null in the others, which it covers.</param>
/// <param name="PrintedLevel2">Like the one above.</param>
/// <param name="Actual">实际完成值; null when it was not reported.</param>
/// <param name="Weight">分值; blank for an indicator that is not scored.</param>
/// <param name="Score">得分; blank when it was not reported.</param>
/// <param name="Deviation">偏差原因分析及改进措施; null for none.</param>
public sealed record EvaluationIndicator(
    string Level1,
    string? PrintedLevel1,
    string Level2,
    string? PrintedLevel2,
    string Level3,
    string Target,
    string? Actual,
    TableCell Weight,
    TableCell Score,
    string? Deviation);

/// <summary>The row 总分.</summary>
public sealed record EvaluationTotal(string Label, TableCell Weight, TableCell Score);
