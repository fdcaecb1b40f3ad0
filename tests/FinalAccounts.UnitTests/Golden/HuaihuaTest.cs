using System.Text.RegularExpressions;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>
/// 怀化市养老和工伤保险服务中心 2024. Four numbers cannot come from any books (53.34 for 54.34, 152.5 for 157.5, 173,59, one left blank);
/// their three blocks and two more, whose sentences we put right, differ.
/// </summary>
public partial class HuaihuaTest() : GoldenTest("huaihua-2024", new(
    Cells: (122, 122),
    Numbers: (253, 257),
    Blocks: (53, 58),
    // 26 + 9 + 9 + 30 + 9 + 83 + 1 + 1 + 1 rows of 公开01 to 09.
    Rows: (169, 169),
    // 4 of the cover, 4 of each of 9 tables, 2 terms.
    Labels: (42, 42)))
{
    private const string Project = "社会保险基金防风险堵漏洞工作经费";

    private static readonly Money Added = new(2_000_000);

    [Fact]
    public void A_posting_to_a_project_changes_every_cell_and_sentence_that_depends_on_it()
    {
        var before = Cells(Sample.Document);
        var after = Cells(With(Posted("2080109", "30211", SpendingKind.Project, Project)));

        // 2.00 万元 more: 228.79 + 2, 157.05 + 2, 173.59 + 2, 853.23 + 2, 933.58 + 2.
        Changed(before, after).ShouldBe(
        [
            ("公开01/20/决算数", "853.23", "855.23"), ("公开01/23/决算数", "933.58", "935.58"), ("公开01/26/决算数", "933.58", "935.58"),
            ("公开03/合计/本年支出合计", "933.58", "935.58"), ("公开03/合计/项目支出", "173.59", "175.59"),
            ("公开03/2080109/本年支出合计", "228.79", "230.79"), ("公开03/2080109/项目支出", "157.05", "159.05"),
            ("公开04/21/合计", "853.23", "855.23"), ("公开04/21/一般公共预算财政拨款", "853.23", "855.23"),
            ("公开04/24/合计", "933.58", "935.58"), ("公开04/24/一般公共预算财政拨款", "933.58", "935.58"),
            ("公开04/28/合计", "933.58", "935.58"), ("公开04/28/一般公共预算财政拨款", "933.58", "935.58"),
            ("公开05/合计/本年支出/小计", "933.58", "935.58"), ("公开05/合计/本年支出/项目支出", "173.59", "175.59"),
            ("公开05/2080109/本年支出/小计", "228.79", "230.79"), ("公开05/2080109/本年支出/项目支出", "157.05", "159.05"),
        ]);
    }

    [Fact]
    public void A_posting_to_a_project_changes_every_sentence_and_heading_that_depends_on_it()
    {
        var texts = Texts(With(Posted("2080109", "30211", SpendingKind.Project, Project)));

        texts.Except(Texts(Sample.Document)).Select(Beginning).ShouldBe(
            ["三、支出决算情况说明", "（一）一般公共预算财政拨款支出决算总体情况", "（二）一般公共预算财政拨款支出决算结构情况", "（三）一般公共预算财政拨款支出决算具体情况", "1．社会保障和就业支出", "1.专项资金（包括财政资金", "①社会保险基金防风险堵漏洞"],
            Comparer);

        // 759.993 of 935.583 and 175.59 of it; 935.583 of 910.69; 22.00 of 20.00 万元; 175.59 of 173.59.
        texts.ShouldContain(t => t.Contains("基本支出759.99万元，占81.2%；项目支出175.59万元，占18.8%", StringComparison.Ordinal));
        texts.ShouldContain(t => t.Contains("支出决算数为935.58万元，完成年初预算的102.73%", StringComparison.Ordinal));
        texts.ShouldContain(t => t.StartsWith($"①{Project}20万元，支出22万元，执行率为110%。", StringComparison.Ordinal));
        texts.ShouldContain(t => t.Contains("支出共计175.59万元，年末结余-2.00万元，综合预算执行率101.15%。", StringComparison.Ordinal));
    }

    [Fact]
    public void A_statistic_that_is_corrected_changes_the_text_that_quotes_it()
    {
        var corrected = With(new StatisticsReported(new(2024, 12, 31), [new("考试平均得分", 9_750, "分"), new("满意票", 49, "张"), new("城乡居民养老·转移收入", 5_014_943_0000, "元")], null));
        var texts = Texts(corrected);

        // 49 of 98; 24.302663 亿元 + 4.999… = 50,149.43 万元 instead of 149.43.
        texts.ShouldContain(t => t.Contains("考试平均得分达97.5分", StringComparison.Ordinal));
        texts.ShouldContain(t => t.Contains("其中满意票49张，满意度为50%", StringComparison.Ordinal));
        texts.ShouldContain(t => t.Contains("全市基金总收入29.30亿元", StringComparison.Ordinal) && t.Contains("当期结余12.29亿元", StringComparison.Ordinal));
    }

    [Fact]
    public void The_numbers_of_a_heading_have_addresses()
    {
        var block = Narrative(Sample.Document).Single(b => b.Heading.StartsWith('②'));

        block.Heading.ShouldBe("②社保经办机构工作经费104.55万元，支出104.55万元，执行率为100%。");
        block.HeadingFigures.Select(f => (f.Address, block.Heading.Substring(f.Span.Start, f.Span.Length))).ShouldBe(
        [
            ("说明/专项/社保经办机构工作经费/预算", "104.55"), ("说明/专项/社保经办机构工作经费/支出", "104.55"), ("说明/专项/社保经办机构工作经费/执行率", "100"),
        ]);
    }

    /// <summary>The form's sentences with books that have nothing of what this department has.</summary>
    [Fact]
    public void A_department_that_has_hardly_anything_gets_whole_sentences_too()
    {
        var kept = Sample.Recorded.Where(r => r.Event is DepartmentRegistered or ProfileRevised or FiscalYearOpened or StatisticsReported);
        var document = Sample.Report(new(YearBooks.From(Sample.Year, kept), null));
        var texts = Texts(document);

        texts.ShouldAllBe(t => !Clumsy().IsMatch(t));
        texts.ShouldContain("一、收入支出决算总体情况说明\n2024年度收、支总计0万元。上一年度决算数未取得，暂不比较。");
        texts.ShouldContain("（二）一般公共预算财政拨款支出决算结构情况\n2024年度财政拨款支出0万元。");
        texts.ShouldContain("2.专项资金（主要指财政资金）实际使用情况分析。\n我单位2024年度没有专项资金。");
        texts.ShouldNotContain(t => t.Contains("城乡居民社会养老保险", StringComparison.Ordinal) || t.Contains('①'));
    }

    [Theory]
    [InlineData("2210201", "30113", SpendingKind.Basic, null)]
    [InlineData("2101101", "30110", SpendingKind.Basic, null)]
    [InlineData("2080109", "30217", SpendingKind.Project, Project)]
    [InlineData("2080101", "30212", SpendingKind.Basic, null)]
    [InlineData("2080101", "31013", SpendingKind.Basic, null)]
    [InlineData("2080101", "30231", SpendingKind.Basic, null)]
    public void Sentences_read_well_when_one_item_is_higher(string function, string economic, SpendingKind kind, string? project) =>
        Texts(With(Posted(function, economic, kind, project))).ShouldAllBe(t => !Clumsy().IsMatch(t));

    private ExpenditurePosted Posted(string function, string economic, SpendingKind kind, string? project) => new(
        new LocalDate(2024, 12, 31), "记-12-999", "补记",
        [new(new(function), new(economic), Fund.GeneralPublicBudget, kind, project, IncomeSource.FiscalAppropriation, Added)]);

    private DisclosureDocument With(LedgerEvent @event) =>
        Sample.Report(new(YearBooks.From(Sample.Year, [.. Sample.Recorded, Sample.Recorded[^1] with { Position = Sample.Recorded[^1].Position + 1, Event = @event }]), null));

    private static Dictionary<string, string?> Cells(DisclosureDocument document) =>
        document.Figures.Where(f => f.Address.StartsWith("公开", StringComparison.Ordinal)).ToDictionary(f => f.Address, f => f.Printed);

    private static List<(string, string?, string?)> Changed(Dictionary<string, string?> before, Dictionary<string, string?> after) =>
        [.. after.Where(a => before[a.Key] != a.Value).Select(a => (a.Key, before[a.Key], a.Value))];

    private static IEnumerable<TextBlock> Narrative(DisclosureDocument document) => document.Parts.OfType<TextPart>().Single(p => p.Key == "narrative").Blocks;

    private static List<string> Texts(DisclosureDocument document) => [.. Narrative(document).Select(b => $"{b.Heading}\n{b.Text}")];

    private static string Beginning(string text) => text.Split('\n')[0];

    private static IEqualityComparer<string> Comparer { get; } =
        EqualityComparer<string>.Create((a, b) => a!.StartsWith(b!, StringComparison.Ordinal) || b!.StartsWith(a, StringComparison.Ordinal), _ => 0);

    /// <summary>Punctuation twice, an amount without its number, a sentence without a beginning.</summary>
    [GeneratedRegex("[，；、。：][，；、。]|[^0-9〕]万元(?!以上|，|；|。|、|）)|为万元|占%|\n[，；、。]|^$")]
    private static partial Regex Clumsy();
}
