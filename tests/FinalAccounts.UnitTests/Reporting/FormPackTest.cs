using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Form packs extend each other, and a mistake in one is refused with file and line.</summary>
public class FormPackTest
{
    private const string PackYaml = """
        extends: national
        title: "{{year}}年度决算"
        parts:
          - { kind: text, key: narrative, address: 说明, title: 说明, blocks: narrative.yaml }
          - { kind: tables, title: 报表 }
        """;

    private const string Narrative = """
        - id: 一
          heading: 一、收入
          level: 1
          text: |
            收入合计{{amount "收入合计"}}万元，
            占{{share "财政拨款收入" "收入合计" zero="0"}}%。

            {{> total q="收入总计" up="增长" down="减少"}}
        """;

    private const string Table = """
        - id: 公开03
          widths: [10, 30, 10]
          sections:
            - stub: [代码, 名称]
              columns:
                - { path: 支出, quantity: 支出合计 }
        """;

    public static TheoryData<string> AllPacks => [.. FormPack.Names];

    [Theory]
    [MemberData(nameof(AllPacks))]
    public void Every_pack_of_the_program_is_right_down_to_its_templates(string name) =>
        FormPack.Load(name)!.CheckTemplates().ShouldBeEmpty();

    [Fact]
    public void An_abstract_pack_is_no_form() => FormPack.Load("national").ShouldBeNull();

    [Fact]
    public void A_table_takes_what_it_does_not_say_from_the_pack_that_is_extended()
    {
        var table = Read(tables: Table).Tables.ShouldHaveSingleItem();
        table.Title.ShouldBe("支出决算表");
        table.Shape.ShouldBe(TableShape.Functions);
        table.Widths.ShouldBe([10, 30, 10]);
        table.Sections!.Single().Columns.Single().Quantity.ShouldBe("支出合计");
    }

    [Fact]
    public void A_file_that_a_pack_does_not_have_is_its_parents() => Read().Tables.Select(t => t.Id).ShouldContain("公开09");

    [Fact]
    public void Formats_and_quantities_are_merged_by_name()
    {
        var pack = Read(
            pack: PackYaml + "\nformats:\n  金额: { trim: false }\n  长: { decimals: 3 }",
            quantities: "三公: { sum: [公务接待费, -公务用车购置费] }\n会议费: { measures: [支出], economics: [\"30215\", \"30216\"] }");
        pack.Format("金额").ShouldBe(new(2, Trim: false));
        pack.Format("表").ShouldBe(new(2));
        pack.Format("长").ShouldBe(new(3));
        pack.Quantities["三公"].Parts.ShouldBe([(1, "公务接待费"), (-1, "公务用车购置费")]);
        pack.Quantities["会议费"].Filters.Single().Economics!.Count.ShouldBe(2);
        pack.Quantities.Keys.ShouldContain("培训费");
    }

    [Theory]
    [InlineData("政府采购货物支出", null)]
    [InlineData("政府采购支出总额", null)]
    [InlineData("车辆", "辆")]
    [InlineData("公务用车保有量", "辆")]
    public void A_quantity_that_is_a_statistic_counts_in_its_unit(string quantity, string? unit) =>
        FormPack.Load("hunan-2024")!.CountedIn(quantity).ShouldBe(unit);

    [Theory]
    [InlineData("extends: nowhere", "x/pack.yaml:1  没有名为“nowhere”的报表格式。")]
    [InlineData("title: a\nextends: x", "x/pack.yaml:2  报表格式互相继承，形成循环：x → x。")]
    [InlineData("extends: national\ntitel: a", "x/pack.yaml:2  读不懂：Property 'titel' not found on type 'FinalAccounts.Reporting.Forms.PackFile'.")]
    [InlineData("extends: national\ntitle: a", "x/pack.yaml:1  缺少 parts。")]
    [InlineData("extends: national\ntitle: a\nparts:\n  - { kind: text, key: a, address: a, title: a, blocks: other.yaml }", "x/pack.yaml:4  缺少文件 other.yaml，所继承的格式里也没有。")]
    [InlineData("extends: national\ntitle: a\nparts:\n  - { kind: tables }", "x/pack.yaml:4  缺少 title。")]
    [InlineData("extends: national\ntitle: a\nparts:\n  - { kind: tables, title: a, tables: [公开77] }", "x/pack.yaml:4  “公开77”不在可用的取值之中：公开01、公开02、公开03、公开04、公开05、公开06、公开07、公开08、公开09。")]
    public void A_wrong_pack_file_is_refused_with_its_line(string pack, string problem) => Problems(pack: pack).ShouldContain(problem);

    [Theory]
    [InlineData("甲: { sum: [乙] }\n乙: { sum: [甲] }", "x/quantities.yaml:1  “甲”把自己算了进去。")]
    [InlineData("甲: { sum: [没有的] }", "x/quantities.yaml:1  没有名为“没有的”的数字、统计数或标准。")]
    [InlineData("甲: { measures: [支出], sum: [支出合计] }", "x/quantities.yaml:1  “甲”须有 measures 或 sum 之一，且只能有一个。")]
    [InlineData("# 说明\n甲: { measures: [支处] }", "x/quantities.yaml:2  “支处”不在可用的取值之中")]
    [InlineData("甲: { measures: [支出], economics: [\"3021\"] }", "x/quantities.yaml:1  “3021”不是科目代码。")]
    public void A_wrong_quantity_is_refused_with_its_line(string quantities, string problem) =>
        Problems(quantities: quantities).ShouldContain(p => p.StartsWith(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("收入合计\"}}万元", "收入合记\"}}万元", "x/narrative.yaml:5  没有名为“收入合记”的数字、统计数或标准。")]
    [InlineData("share \"财政拨款收入\"", "share \"财拨收入\"", "x/narrative.yaml:6  没有名为“财拨收入”的数字、统计数或标准。")]
    [InlineData("q=\"收入总计\"", "q=\"总收入\"", "x/narrative.yaml:8  没有名为“总收入”的数字、统计数或标准。")] // total hands q on to amount and to another partial
    [InlineData("zero=\"0\"", "zero=\"0\" format=\"短\"", "x/narrative.yaml:6  没有名为“短”的数字格式")]
    [InlineData("share \"财政拨款收入\" \"收入合计\"", "share \"财政拨款收入\" \"收入合计\" fund=\"基金\"", "x/narrative.yaml:6  “基金”不在可用的取值之中")]
    [InlineData("heading: 一、收入", "heding: 一、收入", "x/narrative.yaml:2  读不懂")]
    [InlineData("level: 1", "", "x/narrative.yaml:1  缺少 level。")]
    public void A_wrong_template_is_refused_with_the_line_of_the_mistake(string right, string wrong, string problem) =>
        Problems(narrative: Narrative.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(p => p.StartsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void A_template_that_the_engine_does_not_accept_is_found_with_its_line() =>
        Read(narrative: Narrative.Replace("万元，", "万元，{{#zero \"收入合计\"}}", StringComparison.Ordinal)).CheckTemplates()
            .ShouldHaveSingleItem().ToText(CultureInfo.InvariantCulture).ShouldStartWith("x/narrative.yaml:5  模板有误：");

    [Theory]
    [InlineData("quantity: 支出合计", "quantity: 支出总额", "x/tables.yaml:6  没有名为“支出总额”的数字、统计数或标准。")]
    [InlineData("widths: [10, 30, 10]", "widths: [10, 30]", "x/tables.yaml:1  widths 有 2 个，画出的栏有 3 个。")]
    [InlineData("- id: 公开03", "- id: 公开03\n  zero: maybe", "x/tables.yaml:2  读不懂：'maybe' is neither 'print' nor 'blank' nor a list of columns.")]
    [InlineData("columns:", "levels: [top]\n      columns:", "x/tables.yaml:4  “top”不在可用的取值之中：class、section、item。")]
    public void A_wrong_table_is_refused_with_its_line(string right, string wrong, string problem) =>
        Problems(tables: Table.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(problem);

    [Fact]
    public void A_row_may_only_name_columns_of_its_table() =>
        Problems(tables: "- id: 公开01\n  widths: [1, 1, 1]\n  sections:\n    - stub: [项目, 行次]\n      columns: [{ path: 金额 }]\n      rows:\n        - { name: 甲, quantities: { 数额: 收入合计 } }")
            .ShouldBe(["x/tables.yaml:7  本表没有“数额”这一栏。"]);

    [Fact]
    public void All_mistakes_are_listed_at_once_and_in_English_on_demand()
    {
        var wrong = Should.Throw<FormPackException>(() => Read(
            quantities: "甲: { sum: [乙] }", narrative: Narrative.Replace("收入合计\"}}", "丙\"}}", StringComparison.Ordinal)));
        wrong.Problems.Select(p => p.ToText(CultureInfo.GetCultureInfo("en"))).ShouldBe(
        [
            "x/quantities.yaml:1  There is no quantity, statistic or standard '乙'.",
            "x/narrative.yaml:5  There is no quantity, statistic or standard '丙'.",
        ]);
    }

    [Fact]
    public void A_pack_calls_codes_by_names_of_its_own_in_texts_but_not_in_tables()
    {
        var document = Report(
            pack: PackYaml + "\nnames: { \"2080101\": 机关运行, \"30201\": 办公 }",
            narrative: "- { id: 一, heading: \"{{name}}\", level: 1, each: { level: item, quantities: [支出合计] }, text: \"{{list (economics \\\"支出合计\\\")}}\" }");
        var block = document.Parts.OfType<TextPart>().Single().Blocks.ShouldHaveSingleItem();
        block.Heading.ShouldBe("机关运行");
        block.Text.ShouldBe("基本工资、办公");
        document.Tables.Single(t => t.Id == "公开03").Rows[^1].Name.ShouldBe("行政运行");
    }

    [Fact]
    public void A_name_of_what_is_no_code_is_refused() =>
        Problems(pack: PackYaml + "\nnames: { 行政运行: 机关运行 }").ShouldBe(["x/pack.yaml:1  “行政运行”不是科目代码。"]);

    [Fact]
    public void A_list_names_the_economic_items_of_any_of_the_quantities() => Report(
        narrative: "- { id: 一, heading: 一, level: 1, text: \"{{list (economics \\\"公用经费\\\" \\\"公务接待费预算\\\")}}\" }")
        .Parts.OfType<TextPart>().Single().Blocks.Single().Text.ShouldBe("办公费、公务接待费");

    [Fact]
    public void A_template_asks_whether_two_words_are_the_same() => Report(
        narrative: "- { id: 一, heading: \"{{name}}{{#is class \\\"208\\\"}}。{{else}}，{{/is}}\", level: 1, each: { level: item, quantities: [支出合计] } }")
        .Parts.OfType<TextPart>().Single().Blocks.Single().Heading.ShouldBe("行政运行。");

    [Theory]
    [InlineData("1.理念不强\n工作主动性不够。\n2．基础薄弱\n制度不全。\n人手不足。", new[] { "1.理念不强", "2．基础薄弱" }, new[] { "工作主动性不够", "制度不全。\n人手不足" })]
    [InlineData("（一）甲\n1.乙：丙。\n2.丁\n（二）戊\n己。", new[] { "（一）甲", "（二）戊" }, new[] { "1.乙：丙。\n2.丁", "己" })] // the first heading says which kind
    [InlineData("1.甲\n（一）乙\n2.丙\n丁。", new[] { "1.甲", "2.丙" }, new[] { "（一）乙", "丁" })]
    [InlineData("没有编号。\n1.5万元没有用完。", new[] { "" }, new[] { "没有编号。\n1.5万元没有用完" })] // a sentence is no heading
    public void The_numbered_parts_of_a_written_text_are_blocks_of_their_own(string problems, string[] headings, string[] texts)
    {
        var blocks = Report(
            books => books.Add(new PerformanceResultsReported(new(2024, 12, 31), null, "完成。", problems, "改进。", null, [])),
            narrative: "- { id: \"一{{number}}\", heading: \"{{name}}\", level: 1, each: { numbered: problems }, text: \"{{clause body}}\" }")
            .Parts.OfType<TextPart>().Single().Blocks;
        blocks.Select(b => b.Heading).ShouldBe(headings);
        blocks.Select(b => b.Text).ShouldBe(texts);
    }

    [Fact]
    public void Only_texts_that_there_are_can_be_numbered() => Problems(
        narrative: "- { id: 一, heading: 一, level: 1, each: { numbered: 问题 } }")
        .ShouldBe(["x/narrative.yaml:1  “问题”不在可用的取值之中：achievements、problems、improvements、application。"]);

    [Fact]
    public void A_note_that_comes_out_empty_is_left_out() => Report(
        tables: Table + "\n  notes: [注：万元。, \"{{#if empty}}本表无数据。{{/if}}\"]").Tables.Single().Notes.ShouldBe(["注：万元。"]);

    private static DisclosureDocument Report(
        Func<Books, Books>? add = null, string pack = PackYaml, string narrative = Narrative, string? tables = null)
    {
        var books = new Books().Budget(Books.Running, 20_000).Budget(Books.Running, 100, Books.Reception)
            .Spend(Books.Running, Books.Wages, 15_000).Spend(Books.Running, Books.Office, 5_000);
        return DisclosureBuilder.Build(
            Read(pack, null, narrative, tables), new((add?.Invoke(books) ?? books).Fold(), null), ChartOfAccounts.For(new(2024)));
    }

    private static string[] Problems(string pack = PackYaml, string? quantities = null, string narrative = Narrative, string? tables = null) =>
        [.. Should.Throw<FormPackException>(() => Read(pack, quantities, narrative, tables)).Problems.Select(p => p.ToText(CultureInfo.InvariantCulture))];

    private static FormPack Read(string pack = PackYaml, string? quantities = null, string narrative = Narrative, string? tables = null) =>
        FormPack.Read("x", (name, file) => name != "x" ? null : file switch
        {
            "pack.yaml" => pack,
            "quantities.yaml" => quantities,
            "narrative.yaml" => narrative,
            "tables.yaml" => tables,
            _ => null,
        });
}
