using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Forms of a form pack: what is filled in beside their labels comes from the books.</summary>
public class FormPartTest
{
    private const string PackYaml = """
        extends: national
        title: 自评报告
        formats: { 表: { decimals: 2, trim: true } }
        parts:
          - { kind: form, key: baseData, title: 基础数据表, form: base.yaml }
          - { kind: form, key: projectReport, each: projects, title: 项目自评报告, form: report.yaml }
        """;

    private const string Base = """
        id: 附件2
        attachment: 附件2
        title: "{{year}}年度基础数据表"
        widths: [4, 1, 1, 1, 1, 1, 1]
        notes: [说明。]
        signature: 填表人：
        sections:
          - key: staff
            label: 人员
            fields:
              - { name: 编制数, text: '{{count "编制人数"}}' }
              - { name: "{{year}}年在职", text: '{{count "在职人数"}}人' }
          - label: 经费
            lines:
              columns: [{ path: "{{priorYear}}年决算数", suffix: "@上年" }, { path: "{{year}}年决算数" }]
              zero: print
              rows:
                - { name: 办公, quantity: 支出合计 }
                - { name: 接待, quantity: 公务接待费, indent: 1, zero: ["{{year}}年决算数"] }
                - { projects: 项目支出, name: "{{number}}.{{project}}", order: ascending, zero: blank, indent: 1 }
                - { name: 采购, texts: { "{{year}}年决算数": —— } }
          - key: buildings
            label: 楼堂馆所
            list: true
            fields: [{ name: 甲 }, { name: 乙 }, { name: 丙 }]
          - key: savings
            label: 节约措施
            text: '{{text "节约措施"}}'
        """;

    private const string Report = """
        id: 附件4/{{project}}
        title: "{{project}}自评报告"
        widths: [1, 2, 7]
        sections:
          - { group: 概况, label: 目的, text: "{{full goal}}" }
          - { group: 概况, label: 支出, text: '{{amount "项目支出" project=project}}万元' }
          - { group: 问题, label: 问题, text: "{{full problems}}" }
        """;

    [Fact]
    public void Fields_are_filled_in_from_templates_with_their_numbers()
    {
        var staff = BaseData().Sections.OfType<FormFields>().Single(s => s.Key == "staff");
        staff.Columns.ShouldBe(["编制数", "2024年在职"]);
        staff.Rows.Single().Select(t => t.Text).ShouldBe(["10", "9人"]);
        staff.Rows[0][1].Figures.ShouldBe([new(new(0, 1), "附件2/2024年在职/在职人数")]);
    }

    [Fact]
    public void Lines_compare_years_and_say_their_columns_with_the_year()
    {
        var lines = BaseData().Sections.OfType<FormLines>().Single();
        lines.Columns.ShouldBe(["2023年决算数", "2024年决算数"]);
        lines.Rows.Select(r => $"{r.Name} {r.Level}: {string.Join(' ', r.Cells.Select(c => c.Text ?? "□"))}").ShouldBe(
        [
            // 2023: 300 + 700 + 50; 2024: 1000 + 200 + 3500, in 万元.
            "办公 1: 0.11 0.47",
            // A zero is blank in the column of 2023, which the row leaves out.
            "接待 2: □ 0",
            // The smaller amount of this year first; a project that only last year had has none this year, which is the smallest.
            "1.旧项目 2: 0.01 □", "2.小项目 2: □ 0.02", "3.大项目 2: 0.07 0.35",
            "采购 1: □ ——",
        ]);
        lines.Rows[0].Cells[1].Address.ShouldBe("附件2/办公/2024年决算数");
    }

    [Fact]
    public void Without_last_years_books_its_column_is_blank_because_unknown_is_not_zero() =>
        BaseData(withPrior: false).Sections.OfType<FormLines>().Single().Rows.Select(r => r.Cells[0].Text).ShouldAllBe(text => text == null);

    [Fact]
    public void A_passage_that_nobody_has_written_is_asked_for()
    {
        var savings = BaseData().Sections.OfType<FormPassage>().Single();
        savings.Text.Text.ShouldBe("〔草稿：请填写“节约措施”〕");
        savings.Text.Drafts.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_grid_shares_its_columns_among_the_sections()
    {
        // 2, 2 and 3 columns beside the labels: 6 drawn ones.
        var layout = BaseData().Layout;
        layout.ColumnWidths.Count.ShouldBe(7);
        layout.Body.ShouldAllBe(row => row.Sum(c => c.ColumnSpan) == 7 || row.Sum(c => c.ColumnSpan) == 6);
        layout.Body[0].Select(c => (c.Text, c.ColumnSpan, c.RowSpan)).ShouldBe([("人员", 1, 2), ("编制数", 3, 1), ("2024年在职", 3, 1)]);
        layout.Body[^3].Select(c => (c.Text, c.ColumnSpan, c.RowSpan)).ShouldBe([("楼堂馆所", 1, 2), ("甲", 2, 1), ("乙", 2, 1), ("丙", 2, 1)]);
        layout.Body[^1].Select(c => (c.Kind, c.ColumnSpan)).ShouldBe([(LayoutCellKind.Label, 1), (LayoutCellKind.Text, 6)]);
    }

    [Fact]
    public void There_is_a_report_for_each_evaluated_project_with_the_money_of_the_projects_that_it_covers()
    {
        var reports = Build(Pack()).Parts.OfType<FormsPart>().Single(p => p.Key == "projectReport").Forms.Cast<LabelledForm>().ToList();
        reports.Select(r => r.Title).ShouldBe(["两个项目自评报告", "大项目自评报告"]);

        // 200 + 3500 yuan; 3500 yuan.
        reports.Select(r => ((FormPassage)r.Sections[1]).Text.Text).ShouldBe(["0.37万元", "0.35万元"]);
        reports[0].Layout.Body.Select(row => string.Join('|', row.Select(c => c.Text))).ShouldBe(["概况|目的|改善服务。\n提高效率。", "支出|0.37万元", "问题|问题|"]);
        reports[0].Layout.Body[0][0].RowSpan.ShouldBe(2);
    }

    [Fact]
    public void Numbers_of_forms_are_figures_whose_events_add_up()
    {
        var books = new ReportBooks(Current().Fold(), Prior().Fold());
        var document = DisclosureBuilder.Build(Pack(), books, ChartOfAccounts.For(new(2024)));
        document.Figures.ShouldContain(f => f.Address == "附件4/两个项目/支出/项目支出");
        foreach (var figure in document.Figures)
        {
            ProvenanceTest.AddUp(figure, books).ShouldBe(figure.Exact, figure.Address);
        }
    }

    [Fact]
    public void A_written_text_quotes_what_a_project_has() =>
        Build(Pack(), Current().Explain("节约措施", "大项目{项目支出@大项目|元}元，占{项目支出@大项目÷支出合计|%}%，没有的{项目支出@没有的}。"))
            .Forms.OfType<LabelledForm>().First().Sections.OfType<FormPassage>().Single().Text.Text
            .ShouldBe("大项目3500元，占74.47%，没有的〔未填报：项目支出@没有的〕。"); // 3500 ÷ 4700

    [Theory]
    [InlineData("widths: [4, 1, 1, 1, 1, 1, 1]", "widths: [4, 1]", "x/base.yaml:1  widths 有 2 个，画出的栏有 7 个。")]
    [InlineData("text: '{{text \"节约措施\"}}'", "list: true", "x/base.yaml:26  表中“节约措施”一栏须有 fields、lines、text 之一，且只能有一个。")]
    [InlineData("    label: 人员\n", "", "x/base.yaml:8  缺少 label。")]
    [InlineData("key: savings", "key: staff", "x/base.yaml:26  “staff”重复。")]
    [InlineData("quantity: 支出合计", "quantity: 支出总额", "x/base.yaml:18  没有名为“支出总额@上年”的数字、统计数或标准。")]
    [InlineData("projects: 项目支出", "projects: 项目", "x/base.yaml:20  没有名为“项目”的数字、统计数或标准。")]
    [InlineData("zero: [\"{{year}}年决算数\"]", "zero: [决算数]", "x/base.yaml:19  本表没有“决算数”这一栏。")]
    [InlineData("count \"编制人数\"", "count \"编制\"", "x/base.yaml:11  没有名为“编制”的数字、统计数或标准。")]
    [InlineData("name: 编制数, ", "", "x/base.yaml:11  缺少 name。")]
    public void A_wrong_form_is_refused_with_its_line(string right, string wrong, string problem)
    {
        Base.ShouldContain(right);
        Should.Throw<FormPackException>(() => Pack(Base.Replace(right, wrong, StringComparison.Ordinal))).Problems
            .Select(p => p.ToText(CultureInfo.InvariantCulture)).ShouldContain(problem);
    }

    [Theory]
    [InlineData("form: base.yaml", "form: bases.yaml", "x/pack.yaml:5  缺少文件 bases.yaml，所继承的格式里也没有。")]
    [InlineData(", form: base.yaml", "", "x/pack.yaml:5  缺少 form。")]
    [InlineData("each: projects", "each: 项目", "x/pack.yaml:6  “项目”不在可用的取值之中：projects。")]
    public void A_part_names_a_form_that_there_is(string right, string wrong, string problem) =>
        Should.Throw<FormPackException>(() => Pack(pack: PackYaml.Replace(right, wrong, StringComparison.Ordinal))).Problems
            .Select(p => p.ToText(CultureInfo.InvariantCulture)).ShouldContain(problem);

    private static LabelledForm BaseData(bool withPrior = true) => Build(Pack(), withPrior: withPrior).Forms.OfType<LabelledForm>().First();

    private static FormPack Pack(string form = Base, string pack = PackYaml) => FormPack.Read("x", (name, file) => name != "x" ? null : file switch
    {
        "pack.yaml" => pack,
        "base.yaml" => form,
        "report.yaml" => Report,
        _ => null,
    });

    private static DisclosureDocument Build(FormPack pack, Books? books = null, bool withPrior = true) =>
        DisclosureBuilder.Build(pack, new((books ?? Current()).Fold(), withPrior ? Prior().Fold() : null), ChartOfAccounts.For(new(2024)));

    private static Books Current() => new Books()
        .Spend(Reporting.Books.Running, Reporting.Books.Office, 1000)
        .Add(Project("大项目", 3500)).Add(Project("小项目", 200))
        .Add(Targets("两个项目", "改善服务。\n提高效率。", ["小项目", "大项目"])).Add(Targets("大项目", "办好。", null));

    private static Books Prior() => new Books(2023)
        .Spend(Reporting.Books.Running, Reporting.Books.Office, 300)
        .Add(Project("大项目", 700, 2023)).Add(Project("旧项目", 50, 2023));

    private static ExpenditurePosted Project(string name, long yuan, int year = 2024) => new(
        new(year, 3, 1), $"项{name}", "支出",
        [new(new(Reporting.Books.Running), new(Reporting.Books.Office), Fund.GeneralPublicBudget, SpendingKind.Project, name, IncomeSource.FiscalAppropriation, Reporting.Books.Yuan(yuan))]);

    private static PerformanceTargetsSet Targets(string project, string goal, IReadOnlyList<string>? covered) =>
        new(new(2024, 2, 1), project, goal, [], CoveredProjects: covered);
}
