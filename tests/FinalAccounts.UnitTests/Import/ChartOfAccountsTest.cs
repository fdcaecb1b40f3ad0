using FinalAccounts.Ledger;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

public class ChartOfAccountsTest
{
    private static readonly ChartOfAccounts Chart2020 = ChartOfAccounts.For(new(2020));
    private static readonly ChartOfAccounts Chart2024 = ChartOfAccounts.For(new(2024));

    /// <summary>
    /// printed-codes.csv: every code with its printed name, as it stands in the tables of the five published documents
    /// (the fifth, 双牌, prints no codes), line breaks inside names removed.
    /// </summary>
    [Fact]
    public void Every_code_of_the_published_documents_has_its_printed_name()
    {
        var printed = File.ReadLines(RepositoryFiles.TestData("Charts/printed-codes.csv")).Skip(1).Select(line => line.Split(',')).ToList();

        foreach (var row in printed)
        {
            var chart = ChartOfAccounts.For(new(int.Parse(row[1])));
            var found = row[2].StartsWith('2')
                ? chart.TryGetName(new FunctionCode(row[2]), out var name)
                : chart.TryGetName(new EconomicCode(row[2]), out name);

            found.ShouldBeTrue($"{row[0]}: {row[2]}");
            name.ShouldBe(row[3], $"{row[0]}: {row[2]}");
        }

        // 海东 101 + 怀化 89 + 益阳 102 + 株洲 103 = 395: a copy cut short is noticed.
        printed.Count.ShouldBe(395);
    }

    /// <summary>The rows 一 to 二十六 of 公开01 and 公开04, from the empty forms of 2020 and 2024 (the same in all years between).</summary>
    [Theory]
    [InlineData(2020)]
    [InlineData(2023)]
    [InlineData(2024)]
    public void The_fixed_rows_of_the_form_are_the_classes_in_code_order(int year)
    {
        var chart = ChartOfAccounts.For(new(year));

        chart.Functions.Where(code => code.IsClass).Select(code => chart.TryGetName(code, out var name) ? $"{code} {name}" : "").ShouldBe(
            [
                "201 一般公共服务支出", "202 外交支出", "203 国防支出", "204 公共安全支出", "205 教育支出", "206 科学技术支出",
                "207 文化旅游体育与传媒支出", "208 社会保障和就业支出", "210 卫生健康支出", "211 节能环保支出", "212 城乡社区支出",
                "213 农林水支出", "214 交通运输支出", "215 资源勘探工业信息等支出", "216 商业服务业等支出", "217 金融支出",
                "219 援助其他地区支出", "220 自然资源海洋气象等支出", "221 住房保障支出", "222 粮油物资储备支出",
                "223 国有资本经营预算支出", "224 灾害防治及应急管理支出", "229 其他支出", "231 债务还本支出", "232 债务付息支出",
                "234 抗疫特别国债安排的支出",
            ]);
    }

    [Fact]
    public void Gifts_are_one_item_in_2020_and_two_in_2024()
    {
        Chart2020.Contains(new EconomicCode("39906")).ShouldBeTrue();
        Chart2020.Contains(new EconomicCode("39909")).ShouldBeFalse();
        Chart2024.Contains(new EconomicCode("39906")).ShouldBeFalse();
        Chart2024.TryGetName(new EconomicCode("39909"), out var name).ShouldBeTrue();
        name.ShouldBe("经常性赠与");
    }

    [Fact]
    public void The_year_2022_has_the_lines_of_2023_and_none_that_2020_words_differently()
    {
        var names = Names(ChartOfAccounts.For(new(2022)));

        names.ShouldBe(Names(ChartOfAccounts.For(new(2023))));
        var codes = names.Select(n => n.Code).ToHashSet();
        Names(Chart2020).Where(n => codes.Contains(n.Code)).ShouldBeSubsetOf(names);

        static List<(string Code, string? Name)> Names(ChartOfAccounts chart) =>
        [
            .. chart.Functions.Select(c => (c.ToString(), chart.TryGetName(c, out var name) ? name : null)),
            .. chart.Economics.Select(c => (c.ToString(), chart.TryGetName(c, out var name) ? name : null)),
        ];
    }

    [Theory]
    [InlineData(2019)]
    [InlineData(2021)]
    [InlineData(2025)]
    public void A_year_without_an_edition_is_refused_and_never_read_with_a_neighbours(int year)
    {
        ChartOfAccounts.TryFor(new(year), out _).ShouldBeFalse();
        Should.Throw<ChartMissingException>(() => ChartOfAccounts.For(new(year))).Year.ShouldBe(new FiscalYear(year));
    }

    [Theory]
    [InlineData("2080101", true)]
    [InlineData("20801", false)]
    [InlineData("208", false)]
    [InlineData("2080198", false)]
    public void Only_an_item_of_the_chart_is_a_leaf(string code, bool leaf) => Chart2024.IsLeaf(new FunctionCode(code)).ShouldBe(leaf);

    [Theory]
    [InlineData("30101", true)]
    [InlineData("301", false)]
    [InlineData("30198", false)]
    public void Only_an_economic_item_of_the_chart_is_a_leaf(string code, bool leaf) => Chart2024.IsLeaf(new EconomicCode(code)).ShouldBe(leaf);

    [Fact]
    public void Codes_come_in_code_order_with_every_parent_before_its_children()
    {
        foreach (var chart in ChartOfAccounts.Years.Select(ChartOfAccounts.For))
        {
            var seen = new HashSet<FunctionCode>();
            chart.Functions.ShouldAllBe(code => seen.Add(code) && (code.Parent == null || seen.Contains(code.Parent.Value)));
            chart.Functions.ShouldBeInOrder();
            chart.Economics.ShouldBeInOrder();
        }
    }

    [Theory]
    [InlineData("code,name\n20801,人力资源和社会保障管理事务\n", "code,name\n")]
    [InlineData("code,name\n", "code,name\n30101,基本工资\n")]
    [InlineData("code,name\n208,社会保障\n208,社会保障\n", "code,name\n")]
    [InlineData("code,name\n208\n", "code,name\n")]
    public void A_broken_edition_is_refused(string functions, string economics) =>
        Should.Throw<FormatException>(() => new ChartOfAccounts(new(2024), functions, economics));
}
