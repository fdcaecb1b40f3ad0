using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>What a form pack may say of rows, blocks and headings, tried on a small pack of its own.</summary>
public class FormFeaturesTest
{
    private const string PackYaml = """
        extends: hunan-2024
        statistics: { 平均得分: 分, 费率: "%" }
        parts:
          - { kind: text, key: narrative, address: 说明, title: 说明, blocks: own.yaml }
          - { kind: tables, title: 报表 }
        """;

    [Fact]
    public void Classes_that_have_data_are_added_to_those_that_the_form_prints()
    {
        const string table = """
            - id: 公开01
              widths: [1, 1, 1]
              sections:
                - stub: [项目, 行次]
                  columns: [{ path: 金额 }]
                  firstLine: 5
                  rows:
                    - { classes: ["201", "210"], withData: true, quantity: 支出合计 }
                    - { name: 合计, quantity: 支出合计 }
            """;

        Report(new Books().Spend(Books.Housing, "30113", 30_000).Spend(Books.Running, Books.Wages, 20_000), tables: table).Tables.Single().Rows
            .Select(r => (r.Name, r.Line, r.Cells.Single().Text)).ShouldBe(
            [
                ("一、一般公共服务支出", 5, null), ("二、社会保障和就业支出", 6, "2.00"), ("三、卫生健康支出", 7, null), ("四、住房保障支出", 8, "3.00"),
                ("合计", 9, "5.00"),
            ]);
    }

    [Fact]
    public void A_block_may_stand_there_only_when_one_of_its_texts_is_written()
    {
        const string blocks = """
            - { id: 一, heading: 一、甲, level: 1, explained: [甲/内容, 乙/内容] }
            - { id: 二, heading: 二、丙, level: 1, explained: [丙/内容] }
            """;

        Blocks(new Books().Explain("乙/内容", "有。"), blocks).Select(b => b.Heading).ShouldBe(["一、甲"]);
    }

    [Fact]
    public void Projects_come_in_the_order_of_their_targets_with_numbers_in_their_headings()
    {
        const string blocks = """
            - id: 项目/{{project}}
              heading: '{{circled number}}{{project}}{{amount "项目支出" project=project as="支出"}}万元'
              level: 1
              each: { projects: [项目支出] }
              text: |
                {{goal}}
            """;
        var books = new Books().Add(Posted("甲", 10_000)).Add(Posted("乙", 20_000)).Add(Posted("丙", 30_000))
            .Add(Target("丙")).Add(Target("没有支出的")).Add(Target("甲"));
        var blocksMade = Blocks(books, blocks);

        blocksMade.Select(b => b.Heading).ShouldBe(["①丙3万元", "②甲1万元", "③乙2万元"]);
        blocksMade.Select(b => b.Text).ShouldBe(["丙的目标", "甲的目标", ""]);
        var figure = blocksMade[0].HeadingFigures.ShouldHaveSingleItem();
        (figure.Address, figure.Span).ShouldBe(("说明/项目/丙/支出", new(2, 1)));
    }

    [Fact]
    public void A_reported_score_or_rate_is_printed_with_its_decimals()
    {
        const string blocks = """
            - id: 一
              heading: 一
              level: 1
              text: |
                {{count "平均得分"}}分，{{count "费率"}}%，{{text "甲/内容"}}
            """;
        var books = new Books().Add(new StatisticsReported(new(2024, 1, 1), [new("平均得分", 9_626, "分"), new("费率", 48, "%")], null))
            .Explain("甲/内容", "得{平均得分}分，{费率||表}%。");

        // 48 hundredths of a per cent: 0.48 %.
        Blocks(books, blocks).Single().Text.ShouldBe("96.26分，0.48%，得96.26分，0.48%。");
    }

    [Theory]
    [InlineData("社会保障和就业支出", "社会保障和就业")]
    [InlineData("住房公积金", "住房公积金")]
    public void A_name_may_be_printed_without_its_ending(string name, string printed) => Blocks(
        new Books().Explain("甲/内容", "有。"),
        $$$"""
        - id: 一
          heading: "{{without \"{{{name}}}\" \"支出\"}}"
          level: 1
        """).Single().Heading.ShouldBe(printed);

    private static ExpenditurePosted Posted(string project, long yuan) => new(
        new LocalDate(2024, 3, 1), $"记{project}", "支出",
        [new(new(Books.Running), new(Books.Office), Fund.GeneralPublicBudget, SpendingKind.Project, project, IncomeSource.FiscalAppropriation, Books.Yuan(yuan))]);

    private static PerformanceTargetsSet Target(string project) => new(new(2024, 4, 1), project, $"{project}的目标", []);

    private static IReadOnlyList<TextBlock> Blocks(Books books, string blocks) => Report(books, blocks).Parts.OfType<TextPart>().Single().Blocks;

    private static DisclosureDocument Report(Books books, string blocks = "[]", string tables = "[]") => DisclosureBuilder.Build(
        FormPack.Read("x", (name, file) => name != "x" ? null : file switch { "pack.yaml" => PackYaml, "own.yaml" => blocks, "tables.yaml" => tables, _ => null }),
        new(books.Fold(), null), ChartOfAccounts.For(new(2024)));
}
