using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.UnitTests.Golden;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>
/// A province's form that came as a folder of files only: 昆明市呈贡区社会保险中心 2023, from its published list of tables.
/// The books are those of 益阳 2024, whose published totals are known.
/// </summary>
public class YunnanFormTest
{
    private static readonly DisclosureDocument Document =
        DisclosureBuilder.Build(FormPack.Load("yunnan-2023")!, Sample.Yiyang.Books, ChartOfAccounts.For(Sample.Yiyang.Year));

    private static readonly Dictionary<string, string?> Cells = Document.Figures.ToDictionary(f => f.Address, f => f.Printed);

    [Fact]
    public void The_tables_are_those_of_the_published_list() => Document.Tables.Select(t => t.Title).ShouldBe(
    [
        "收入支出决算表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表", "一般公共预算财政拨款收入支出决算表", "一般公共预算财政拨款基本支出决算表",
        "一般公共预算财政拨款项目支出决算表", "政府性基金预算财政拨款收入支出决算表", "国有资本经营预算财政拨款收入支出决算表",
        "财政拨款“三公”经费、行政参公单位机关运行经费情况表", "一般公共预算财政拨款“三公”经费情况表",
    ]);

    [Theory]
    [InlineData("公开01/57/金额", "8,416,900.00")] // 841.69 万元
    [InlineData("公开05/合计/本年支出/合计", "8,416,900.00")]
    [InlineData("公开05/合计/本年收入/合计", "8,416,900.00")]
    [InlineData("公开05/2080199/本年支出/项目支出", null)]
    [InlineData("公开11/2/预算数", "15,100.00")] // 公务接待费 1.51 万元 is the whole budget of 三公
    [InlineData("公开11/7/全年预算数", "15,100.00")]
    [InlineData("公开10/4/决算统计数", "0.00")]
    public void Amounts_are_in_yuan(string address, string? printed) => Cells[address].ShouldBe(printed);

    [Fact]
    public void A_statistic_stands_in_a_table_as_a_whole_number_and_blank_when_nobody_reported_it()
    {
        var rows = Document.Tables.Single(t => t.Id == "公开10").Rows.ToDictionary(r => r.Name!);
        rows["4.公务用车保有量（辆）"].Cells.Select(c => c.Text).ShouldBe(["——", "——", "0"]);
        rows["6.国内公务接待人次（人）"].Cells.Select(c => c.Text).ShouldBe(["——", "——", null]);
    }

    [Fact]
    public void The_columns_of_the_fifth_table_add_up()
    {
        var exact = Document.Figures.ToDictionary(f => f.Address, f => f.Exact.Numerator);
        foreach (var row in Document.Tables.Single(t => t.Id == "公开05").Rows.Select(r => $"公开05/{r.Code ?? r.Name}/"))
        {
            exact[row + "本年支出/合计"].ShouldBe(exact[row + "本年支出/基本支出/小计"] + exact[row + "本年支出/项目支出"]);
            exact[row + "本年支出/基本支出/小计"].ShouldBe(exact[row + "本年支出/基本支出/人员经费"] + exact[row + "本年支出/基本支出/公用经费"]);
            exact[row + "本年收入/合计"].ShouldBe(exact[row + "本年收入/基本支出"] + exact[row + "本年收入/项目支出"]);
        }
    }

    [Fact]
    public void Sentences_are_in_yuan()
    {
        var income = Document.Parts.OfType<TextPart>().Single(p => p.Key == "narrative").Blocks[0];
        income.Text.ShouldStartWith("益阳市社会保险服务中心2024年度收入合计8416900.00元。其中：财政拨款收入8416900.00元，占总收入的100.00%；上级补助收入0元，占总收入的0%；");
    }
}
