namespace FinalAccounts.Import;

/// <summary>The lists that a department's year is imported from. Documented for clerks in docs/import.md.</summary>
public static class BookFormats
{
    public const string Key = "栏目";
    public const string Content = "内容";
    public const string Type = "类型";
    public const string DocumentNumber = "文号";
    public const string Date = "日期";
    public const string Purpose = "事由";
    public const string Voucher = "凭证号";
    public const string Summary = "摘要";
    public const string Function = "功能科目";
    public const string Economic = "经济科目";
    public const string Fund = "预算类别";
    public const string Kind = "支出性质";
    public const string Project = "项目";
    public const string Source = "收入来源";
    public const string PaidFrom = "资金来源";
    public const string Amount = "金额(元)";
    public const string Reversed = "冲销凭证号";
    public const string Counterparty = "对方单位";
    public const string Category = "类别";
    public const string Name = "名称";
    public const string Value = "数值";
    public const string Unit = "单位";
    public const string Persons = "人数";
    public const string Level1 = "一级指标";
    public const string Level2 = "二级指标";
    public const string Level3 = "三级指标";
    public const string Target = "目标值";
    public const string Weight = "分值";
    public const string Actual = "完成值";
    public const string Score = "得分";
    public const string Scoring = "计分方式";
    public const string Deviation = "偏差原因分析及改进措施";
    public const string Subject = "对象";
    public const string Text = "说明";
    public const string Author = "作者";
    public const string PriorAmount = "上年数(元)";
    public const string Origin = "来源";

    public static readonly ListFormat Department = new("department", "单位", "yaml", true, [new(Key), new(Content)]);

    public static readonly ListFormat Budget = new("budget", "预算", "csv", true,
    [
        new(Type), new(DocumentNumber), new(Date), new(Purpose), new(Function), new(Kind), new(Project, false), new(Fund),
        new(Economic, false), new(Amount), new(PaidFrom, false),
    ]);

    public static readonly ListFormat Income = new("income", "收入", "csv", true,
        [new(Voucher), new(Date), new(Summary), new(Function), new(Source), new(Fund), new(Amount), new(Counterparty, false)]);

    public static readonly ListFormat Expenditure = new("expenditure", "支出", "csv", true,
    [
        new(Voucher), new(Date), new(Summary), new(Function), new(Economic), new(Fund), new(Kind), new(Project, false),
        new(PaidFrom), new(Amount), new(Reversed, false), new(Counterparty, false),
    ]);

    public static readonly ListFormat Balances = new("balances", "结转结余", "csv", false,
    [
        new(Type), new(Date, false), new(DocumentNumber, false), new(Summary, false), new(Function, false), new(Fund, false),
        new(Kind, false), new(Project, false), new(Amount),
    ]);

    public static readonly ListFormat Statistics = new("statistics", "统计", "csv", false,
        [new(Category), new(Name), new(Value), new(Unit), new(Persons, false), new(Content, false)]);

    public static readonly ListFormat Performance = new("performance", "绩效", "yaml", false, [new(Project, false), new(Key), new(Content)]);

    /// <summary>A sheet of its own in a workbook; a part of performance.yaml in a folder.</summary>
    public static readonly ListFormat Indicators = new("indicators", "绩效指标", "", false,
    [
        new(Project, false), new(Level1), new(Level2), new(Level3), new(Target), new(Unit, false), new(Weight), new(Actual, false),
        new(Score, false), new(Scoring, false), new(Deviation, false),
    ]);

    public static readonly ListFormat Explanations = new("explanations", "原因说明", "yaml", false,
        [new(Subject), new(Text), new(Author), new(Date, false)]);

    public static readonly ListFormat Comparatives = new("comparatives", "上年数", "csv", false,
        [new(Project), new(PriorAmount), new(Origin, false)]);

    /// <summary>All lists in the order in which they are read.</summary>
    public static readonly IReadOnlyList<ListFormat> All =
        [Department, Budget, Income, Expenditure, Balances, Statistics, Performance, Indicators, Explanations, Comparatives];
}
