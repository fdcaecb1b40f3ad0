namespace FinalAccounts.Reporting.Fidelity;

/// <summary>The names of fields of forms in the places of differences.</summary>
internal static class FormPlaces
{
    public const string Evaluations = "selfEvaluations";
    public const string Title = "标题";
    public const string Project = "项目名称";
    public const string ResponsibleDepartment = "主管部门";
    public const string ImplementingUnit = "实施单位";
    public const string Expected = "预期目标";
    public const string Actual = "实际完成情况";
    public const string Total = "总分";
    public const string Weight = "分值";
    public const string Score = "得分";
    public const string Notes = "注";
    public const string Signature = "签章";

    /// <summary>A place from its parts; line breaks in labels are layout.</summary>
    public static string In(params IEnumerable<string> parts) => string.Join('/', parts.Select(p => new FoldedText(p).Kept));

    /// <summary>Fields with places of their own: the second of a name gets <c>#2</c>.</summary>
    public static IReadOnlyList<ComparedField> Unique(IEnumerable<ComparedField> fields)
    {
        Occurrences seen = new();
        return [.. fields.Select(f => f with { Place = seen.Name(f.Place) })];
    }

    /// <summary>What is compared of an indicator's level: its name, with the points that may be printed behind it (产出指标（50分）).</summary>
    public static string? Level(string? name, string? printed) =>
        name is not null && printed is not null && FoldedText.Of(printed).StartsWith(FoldedText.Of(name), StringComparison.Ordinal) ? printed : name;

    public static ComparedIndicator Indicator(
        string? level1, string? level2, string level3, string? target, string? actual, string? weight, string? score, string? deviation) => new(
        level3, target,
        [
            new("一级指标", level1), new("二级指标", level2), new("三级指标", level3), new("年度指标值", target), new("实际完成值", actual),
            new(Weight, weight), new(Score, score), new("偏差原因分析及改进措施", deviation),
        ]);
}
