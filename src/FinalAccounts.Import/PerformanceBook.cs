using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Import;

/// <summary>Reads performance.yaml, or the sheets 绩效 and 绩效指标: targets, results and self-evaluation of the spending as a whole and of projects.</summary>
internal static class PerformanceBook
{
    private const string TargetDateKey = "目标日期";
    private const string GoalKey = "年度目标";
    private const string ResultDateKey = "结果日期";
    private const string AchievementsKey = "完成情况";
    private const string ProblemsKey = "主要问题";
    private const string ImprovementsKey = "改进措施";
    private const string ApplicationKey = "结果应用";
    private const string ScoreKey = "自评得分";
    private const string GradeKey = "评价等级";
    private const string FundKey = "预算类别";
    private const string FundsKey = "项目资金(元)";

    /// <summary>The keys of what is evaluated, the indicators and a project's name not among them.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        TargetDateKey, GoalKey, ResultDateKey, AchievementsKey, ProblemsKey, ImprovementsKey, ApplicationKey, ScoreKey, GradeKey,
        FundKey, FundsKey,
    ];

    /// <param name="table">Keys and texts; null when there are none.</param>
    /// <param name="indicators">The indicators; null when there are none.</param>
    public static IEnumerable<BookEntry<YearCommand>> Read(Table? table, Table? indicators, FiscalYear year, ImportErrors errors)
    {
        var indicatorsOf = (indicators?.Rows ?? []).ToLookup(row => row[BookFormats.Project]);
        var rowsOf = (table?.Rows ?? []).ToLookup(row => row[BookFormats.Project]);
        foreach (var stray in indicatorsOf.Where(group => !rowsOf.Contains(group.Key)))
        {
            var row = stray.First();
            errors.Add(ImportRule.ValueMissing, row.File, row.Line, TargetDateKey);
        }

        return rowsOf.SelectMany(group => Evaluated(group.Key, [.. group], [.. indicatorsOf[group.Key]], year, errors)).ToList();
    }

    private static IEnumerable<BookEntry<YearCommand>> Evaluated(
        string name, IReadOnlyList<TableRow> rows, IReadOnlyList<TableRow> indicatorRows, FiscalYear year, ImportErrors errors)
    {
        var before = errors.Count;
        var entries = new List<BookEntry<YearCommand>>();
        var project = name.Length == 0 ? null : name;
        var values = KeyedRows.Read(rows, rows[0].File, rows[0].Line, Keys, [], errors);
        var indicators = indicatorRows.Select(row => Read(new(row, errors))).ToList();

        if (values.Has(GoalKey) || values.Has(TargetDateKey) || indicators.Count > 0)
        {
            var targets = new SetPerformanceTargets(values.Date(TargetDateKey, year), project, values.Text(GoalKey), [.. indicators.Select(i => i.Indicator)]);
            entries.Add(new(targets, rows[0], indicatorRows));
        }

        if (values.Has(AchievementsKey) || indicators.Any(i => i.Result != null))
        {
            var results = new ReportPerformanceResults(values.Date(ResultDateKey, year), project, values.Text(AchievementsKey), values.Optional(ProblemsKey) ?? "",
                values.Optional(ImprovementsKey) ?? "", values.Optional(ApplicationKey), [.. indicators.Select(i => i.Result).OfType<IndicatorResult>()]);
            entries.Add(new(results, rows[0], [.. indicators.Where(i => i.Result != null).Select(i => i.Row)]));
        }

        if (values.Has(ScoreKey) || values.Has(GradeKey) || indicators.Any(i => i.Score != null))
        {
            Fund? fund = project == null ? null : values.Row(FundKey)?.Term<Fund>(BookFormats.Content);
            Money? funds = project == null ? null : values.Row(FundsKey)?.Amount(BookFormats.Content, Sign.NotNegative);
            var evaluation = new ReportSelfEvaluation(values.Date(ResultDateKey, year), project, fund, funds, values.Points(ScoreKey), values.Text(GradeKey),
                [.. indicators.Select(i => i.Score).OfType<IndicatorScore>()]);
            entries.Add(new(evaluation, rows[0], [.. indicators.Where(i => i.Score != null).Select(i => i.Row)]));
        }

        return errors.Count > before ? [] : entries;
    }

    private static (Indicator Indicator, IndicatorResult? Result, IndicatorScore? Score, TableRow Row) Read(RowReader row)
    {
        var name = row.Text(BookFormats.Level3);
        var indicator = new Indicator(row.Text(BookFormats.Level1), row.Text(BookFormats.Level2), name, row.Text(BookFormats.Target),
            row.Optional(BookFormats.Unit), row.Points(BookFormats.Weight));
        var result = row.Optional(BookFormats.Actual) is { } actual ? new IndicatorResult(name, actual) : null;
        var score = row.Optional(BookFormats.Score) != null ? new IndicatorScore(name, row.Points(BookFormats.Score)) : null;
        return (indicator, result, score, row.Row);
    }
}
