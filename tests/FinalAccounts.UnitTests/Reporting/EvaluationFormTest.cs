using System.Text.Json.Nodes;
using FinalAccounts.Documents;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Self-evaluation forms: money from the ledger, indicators as they were set and reported.</summary>
public class EvaluationFormTest
{
    private const string Project = "稽核经费";

    private const string Pack = """
        extends: national
        title: "{{year}}年度{{unit}}自评报告"
        parts:
          - { kind: evaluations, key: selfEvaluations, title: 整体支出绩效自评表, evaluation: evaluation-whole.yaml }
          - { kind: evaluations, key: performance, title: 项目支出绩效自评表, evaluation: evaluation-project.yaml }
        """;

    /// <summary>What the form of a region has of its own.</summary>
    private const string ProjectForm = """
        attachment: 附件5
        funds:
          label: 项目资金（万元）
          format: 金额
          rateCap: 100
          rate: [全年执行数, 年初预算数]
          columns:
            - { name: 年初预算数 }
            - { name: 全年预算数 }
            - { name: 全年执行数 }
            - { name: 分值, role: weight }
            - { name: 执行率, role: rate }
            - { name: 得分, role: score }
          rows:
            - name: 年度资金总额
              quantities: { 年初预算数: 年初资金, 全年预算数: 全年资金, 全年执行数: 支出合计 }
              filled: [分值, 执行率, 得分]
            - name: 其中：当年财政拨款
              quantities: { 年初预算数: 当年财政拨款年初资金, 全年预算数: 当年财政拨款资金, 全年执行数: 财政拨款支出 }
              texts: { 分值: --, 得分: -- }
              alone: [全年执行数]
            - name: 其他资金
              quantities: { 年初预算数: 其他来源年初资金, 全年预算数: 其他来源资金 }
              texts: { 分值: --, 得分: -- }
        signature: 填表人： 填报日期：{{evaluationYear}}.{{evaluationMonth}}.{{evaluationDay}}
        """;

    [Fact]
    public void The_money_of_a_project_comes_from_the_ledger()
    {
        // 29,245.00 ÷ 50,000.00 = 58.49 %; other projects' budget and spending are not the project's.
        var form = Form(SomeBooks().Budget(Books.Running, 1_000).Spend(Books.Running, Books.Office, 1_000));

        Row(form, "年度资金总额").ShouldBe(["5", "5", "2.92", "10", "58.49%", "9"]);
        Row(form, "其中：当年财政拨款").ShouldBe(["5", "5", "2.92", "--", null, "--"]);
        Row(form, "其他资金").ShouldBe([null, null, null, "--", null, "--"]);
    }

    [Fact]
    public void Budget_from_elsewhere_is_split_off_and_then_nobody_knows_which_money_was_spent()
    {
        var form = Form(SomeBooks().Add(new BudgetAppropriated(
            Day, "预9", "部门预算", [Line(17_000_000) with { Source = IncomeSource.Other }])));

        Row(form, "年度资金总额").ShouldBe(["22", "22", "2.92", "10", "13.29%", "9"]); // 29,245 ÷ 220,000
        Row(form, "其中：当年财政拨款").ShouldBe(["5", "5", null, "--", null, "--"]);
        Row(form, "其他资金").ShouldBe(["17", "17", null, "--", null, "--"]);
    }

    [Fact]
    public void A_rate_above_the_forms_cap_prints_the_cap_and_stays_exact()
    {
        var books = SomeBooks().Add(new BudgetSupplemented(Day, "追1", "追加", [Line(3_000_000)])).Add(Spending("记9", 3_000_000));
        var document = Document(books);

        Row(document, "年度资金总额").ShouldBe(["5", "8", "5.92", "10", "100%", "9"]);
        var rate = document.Figures.Single(f => f.Address == "自评/稽核经费/年度资金总额/执行率");
        rate.Exact.ShouldBe(new(5_924_500, 5_000_000));
        rate.Rounding.ShouldEndWith("超过100%的印100%");
    }

    [Fact]
    public void Indicators_are_printed_under_merged_levels_with_their_points()
    {
        var form = Form(SomeBooks());

        form.Indicators.Select(i => (i.PrintedLevel1, i.PrintedLevel2, i.Level3, i.Target, i.Actual, i.Weight.Text, i.Score.Text, i.Deviation)).ShouldBe(
        [
            ("产出指标", "数量指标", "指标1", "≥2次", "3次", "40", "40", null),
            (null, null, "指标1", "随时发现", null, null, null, null),
            (null, "质量指标", "指标1", "100%", "90%", "30", "27.5", "人手不足"),
            ("效益指标", "质量指标", "基金安全", "保障安全", "基本完成", "20", "20", null),
        ]);
        (form.Total.Weight.Text, form.Total.Score.Text).ShouldBe(("100", "96.5"));
        (form.Expected.Text, form.Actual.Text, form.Signature).ShouldBe(("全力核查。", "查了3次。", "填表人： 填报日期：2025.3.5"));
    }

    [Fact]
    public void The_grid_is_filled_without_gaps_and_levels_cover_their_rows()
    {
        var layout = Form(SomeBooks()).Layout;
        layout.Body.ShouldAllBe(row => row.Count > 0);
        layout.Body.Sum(row => row.Sum(c => c.ColumnSpan * c.RowSpan)).ShouldBe(layout.ColumnWidths.Count * layout.Body.Count);
        layout.Body.SelectMany(r => r).Where(c => c.RowSpan > 1).Select(c => (c.Text, c.RowSpan)).ShouldBe(
            [("项目资金（万元）", 4), ("年度总体目标", 2), ("绩效指标", 5), ("产出指标", 3), ("数量指标", 2)]);
    }

    [Fact]
    public void Every_number_is_a_figure_whose_events_add_up()
    {
        var books = SomeBooks();
        var document = Document(books);
        var form = document.Forms.OfType<EvaluationForm>().Single();
        var cells = form.Funds.SelectMany(r => r.Cells).Concat(form.Indicators.SelectMany(i => new[] { i.Weight, i.Score })).Append(form.Total.Weight).Append(form.Total.Score);
        var figures = document.Figures.ToDictionary(f => f.Address);
        foreach (var cell in cells.Where(c => c.Text is not null and not "--"))
        {
            figures[cell.Address.ShouldNotBeNull($"{cell}")].Printed.ShouldBe(cell.Text!.TrimEnd('%'));
        }

        figures.Keys.ShouldContain("自评/稽核经费/产出指标/数量指标/指标1（第1个）/得分");
        foreach (var figure in document.Figures)
        {
            ProvenanceTest.AddUp(figure, new(books.Fold(), null)).ShouldBe(figure.Exact, figure.Address);
        }
    }

    [Fact]
    public void A_changed_posting_changes_the_form()
    {
        var before = Document(SomeBooks());
        var after = Document(SomeBooks().Add(Spending("记9", 100_000)));

        Row(before, "年度资金总额")[2].ShouldBe("2.92");
        Row(after, "年度资金总额")[2].ShouldBe("3.02");
        Row(after, "年度资金总额")[4].ShouldBe("60.49%"); // 30,245 ÷ 50,000
    }

    [Fact]
    public void Covered_projects_of_another_name_give_the_money()
    {
        var targets = Targets() with { Project = "社保经费", CoveredProjects = [Project, "没有发生"] };
        var form = Form(SomeBooks(targets));

        form.Project.ShouldBe("社保经费");
        Row(form, "年度资金总额").Take(3).ShouldBe(["5", "5", "2.92"]);
    }

    [Fact]
    public void The_spending_as_a_whole_has_a_form_of_its_own()
    {
        var books = SomeBooks().Budget(Books.Running, 150_000).Add(Targets() with { Project = null }).Add(
            new SelfEvaluationReported(Day, null, null, null, 90_00, "优", [new("基金安全", 20_00)]));
        var forms = Document(books).Forms.OfType<EvaluationForm>().ToList();

        forms.Select(f => (f.Kind, f.Project)).ShouldBe([("整体支出", null), ("项目支出", Project)]);
        Row(forms[0], "年度资金总额").ShouldBe(["20.00", "20.00", "2.92", "10", "14.62%", null]);
        forms[0].Total.Score.Text.ShouldBe("90");
        forms[1].Indicators[3].Score.Text.ShouldBe("20");
    }

    [Fact]
    public void What_was_not_reported_is_blank_and_not_zero()
    {
        var books = new Books();
        books.Add(new BudgetAppropriated(Day, "预1", "部门预算", [Line(5_000_000)])).Add(Targets());
        var form = Form(books);

        Row(form, "年度资金总额").ShouldBe(["5", "5", null, "10", "0%", null]);
        form.Indicators.ShouldAllBe(i => i.Actual == null && i.Score.Text == null);
        (form.Total.Score.Text, form.Actual.Text).ShouldBe((null, ""));
    }

    [Fact]
    public void Json_has_the_shape_of_the_published_forms()
    {
        var form = JsonNode.Parse(JsonWriter.Write(Document(SomeBooks())))!["performance"]!.AsArray().ShouldHaveSingleItem()!;

        form["project"]!.ToString().ShouldBe(Project);
        form["funds"]![0]!.ToJsonString(Relaxed).ShouldBe("""{"name":"年度资金总额","年初预算数":"5","全年预算数":"5","全年执行数":"2.92","分值":"10","执行率":"58.49%","得分":"9"}""");
        form["indicators"]![2]!.ToJsonString(Relaxed).ShouldBe(
            """{"seq":3,"level1":"产出指标","level2":"质量指标","level3":"指标1","target":"100%","actual":"90%","weight":"30","score":"27.5","deviation":"人手不足","printedLevel1":null,"printedLevel2":"质量指标"}""");
        form["total"]!.ToJsonString(Relaxed).ShouldBe("""{"label":"总分","weight":"100","score":"96.5"}""");
    }

    [Theory]
    [InlineData("of: projects", "of: project", "x/evaluation-project.yaml:1")]
    [InlineData("全年执行数: 支出合计", "全年执行数: 没有的数", "没有名为“没有的数”的数字、统计数或标准。")]
    [InlineData("filled: [分值]", "filled: [权重]", "本表没有“权重”这一栏。")]
    [InlineData("widths: [1, 1, 1, 1, 1, 1, 1, 1, 1]", "widths: [1, 1]", "widths 有 2 个，画出的栏有 9 个。")]
    [InlineData("format: 金额", "format: 没有", "没有名为“没有”的数字格式")]
    [InlineData("rate: [全年执行数, 年初预算数]", "", "x/evaluation-project.yaml:4  缺少 rate。")]
    [InlineData("label: 总分, ", "", "x/evaluation-project.yaml:15  缺少 label。")]
    public void A_wrong_form_is_refused_with_file_and_line(string old, string changed, string problem)
    {
        const string form = """
            of: projects
            widths: [1, 1, 1, 1, 1, 1, 1, 1, 1]
            funds:
              label: 项目资金（万元）
              format: 金额
              rate: [全年执行数, 年初预算数]
              columns:
                - { name: 年初预算数 }
                - { name: 全年执行数 }
                - { name: 分值, role: weight }
                - { name: 执行率, role: rate }
              rows:
                - { name: 年度资金总额, quantities: { 年初预算数: 年初资金, 全年执行数: 支出合计 }, filled: [分值] }
            title: 自评表
            total: { label: 总分, of: everything }
            """;
        form.ShouldContain(old);
        Read(form).Name.ShouldBe("x");

        Should.Throw<FormPackException>(() => Read(form.Replace(old, changed, StringComparison.Ordinal))).Message.ShouldContain(problem);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static LocalDate Day => new(2024, 3, 5);

    private static PerformanceTargetsSet Targets() => new(
        Day, Project, "全力核查。",
        [
            new("产出指标", "数量指标", "指标1", "≥2", "次", 40_00), new("产出指标", "数量指标", "指标1", "随时发现", null, 0),
            new("产出指标", "质量指标", "指标1", "100%", null, 30_00), new("效益指标", "质量指标", "基金安全", "保障安全", null, 20_00),
        ],
        10_00, "某局", null);

    private static Books SomeBooks(PerformanceTargetsSet? targets = null)
    {
        var project = (targets ?? Targets()).Project;
        return new Books()
            .Add(new BudgetAppropriated(Day, "预1", "部门预算", [Line(5_000_000)]))
            .Add(Spending("记1", 2_924_500))
            .Add(targets ?? Targets())
            .Statistics(("核查次数", 3))
            .Add(new PerformanceResultsReported(
                Day, project, "查了{核查次数}次。", "", "", null,
                [new("指标1", "3", "产出指标", "数量指标", 1), new("指标1", "90%", null, "质量指标", null, "人手不足"), new("基金安全", "基本完成")]))
            .Add(new SelfEvaluationReported(
                new(2025, 3, 5), project, Fund.GeneralPublicBudget, new(5_000_000), 96_50, null,
                [new("指标1", 40_00, "产出指标", "数量指标", 1), new("指标1", 27_50, null, "质量指标"), new("基金安全", 20_00)], 9_00));
    }

    private static BudgetLine Line(long fen) => new(new(Books.Running), Fund.GeneralPublicBudget, SpendingKind.Project, Project, null, new(fen));

    private static ExpenditurePosted Spending(string voucher, long fen) => new(
        Day, voucher, "支出",
        [new(new(Books.Running), new(Books.Office), Fund.GeneralPublicBudget, SpendingKind.Project, Project, IncomeSource.FiscalAppropriation, new(fen))]);

    private static FormPack Read(string projectForm = ProjectForm) => FormPack.Read("x", (pack, file) => (pack, file) switch
    {
        ("x", "pack.yaml") => Pack,
        ("x", "evaluation-project.yaml") => projectForm,
        _ => null,
    });

    private static DisclosureDocument Document(Books books) => DisclosureBuilder.Build(Read(), new(books.Fold(), null), ChartOfAccounts.For(new(2024)));

    private static EvaluationForm Form(Books books) => Document(books).Forms.OfType<EvaluationForm>().Single();

    private static IReadOnlyList<string?> Row(DisclosureDocument document, string name) => Row(document.Forms.OfType<EvaluationForm>().Single(), name);

    private static IReadOnlyList<string?> Row(EvaluationForm form, string name) => [.. form.Funds.Single(r => r.Name == name).Cells.Select(c => c.Text)];
}
