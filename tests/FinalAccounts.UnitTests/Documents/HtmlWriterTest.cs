using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Documents;

public class HtmlWriterTest
{
    private static readonly XElement Page = Parse(SampleDisclosure.Document());

    private static XElement Parse(DisclosureDocument document) =>
        XDocument.Parse(System.Text.Encoding.UTF8.GetString(HtmlWriter.Write(document)), LoadOptions.PreserveWhitespace).Root!;

    private static XElement Table(string formNumber) =>
        Page.Descendants("section").Single(s => s.Elements("p").Any(p => (string?)p.Attribute("class") == "form-number" && p.Value == formNumber));

    [Fact]
    public void A_number_in_a_heading_is_marked_like_one_in_a_text() =>
        Parse(SampleDisclosure.WithNumberInHeading()).Descendants().Single(e => (string?)e.Attribute("data-figure") == "说明/三/车辆")
            .Parent!.Value.ShouldBe("①车辆3辆");

    [Fact]
    public void The_page_is_in_simplified_Chinese_and_needs_nothing_else()
    {
        Page.Attribute("lang")!.Value.ShouldBe("zh-Hans");
        Page.Descendants("title").Single().Value.ShouldBe("2031年度示例市示例局部门决算");
        Page.Descendants("script").ShouldBeEmpty();
        Page.Descendants().Attributes("src").ShouldBeEmpty();
        Page.Descendants("a").Attributes("href").ShouldAllBe(href => href.Value.StartsWith('#'));
    }

    [Fact]
    public void The_contents_lead_to_each_part_section_and_table_and_name_empty_tables()
    {
        var links = Page.Descendants("nav").Descendants("a").ToList();
        links.Select(a => a.Value).ShouldBe(
        [
            "第一部分 部门概况", "一、部门职责",
            "第二部分 部门决算表", "一、收入支出决算总表", "二、支出决算表", "三、基本支出决算明细表", "四、财政拨款“三公”经费支出决算表",
            "五、政府性基金预算财政拨款收入支出决算表（空表）",
            "第三部分 部门决算情况说明", "一、收入支出决算总体情况说明", "二、国有资产占用情况说明",
            "第四部分 名词解释", "第五部分 附件",
        ]);
        var headings = Page.Descendants().Where(e => e.Name.LocalName is "h2" or "h3").ToDictionary(e => (string?)e.Attribute("id") ?? "");
        foreach (var link in links)
        {
            var heading = headings[link.Attribute("href")!.Value[1..]];
            link.Value.Replace("（空表）", "", StringComparison.Ordinal).ShouldEndWith(heading.Value);
        }
    }

    [Fact]
    public void Ids_are_unique_and_without_white_space()
    {
        var page = Parse(SampleDisclosure.With("a b", "c\td"));
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToList();
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.Length > 0 && !id.Any(char.IsWhiteSpace));
    }

    [Fact]
    public void Above_each_table_stand_its_title_number_department_and_unit()
    {
        var table = Table("公开02表");
        table.Element("h3")!.Value.ShouldBe("支出决算表");
        table.Elements("p").Single(p => p.Attribute("class")!.Value == "table-line").Elements("span").Select(s => s.Value)
            .ShouldBe(["部门：示例市示例局", "金额单位：万元"]);
        table.Descendants("caption").Single().Value.ShouldBe("支出决算表（公开02表，金额单位：万元）");
    }

    [Fact]
    public void Notes_stand_below_the_table() =>
        Table("公开06表").Element("div")!.ElementsAfterSelf().Select(e => e.Value).ShouldBe(["注：一。", "注：二。"]);

    [Fact]
    public void A_header_of_three_levels_keeps_its_spans_and_scopes()
    {
        var rows = Table("公开09表").Descendants("thead").Elements("tr").ToList();
        rows.Count.ShouldBe(3);
        rows.Elements().ShouldAllBe(cell => cell.Name == "th" && cell.Attribute("scope") != null);
        rows[0].Elements().Select(th => (th.Value, (string?)th.Attribute("colspan"), th.Attribute("scope")!.Value))
            .ShouldBe([("预算数", "3", "colgroup"), ("决算数", "3", "colgroup")]);
        rows[1].Elements().Select(th => (th.Value, (string?)th.Attribute("colspan"), (string?)th.Attribute("rowspan")))
            .ShouldBe([("合计", null, "2"), ("车辆费", "2", null), ("合计", null, "2"), ("车辆费", "2", null)]);
    }

    [Fact]
    public void A_name_heads_its_row_and_a_blank_name_does_not()
    {
        var rows = Table("公开01表").Descendants("tbody").Elements("tr").ToList();
        rows[0].Elements("th").Select(th => (th.Value, th.Attribute("scope")!.Value))
            .ShouldBe([("一、财政拨款收入", "row"), ("一、一般公共服务支出", "row")]);
        rows[1].Elements("th").Select(th => th.Value).ShouldBe(["二、外交支出"]);
    }

    [Fact]
    public void Every_number_carries_its_address_and_can_be_linked_to()
    {
        var document = SampleDisclosure.Document();
        var numbers = Page.Descendants().Where(e => e.Attribute("data-figure") != null).ToDictionary(e => e.Attribute("data-figure")!.Value);
        numbers.Keys.ShouldBe(document.Figures.Select(f => f.Address), ignoreOrder: true);
        foreach (var figure in document.Figures)
        {
            numbers[figure.Address].Value.ShouldBe(figure.Printed ?? "");
            numbers[figure.Address].Attribute("id")!.Value.ShouldBe(figure.Address);
        }
    }

    [Fact]
    public void A_number_says_on_demand_what_it_is_exactly() =>
        Page.Descendants().Single(e => (string?)e.Attribute("data-figure") == "说明/一/收入总计")
            .Attribute("title")!.Value.ShouldBe("收入总计：1234.56元");

    [Fact]
    public void A_draft_is_marked_and_nothing_else_is()
    {
        Page.Descendants("mark").Single().Value.ShouldBe("（草稿）主要原因是年中追加人员经费。");
        var paragraph = Page.Descendants("mark").Single().Parent!;
        paragraph.ElementsBeforeSelf("p").Last().Value.ShouldBe("收入总计0.12万元，增加33.33%。");
    }

    [Fact]
    public void A_number_that_a_draft_cuts_in_two_has_one_anchor()
    {
        var block = new TextBlock("一、", 1, "收入12.34万元", [new(new(2, 5), "说明/一/收入")], [new(4, 5)]);
        var page = Parse(SampleDisclosure.Document() with { Parts = [new TextPart("部分", "narrative", [block])] });
        page.Descendants().Where(e => (string?)e.Attribute("data-figure") == "说明/一/收入").Select(e => (e.Value, (string?)e.Attribute("id")))
            .ShouldBe([("12", "说明/一/收入"), (".34", null)]);
    }

    [Fact]
    public void A_draft_with_a_number_in_it_is_marked_once()
    {
        var block = new TextBlock("一、", 1, "收入12.34万元", [new(new(2, 5), "说明/一/收入")], [new(0, 9)]);
        var page = Parse(SampleDisclosure.Document() with { Parts = [new TextPart("部分", "narrative", [block])] });
        string.Concat(page.Descendants("mark").Select(m => m.Value)).ShouldBe("（草稿）收入12.34万元");
    }

    [Fact]
    public void The_columns_share_the_width_of_the_table()
    {
        foreach (var table in Page.Descendants("table"))
        {
            var widths = table.Element("colgroup")!.Elements("col").Select(c => c.Attribute("style")!.Value).ToList();
            widths.ShouldAllBe(w => Regex.IsMatch(w, @"^width:\d+\.\d\d%$"));
            // Each is cut off after two decimals.
            widths.Sum(w => decimal.Parse(w[6..^1], CultureInfo.InvariantCulture)).ShouldBeInRange(99.8m, 100m);
        }
    }

    [Fact]
    public void Names_indent_by_level()
    {
        var names = Table("公开02表").Descendants("tbody").Descendants("th").Where(th => (string?)th.Attribute("class") == "name");
        names.Select(th => (string?)th.Attribute("style")).ShouldBe([null, "--indent:1", "--indent:2"]);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("]]>&lt;&amp;'\"")]
    public void Markup_in_a_name_stays_text(string hostile)
    {
        var page = Parse(SampleDisclosure.With(hostile, hostile));
        page.Descendants("script").ShouldBeEmpty();
        page.Descendants("img").ShouldBeEmpty();
        page.Descendants("th").ShouldContain(th => th.Value == hostile);
        page.Descendants("p").ShouldContain(p => p.Value == hostile + "没有其他情况。");
    }

    [Fact]
    public void A_control_character_becomes_the_replacement_character() =>
        Parse(SampleDisclosure.With("甲\u0000乙\u000b丙\ud800", "项")).Descendants("title").Single().Value.ShouldBe("2031年度甲\ufffd乙\ufffd丙\ufffd部门决算");

    [Fact]
    public void Printing_is_on_A4_with_oblong_pages_for_oblong_tables()
    {
        var css = Page.Descendants("style").Single().Value;
        css.ShouldContain("@page { size: 210mm 297mm;");
        css.ShouldContain("@page oblong { size: 297mm 210mm;");
        css.ShouldContain("thead { display: table-header-group; }");
        Table("公开02表").Attribute("class")!.Value.ShouldBe("table landscape");
        Table("公开01表").Attribute("class")!.Value.ShouldBe("table");
    }

    [Fact]
    public void A_number_outside_its_text_is_refused()
    {
        var block = new TextBlock("一、", 1, "短", [new(new(0, 2), "说明/一/x")], []);
        var document = SampleDisclosure.Document() with { Parts = [new TextPart("部分", "narrative", [block])] };
        Should.Throw<ArgumentException>(() => HtmlWriter.Write(document)).Message.ShouldContain("一、");
    }

    [Fact]
    public void In_a_page_every_number_is_a_link_and_nothing_has_a_style_of_its_own()
    {
        var document = SampleDisclosure.Document();
        var page = Fragment(document, new("?figure=", new Dictionary<string, string>()));
        page.DescendantsAndSelf().Attributes("style").ShouldBeEmpty("the pages' policy allows none");
        page.Descendants("h1").Count().ShouldBe(1);
        var linked = page.Descendants("a").Where(a => (string?)a.Attribute("class") == "figure").Select(a => a.Attribute("href")!.Value).ToHashSet();
        foreach (var figure in document.Figures.Where(f => f.Printed is { Length: > 0 }))
        {
            linked.ShouldContain("?figure=" + figure.Address);
        }
    }

    [Fact]
    public void A_marked_number_says_why()
    {
        var address = SampleDisclosure.Document().Figures.First(f => f.Printed is { Length: > 0 }).Address;
        var page = Fragment(SampleDisclosure.Document(), new("?figure=", new Dictionary<string, string> { [address] = "现在：1" }, HasFront: false));
        page.Descendants("h1").ShouldBeEmpty();
        page.Descendants("a").First(a => a.Attribute("href")!.Value == "?figure=" + address).Attribute("title")!.Value.ShouldBe("现在：1");
    }

    [Theory]
    [InlineData("公开05/2080101/小计", "?figure=公开05/2080101/小计")]
    [InlineData("说明/一/收入#2", "?figure=说明/一/收入%232")]
    [InlineData("a&b+c 100%", "?figure=a%26b%2Bc%20100%25")]
    public void An_address_is_encoded_as_far_as_it_must_be(string address, string link) =>
        new HtmlEmbedding("?figure=", new Dictionary<string, string>()).Link(address).ShouldBe(link);

    private static XElement Fragment(DisclosureDocument document, HtmlEmbedding embedding) =>
        XElement.Parse($"<div>{HtmlWriter.WriteFragment(document, embedding)}</div>");
}
