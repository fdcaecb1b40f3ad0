using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using FinalAccounts.Documents;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using WordRow = DocumentFormat.OpenXml.Wordprocessing.TableRow;

namespace FinalAccounts.UnitTests.Documents;

public sealed class DocxWriterTest : IDisposable
{
    private readonly WordprocessingDocument _file = Open(SampleDisclosure.Document());

    public void Dispose() => _file.Dispose();

    private Body Body => _file.MainDocumentPart!.Document.Body!;

    private static WordprocessingDocument Open(DisclosureDocument document) =>
        WordprocessingDocument.Open(new MemoryStream(DocxWriter.Write(document)), isEditable: false);

    private static string Style(Paragraph paragraph) => paragraph.ParagraphProperties!.ParagraphStyleId!.Val!.Value!;

    private static string Text(OpenXmlElement element) => string.Concat(element.Descendants<Text>().Select(t => t.Text));

    private Table Table(string title) => Body.Elements<Table>()
        .Single(t => t.GetFirstChild<TableProperties>()!.TableCaption!.Val!.Value == title);

    [Fact]
    public void The_cover_has_the_title_in_lines_and_the_unit()
    {
        var cover = Body.Elements<Paragraph>().Take(2).ToList();
        Text(cover[0]).ShouldBe("2031年度示例市示例局部门决算");
        cover[0].Descendants<Break>().Count().ShouldBe(2);
        Text(cover[1]).ShouldBe("示例市示例局");
    }

    [Fact]
    public void The_contents_are_a_field_filled_in_already_whose_entries_lead_to_bookmarks()
    {
        var contents = Body.Elements<SdtBlock>().Single();
        contents.Descendants<FieldCode>().Single().Text.Trim().ShouldBe("""TOC \o "1-2" \h \n \f t""");
        contents.Descendants<FieldChar>().Select(f => f.FieldCharType!.Value)
            .ShouldBe([FieldCharValues.Begin, FieldCharValues.Separate, FieldCharValues.End]);
        var entries = contents.Descendants<Hyperlink>().ToList();
        entries.Select(Text).ShouldBe(new Contents(SampleDisclosure.Document()).Entries.Select(e => e.Text));
        var bookmarks = Body.Descendants<BookmarkStart>().Select(b => b.Name!.Value);
        entries.Select(e => e.Anchor!.Value).ShouldBe(bookmarks);
    }

    [Fact]
    public void An_update_of_the_contents_finds_the_same_entries()
    {
        var found = new List<string>();
        foreach (var paragraph in Body.Elements<Paragraph>())
        {
            if (Style(paragraph) is "Heading1" or "Heading2")
                found.Add(Text(paragraph));
            found.AddRange(paragraph.Descendants<FieldCode>().Select(code => code.Text.Split('"')[1]));
        }

        found.ShouldBe(new Contents(SampleDisclosure.Document()).Entries.Select(e => e.Text));
    }

    [Fact]
    public void A_reader_is_not_asked_to_update_fields() =>
        _file.MainDocumentPart!.DocumentSettingsPart!.Settings.Descendants<UpdateFieldsOnOpen>().ShouldBeEmpty();

    [Fact]
    public void Headings_are_built_in_styles_with_outline_levels()
    {
        var headings = Body.Elements<Paragraph>().Where(p => Style(p).StartsWith("Heading", StringComparison.Ordinal)).ToList();
        headings.Select(p => (Style(p), Text(p))).ShouldBe(
        [
            ("Heading1", "第一部分 部门概况"), ("Heading2", "一、部门职责"), ("Heading1", "第二部分 部门决算表"), ("Heading1", "第三部分 部门决算情况说明"),
            ("Heading2", "一、收入支出决算总体情况说明"), ("Heading2", "二、国有资产占用情况说明"), ("Heading3", "（一）车辆"), ("Heading4", "1.其他"),
            ("Heading1", "第四部分 名词解释"), ("Heading1", "第五部分 附件"),
        ]);
        for (var level = 1; level <= 4; level++)
        {
            var style = StyleOf($"Heading{level}");
            style.StyleName!.Val!.Value.ShouldBe($"heading {level}");
            style.StyleParagraphProperties!.OutlineLevel!.Val!.Value.ShouldBe(level - 1);
            style.StyleParagraphProperties.KeepNext.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Text_is_set_as_in_official_documents()
    {
        var normal = StyleOf("Normal");
        normal.StyleRunProperties!.RunFonts!.EastAsia!.Value.ShouldBe("仿宋");
        normal.StyleRunProperties.FontSize!.Val!.Value.ShouldBe("32");
        normal.StyleParagraphProperties!.SpacingBetweenLines!.Line!.Value.ShouldBe("560");
        normal.StyleParagraphProperties.SpacingBetweenLines.LineRule!.Value.ShouldBe(LineSpacingRuleValues.Exact);
        normal.StyleParagraphProperties.Indentation!.FirstLineChars!.Value.ShouldBe(200);
        StyleOf("Heading2").StyleRunProperties!.RunFonts!.EastAsia!.Value.ShouldBe("黑体");
        StyleOf("Heading3").StyleRunProperties!.RunFonts!.EastAsia!.Value.ShouldBe("楷体");
    }

    [Fact]
    public void Every_font_has_other_names_for_readers_without_it()
    {
        var fonts = _file.MainDocumentPart!.FontTablePart!.Fonts.Elements<Font>().ToDictionary(f => f.Name!.Value!, f => f.AltName!.Val!.Value!);
        fonts["仿宋"].ShouldContain("FangSong");
        fonts["黑体"].ShouldContain("SimHei");
        fonts["楷体"].ShouldContain("KaiTi");
    }

    [Fact]
    public void Every_style_that_is_used_is_defined()
    {
        var defined = _file.MainDocumentPart!.StyleDefinitionsPart!.Styles!.Elements<Style>().Select(s => s.StyleId!.Value!).ToList();
        defined.ShouldBeUnique();
        var used = Body.Descendants<ParagraphStyleId>().Select(s => s.Val!.Value!)
            .Concat(Body.Descendants<RunStyle>().Select(s => s.Val!.Value!))
            .Concat(Body.Descendants<TableStyle>().Select(s => s.Val!.Value!));
        used.Except(defined).ShouldBeEmpty();
    }

    [Fact]
    public void Header_rows_repeat_and_no_row_is_split()
    {
        var rows = Table("财政拨款“三公”经费支出决算表").Elements<WordRow>().ToList();
        rows.Select(r => r.TableRowProperties!.Elements<TableHeader>().Any()).ShouldBe([true, true, true, false]);
        Body.Descendants<WordRow>().ShouldAllBe(r => r.TableRowProperties!.Elements<CantSplit>().Any());
    }

    [Fact]
    public void Cells_of_the_header_are_merged_over_columns_and_rows()
    {
        var rows = Table("财政拨款“三公”经费支出决算表").Elements<WordRow>().ToList();
        Merges(rows[0]).ShouldBe([("预算数", 3, null), ("决算数", 3, null)]);
        Merges(rows[1]).ShouldBe([("合计", 1, "restart"), ("车辆费", 2, null), ("合计", 1, "restart"), ("车辆费", 2, null)]);
        Merges(rows[2]).ShouldBe(
        [
            ("", 1, "continue"), ("小计", 1, null), ("购置费", 1, null), ("", 1, "continue"), ("小计", 1, null), ("购置费", 1, null),
        ]);
    }

    private static IEnumerable<(string, int, string?)> Merges(WordRow row) =>
        from cell in row.Elements<DocumentFormat.OpenXml.Wordprocessing.TableCell>()
        let properties = cell.TableCellProperties!
        select (Text(cell), properties.GridSpan?.Val?.Value ?? 1, properties.VerticalMerge?.Val?.InnerText);

    [Fact]
    public void Every_row_of_a_table_fills_its_grid_and_the_page()
    {
        foreach (var table in Body.Elements<Table>())
        {
            var grid = table.GetFirstChild<DocumentFormat.OpenXml.Wordprocessing.TableGrid>()!.Elements<GridColumn>().Select(c => int.Parse(c.Width!)).ToList();
            foreach (var row in table.Elements<WordRow>())
            {
                var cells = row.Elements<DocumentFormat.OpenXml.Wordprocessing.TableCell>().Select(c => c.TableCellProperties!).ToList();
                cells.Sum(c => c.GridSpan?.Val?.Value ?? 1).ShouldBe(grid.Count);
                cells.Sum(c => int.Parse(c.TableCellWidth!.Width!)).ShouldBe(grid.Sum());
            }
        }
    }

    [Fact]
    public void Cells_show_what_the_form_prints_and_names_are_indented()
    {
        var rows = Table("支出决算表").Elements<WordRow>().ToList();
        rows[^1].Elements<DocumentFormat.OpenXml.Wordprocessing.TableCell>().Select(Text).ShouldBe(["2010101", "公务接待费", "-12.34", ""]);
        var indents = rows.TakeLast(3)
            .Select(r => r.Elements<DocumentFormat.OpenXml.Wordprocessing.TableCell>().ElementAt(1).Descendants<Indentation>().SingleOrDefault()?.Left?.Value)
            .Select(left => left is null ? 0 : int.Parse(left)).ToList();
        indents[0].ShouldBe(0);
        indents[1].ShouldBeGreaterThan(0);
        indents[2].ShouldBe(2 * indents[1]);
    }

    [Fact]
    public void Above_a_table_stand_its_title_number_department_and_unit_and_below_it_its_notes()
    {
        var above = Table("基本支出决算明细表").ElementsBefore().Reverse().Take(3).Select(Text);
        above.ShouldBe(["部门：示例市示例局金额单位：万元", "公开06表", "基本支出决算明细表"]);
        Table("基本支出决算明细表").ElementsAfter().Take(2).Select(Text).ShouldBe(["注：一。", "注：二。"]);
    }

    [Fact]
    public void Oblong_tables_have_oblong_pages_and_the_text_after_them_is_upright_again()
    {
        // Cover, text, 公开01, 公开02 (oblong), 公开06, 公开09 (oblong), 公开07, text.
        var sections = Body.Descendants<SectionProperties>().ToList();
        sections.Select(s => s.GetFirstChild<PageSize>()!.Orient!.Value == PageOrientationValues.Landscape)
            .ShouldBe([false, false, false, true, false, true, false, false]);
        foreach (var size in sections.Select(s => s.GetFirstChild<PageSize>()!))
        {
            var landscape = size.Orient!.Value == PageOrientationValues.Landscape;
            (size.Width!.Value, size.Height!.Value).ShouldBe(landscape ? (16838u, 11906u) : (11906u, 16838u));
        }
    }

    [Fact]
    public void Pages_are_numbered_from_the_contents_on()
    {
        var sections = Body.Descendants<SectionProperties>().ToList();
        sections[0].Elements<FooterReference>().ShouldBeEmpty();
        sections[1].GetFirstChild<PageNumberType>()!.Start!.Value.ShouldBe(1);
        sections.Skip(2).ShouldAllBe(s => s.GetFirstChild<PageNumberType>() == null);
        sections.Skip(1).ShouldAllBe(s => s.Elements<FooterReference>().Count() == 1);
        foreach (var footer in _file.MainDocumentPart!.FooterParts)
            footer.Footer.Descendants<SimpleField>().Single().Instruction!.Value.ShouldBe("PAGE");
    }

    [Fact]
    public void A_draft_is_marked_and_nothing_else_is()
    {
        var drafts = Body.Descendants<Run>().Where(r => r.RunProperties?.RunStyle?.Val?.Value == "Draft");
        drafts.Select(Text).ShouldBe(["（草稿）", "主要原因是年中追加人员经费。"]);
    }

    [Fact]
    public void Chinese_quotation_marks_are_not_taken_from_a_Latin_font()
    {
        var runs = Body.Descendants<Run>().Where(r => Text(r).Contains('“')).ToList();
        runs.ShouldNotBeEmpty();
        runs.ShouldAllBe(r => r.RunProperties!.RunFonts!.Hint!.Value == FontTypeHintValues.EastAsia);
    }

    [Fact]
    public void A_name_that_looks_like_field_code_stays_inside_its_field()
    {
        var document = SampleDisclosure.Document();
        var table = document.Tables.First() with { Title = "甲\" \\l 9 \\x" };
        using var file = Open(document with { Parts = [new TablesPart("部分", [table])] });
        file.MainDocumentPart!.Document.Body!.Elements<Paragraph>().SelectMany(p => p.Descendants<FieldCode>()).Single().Text
            .ShouldBe(""" TC "一、甲\" \\l 9 \\x" \f t \l 2 """);
    }

    private Style StyleOf(string id) => _file.MainDocumentPart!.StyleDefinitionsPart!.Styles!.Elements<Style>().Single(s => s.StyleId == id);
}
