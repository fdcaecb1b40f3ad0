using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using FinalAccounts.Documents;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using Word = DocumentFormat.OpenXml.Wordprocessing;

namespace FinalAccounts.UnitTests.Documents;

/// <summary>Forms in all four formats.</summary>
public class FormsTest
{
    private static readonly JsonNode Json = JsonNode.Parse(JsonWriter.Write(SampleForms.Document()))!;

    private static readonly XElement Page =
        XDocument.Parse(Encoding.UTF8.GetString(HtmlWriter.Write(SampleForms.Document())), LoadOptions.PreserveWhitespace).Root!;

    [Fact]
    public void Json_has_a_form_under_its_parts_key_and_its_sections_under_theirs() =>
        JsonNode.DeepEquals(Json["baseData"], JsonNode.Parse("""
            {
              "attachment": "附件2", "title": "基础数据表",
              "staff": { "label": "人员情况", "编制数": "25", "在职人数": "21人" },
              "unitOfAmount": "万元", "label": "经费情况（万元）", "columns": ["决算数"],
              "rows": [
                { "name": "一、基本支出", "level": 1, "cells": { "决算数": "251.72" } },
                { "name": "其中：公用经费", "level": 2, "cells": { "决算数": "3" } },
                { "name": "购置费", "level": 2, "cells": { "决算数": null } }
              ],
              "buildings": { "label": "楼堂馆所", "columns": ["批复规模", "实际规模"], "rows": [{ "批复规模": null, "实际规模": null }] },
              "savings": { "label": "节约措施", "text": "一是严格财务预算，坚持开支按预算控制。\n\n二是节约用水。" },
              "note": "说明：一。", "signature": "填表人：   填报日期：2031.6.6"
            }
            """)).ShouldBeTrue(Json["baseData"]!.ToJsonString());

    [Fact]
    public void Several_forms_of_a_part_are_an_array_and_passages_without_a_key_a_list()
    {
        var reports = Json["projectReport"]!.AsArray();
        reports.Select(r => (string?)r!["title"]).ShouldBe(["甲项目自评报告", "乙项目自评报告"]);
        JsonNode.DeepEquals(reports[0]!["sections"], JsonNode.Parse("""
            [
              { "group": "概况", "label": "项目名称", "text": "甲项目" }, { "group": "概况", "label": "预算", "text": "8.57万元" },
              { "group": "绩效", "label": "使用情况", "text": "〔未填报〕" }
            ]
            """)).ShouldBeTrue();
    }

    [Fact]
    public void Json_says_where_in_the_grid_a_number_stands()
    {
        var where = Json["figures"]!.AsArray().ToDictionary(f => (string)f!["address"]!, f => f!["where"]!.AsArray().Single()!.ToJsonString());
        JsonNode.DeepEquals(JsonNode.Parse(where["附件2/基本支出/决算数"]), JsonNode.Parse("""{"form":"附件2","row":3,"column":1}""")).ShouldBeTrue();
        JsonNode.DeepEquals(JsonNode.Parse(where["附件4/乙/预算"]), JsonNode.Parse("""{"form":"附件4/乙","row":1,"column":2,"start":0,"length":4}""")).ShouldBeTrue();
    }

    [Fact]
    public void A_part_that_is_one_form_is_one_entry_of_the_contents_and_others_list_their_forms() =>
        new Contents(SampleForms.Document()).Entries.Select(e => (e.Level, e.Text))
            .ShouldBe([(1, "附件2 基础数据表"), (1, "附件4 自评报告"), (2, "甲项目自评报告"), (2, "乙项目自评报告")]);

    [Fact]
    public void Forms_of_one_title_are_one_line_of_the_contents_and_all_are_drawn()
    {
        var document = SampleForms.Document();
        var part = document.Parts.OfType<FormsPart>().Single(p => p.Key == "projectReport");
        var forms = part.Forms.Select(f => f with { Title = "自评表" }).ToList();
        var alike = document with { Parts = [.. document.Parts.Select(p => p == part ? part with { Forms = forms } : p)] };

        new Contents(alike).Entries.Select(e => e.Text).ShouldBe(["附件2 基础数据表", "附件4 自评报告", "自评表"]);
        var page = XDocument.Parse(Encoding.UTF8.GetString(HtmlWriter.Write(alike))).Root!;
        page.Descendants("h3").Count(h => h.Value == "自评表").ShouldBe(2);
        page.Descendants().Attributes("id").Select(a => a.Value).ShouldBeUnique();
        using var file = WordprocessingDocument.Open(new MemoryStream(DocxWriter.Write(alike)), isEditable: false);
        new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Microsoft365).Validate(file).ShouldBeEmpty();
        file.MainDocumentPart!.Document.Body!.Descendants<Word.Text>().Count(t => t.Text == "自评表").ShouldBe(3);
    }

    [Fact]
    public void Html_draws_labels_numbers_and_passages()
    {
        var form = Page.Descendants("section").First(s => ((string?)s.Attribute("class"))!.Contains("form", StringComparison.Ordinal));
        form.Elements().First().Value.ShouldBe("附件2");
        form.Element("h2")!.Value.ShouldBe("基础数据表");
        form.Descendants("thead").ShouldBeEmpty();
        form.Descendants("span").Where(s => s.Attribute("data-figure") != null).Select(s => s.Value).ShouldBe(["25", "21"]);
        form.Descendants("td").Single(td => (string?)td.Attribute("data-figure") == "附件2/公用经费/决算数").Value.ShouldBe("3");
        form.Descendants("td").Single(td => (string?)td.Attribute("class") == "text").Elements("br").Count().ShouldBe(2);
        form.Elements("p").Select(p => p.Value).ShouldBe(["附件2", "说明：一。", "填表人：   填报日期：2031.6.6"]);
        Page.Descendants("mark").Select(m => m.Value).ShouldBe(["（草稿）〔未填报〕", "（草稿）〔未填报〕"]);
        Page.Descendants().Attributes("id").Select(a => a.Value).ShouldBeUnique();
        foreach (var link in Page.Descendants("a"))
            Page.Descendants().Attributes("id").Select(a => a.Value).ShouldContain(((string)link.Attribute("href")!)[1..]);
    }

    [Fact]
    public void The_office_files_are_valid_and_have_every_form()
    {
        using var word = WordprocessingDocument.Open(new MemoryStream(DocxWriter.Write(SampleForms.Document())), isEditable: false);
        Errors(word).ShouldBeEmpty();
        var body = word.MainDocumentPart!.Document.Body!;
        body.Elements<Word.Table>().Select(t => t.GetFirstChild<Word.TableProperties>()!.TableCaption!.Val!.Value)
            .ShouldBe(["基础数据表", "甲项目自评报告", "乙项目自评报告"]);
        body.Descendants<Word.RunStyle>().Count(s => s.Val == "Draft").ShouldBe(4);

        using var workbook = SpreadsheetDocument.Open(new MemoryStream(XlsxWriter.Write(SampleForms.Document())), isEditable: false);
        Errors(workbook).ShouldBeEmpty();
        workbook.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Select(s => s.Name!.Value)
            .ShouldBe(["附件2 基础数据表", "附件4 甲项目自评报告", "附件4 乙项目自评报告"]);
        var first = workbook.WorkbookPart.WorksheetParts.Select(p => p.Worksheet).Single(w => w.InnerText.Contains("经费情况", StringComparison.Ordinal));
        first.Descendants<Cell>().Single(c => c.CellReference == "B6").CellValue!.Text.ShouldBe("251.72");
        first.Descendants<Cell>().Single(c => c.CellReference == "A1").InnerText.ShouldBe("附件2");
    }

    [Fact]
    public void A_passage_longer_than_a_page_may_be_broken_and_no_row_is_taller_than_a_spreadsheet_allows()
    {
        var report = SampleForms.Report("附件4", "甲");
        var text = string.Join('\n', Enumerable.Repeat(SampleForms.Long, 300));
        var body = report.Layout.Body.SkipLast(1).Append([new("绩效", LayoutCellKind.Label, 2), new(text, LayoutCellKind.Text)]).ToList();
        var form = report with { Layout = report.Layout with { Body = body } };
        var document = SampleForms.Document() with { Parts = [new FormsPart("附件4", "projectReport", [form])], Figures = [] };

        TableFit.Of(form).OnePage.ShouldBeFalse();
        using var word = WordprocessingDocument.Open(new MemoryStream(DocxWriter.Write(document)), isEditable: false);
        word.MainDocumentPart!.Document.Body!.Descendants<Word.TableRow>().Last().Descendants<Word.CantSplit>().ShouldBeEmpty();
        using var workbook = SpreadsheetDocument.Open(new MemoryStream(XlsxWriter.Write(document)), isEditable: false);
        workbook.WorkbookPart!.WorksheetParts.Single().Worksheet.Descendants<Row>().ShouldAllBe(r => r.Height! <= 409);
    }

    private static IEnumerable<string> Errors(OpenXmlPackage file) =>
        new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Microsoft365).Validate(file)
            .Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}");
}
