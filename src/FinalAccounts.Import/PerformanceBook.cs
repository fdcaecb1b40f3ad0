using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Import;

/// <summary>Reads performance.yaml, or the sheets 绩效 and 绩效指标: targets, results and self-evaluation of the spending as a whole and of projects.</summary>
internal static class PerformanceBook
{
    private const string TargetDateKey = "目标日期";
    private const string ResponsibleKey = "主管部门";
    private const string ImplementingKey = "实施单位";
    private const string CoveredKey = "资金项目";
    private const string GoalKey = "年度目标";
    private const string ExecutionWeightKey = "执行率分值";
    private const string ResultDateKey = "结果日期";
    private const string AchievementsKey = "完成情况";
    private const string GoalCompletionKey = "目标完成情况";
    private const string ProblemsKey = "主要问题";
    private const string ImprovementsKey = "改进措施";
    private const string ApplicationKey = "结果应用";
    private const string EvaluationDateKey = "填报日期";
    private const string ExecutionScoreKey = "执行率得分";
    private const string ScoreKey = "自评得分";
    private const string GradeKey = "评价等级";
    private const string FundKey = "预算类别";
    private const string FundsKey = "项目资金(元)";

    /// <summary>Keys that have any number of values.</summary>
    private static readonly IReadOnlyList<string> ListKeys = [CoveredKey];

    /// <summary>The keys of what is evaluated, the indicators and a project's name not among them.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        TargetDateKey, ResponsibleKey, ImplementingKey, CoveredKey, GoalKey, ExecutionWeightKey, ResultDateKey, AchievementsKey,
        GoalCompletionKey, ProblemsKey, ImprovementsKey, ApplicationKey, EvaluationDateKey, ExecutionScoreKey, ScoreKey, GradeKey,
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
        var project = name.Length == 0 ? null : name;
        var values = KeyedRows.Read(rows, rows[0].File, rows[0].Line, Keys, ListKeys, errors);
        var read = indicatorRows.Select(row => new RowReader(row, errors)).ToList();
        List<Indicator> indicators = [.. read.Select(Target)];
        var references = indicators.Select((_, i) => IndicatorReference.To(indicators, i)).ToList();
        var results = read.Zip(references).Where(r => r.First.Optional(BookFormats.Actual) != null).ToList();
        var scores = read.Zip(references).Where(r => r.First.Optional(BookFormats.Score) != null).ToList();

        var entries = new List<BookEntry<YearCommand>>();
        if (values.Has(GoalKey) || values.Has(TargetDateKey) || indicators.Count > 0)
        {
            entries.Add(new(Targets(values, project, indicators, year), new(rows[0], indicatorRows, null, Places(values, TargetDateKey))));
        }

        if (values.Has(AchievementsKey) || results.Count > 0)
        {
            entries.Add(new(Results(values, project, results, year), new(rows[0], [.. results.Select(r => r.First.Row)], null, Places(values, ResultDateKey))));
        }

        if (values.Has(ScoreKey) || values.Has(GradeKey) || scores.Count > 0)
        {
            var dateKey = values.Has(EvaluationDateKey) ? EvaluationDateKey : ResultDateKey;
            entries.Add(new(
                Evaluation(values, dateKey, project, scores, year), new(rows[0], [.. scores.Select(s => s.First.Row)], null, Places(values, dateKey))));
        }

        return errors.Count > before ? [] : entries;
    }

    private static SetPerformanceTargets Targets(KeyedRows values, string? project, IReadOnlyList<Indicator> indicators, FiscalYear year)
    {
        var covered = values.Texts(CoveredKey);
        return new(
            values.Date(TargetDateKey, year), project, values.Text(GoalKey), indicators, values.OptionalPoints(ExecutionWeightKey),
            values.Optional(ResponsibleKey), values.Optional(ImplementingKey), covered.Count == 0 ? null : covered);
    }

    private static ReportPerformanceResults Results(
        KeyedRows values, string? project, IReadOnlyList<(RowReader Row, IndicatorReference Indicator)> results, FiscalYear year) => new(
        values.ReportDate(ResultDateKey, year), project, values.Text(AchievementsKey), values.Optional(ProblemsKey) ?? "", values.Optional(ImprovementsKey) ?? "",
        values.Optional(ApplicationKey),
        [
            .. results.Select(r => new IndicatorResult(
                r.Indicator.Name, r.Row.Text(BookFormats.Actual), r.Indicator.Level1, r.Indicator.Level2, r.Indicator.Number,
                r.Row.Optional(BookFormats.Deviation))),
        ],
        values.Optional(GoalCompletionKey));

    private static ReportSelfEvaluation Evaluation(
        KeyedRows values, string dateKey, string? project, IReadOnlyList<(RowReader Row, IndicatorReference Indicator)> scores, FiscalYear year)
    {
        Fund? fund = project == null ? null : values.Row(FundKey)?.Term<Fund>(BookFormats.Content);
        Money? funds = project == null ? null : values.Row(FundsKey)?.Amount(BookFormats.Content, Sign.NotNegative);
        return new(
            values.ReportDate(dateKey, year), project, fund, funds, values.Points(ScoreKey), values.Optional(GradeKey),
            [
                .. scores.Select(s => new IndicatorScore(
                    s.Indicator.Name, s.Row.Points(BookFormats.Score), s.Indicator.Level1, s.Indicator.Level2, s.Indicator.Number)),
            ],
            values.OptionalPoints(ExecutionScoreKey));
    }

    /// <summary>An indicator without a weight is reported but not scored.</summary>
    private static Indicator Target(RowReader row) => new(
        row.Text(BookFormats.Level1), row.Text(BookFormats.Level2), row.Text(BookFormats.Level3), row.Text(BookFormats.Target),
        row.Optional(BookFormats.Unit), row.OptionalPoints(BookFormats.Weight) ?? 0, row.OptionalTerm<IndicatorScoring>(BookFormats.Scoring));

    private static IReadOnlyDictionary<string, TableRow> Places(KeyedRows values, string dateKey) => values.Places(
        ("Date", dateKey), ("Goal", GoalKey), ("ExecutionWeightHundredths", ExecutionWeightKey), ("ResponsibleDepartment", ResponsibleKey),
        ("ImplementingUnit", ImplementingKey), ("Achievements", AchievementsKey), ("GoalCompletion", GoalCompletionKey), ("Problems", ProblemsKey),
        ("Improvements", ImprovementsKey), ("Application", ApplicationKey), ("ExecutionScoreHundredths", ExecutionScoreKey),
        ("ScoreHundredths", ScoreKey), ("Grade", GradeKey), ("Funds", FundsKey));
}
