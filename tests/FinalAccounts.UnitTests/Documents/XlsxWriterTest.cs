using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Documents;

public sealed class XlsxWriterTest : IDisposable
{
    private readonly SpreadsheetDocument _file = Open(SampleDisclosure.Document());

    public void Dispose() => _file.Dispose();

    private Workbook Workbook => _file.WorkbookPart!.Workbook;

    private static SpreadsheetDocument Open(DisclosureDocument document) =>
        SpreadsheetDocument.Open(new MemoryStream(XlsxWriter.Write(document)), isEditable: false);

    private Worksheet Sheet(string id) => SheetOf(_file, id);

    private static Worksheet SheetOf(SpreadsheetDocument file, string id)
    {
        var sheet = file.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Single(s => s.Name!.Value!.StartsWith(id, StringComparison.Ordinal));
        return ((WorksheetPart)file.WorkbookPart.GetPartById(sheet.Id!.Value!)).Worksheet;
    }

    private static Cell CellAt(Worksheet sheet, string reference) => sheet.Descendants<Cell>().Single(c => c.CellReference == reference);

    private CellFormat Format(Cell cell) =>
        _file.WorkbookPart!.WorkbookStylesPart!.Stylesheet.CellFormats!.Elements<CellFormat>().ElementAt((int)cell.StyleIndex!.Value);

    [Fact]
    public void There_is_a_sheet_for_each_table_named_by_number_and_title() => Workbook.Sheets!.Elements<Sheet>().Select(s => s.Name!.Value)
        .ShouldBe(["公开01 收入支出决算总表", "公开02 支出决算表", "公开06 基本支出决算明细表", "公开09 财政拨款“三公”经费支出决算表", "公开07 政府性基金预算财政拨款收入支出决算表"]);

    [Fact]
    public void An_amount_is_a_number_with_the_decimals_that_the_page_shows()
    {
        var cell = CellAt(Sheet("公开01"), "C7");
        cell.DataType.ShouldBeNull();
        cell.CellValue!.Text.ShouldBe("12.34");
        var format = Format(cell).NumberFormatId!.Value;
        _file.WorkbookPart!.WorkbookStylesPart!.Stylesheet.NumberingFormats!.Elements<NumberingFormat>()
            .Single(f => f.NumberFormatId! == format).FormatCode!.Value.ShouldBe("0.00");
    }

    [Fact]
    public void Amounts_keep_every_digit_and_their_sign()
    {
        // The row of 公开09: 1.51, 100000000.00, blank, 1.51, 0.00, -0.01.
        var row = Sheet("公开09").Descendants<Row>().Single(r => r.RowIndex! == 7u);
        row.Elements<Cell>().Select(c => c.CellValue?.Text).ShouldBe(["1.51", "100000000.00", null, "1.51", "0.00", "-0.01"]);
    }

    [Fact]
    public void A_blank_cell_is_blank_not_zero()
    {
        var cell = CellAt(Sheet("公开01"), "C8");
        cell.CellValue.ShouldBeNull();
        cell.InlineString.ShouldBeNull();
    }

    [Fact]
    public void Codes_are_text()
    {
        var cell = CellAt(Sheet("公开02"), "A9");
        cell.DataType!.Value.ShouldBe(CellValues.InlineString);
        cell.InnerText.ShouldBe("2010101");
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1+cmd|' /C calc'!A0")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    public void A_name_that_looks_like_a_formula_is_stored_as_text_and_stays_text_when_edited(string name)
    {
        using var file = Open(SampleDisclosure.With(name, name));
        foreach (var part in file.WorkbookPart!.WorksheetParts)
            part.Worksheet.Descendants<CellFormula>().ShouldBeEmpty();
        var cell = CellAt(SheetOf(file, "公开02"), "B9");
        cell.DataType!.Value.ShouldBe(CellValues.InlineString);
        cell.InnerText.ShouldBe(name);
        file.WorkbookPart.WorkbookStylesPart!.Stylesheet.CellFormats!.Elements<CellFormat>().ElementAt((int)cell.StyleIndex!.Value)
            .QuotePrefix!.Value.ShouldBeTrue();
    }

    [Fact]
    public void Headers_totals_and_lines_are_merged_as_on_the_page() =>
        Sheet("公开09").Descendants<MergeCell>().Select(m => m.Reference!.Value).ShouldBe(
            ["A1:F1", "A2:F2", "A3:D3", "E3:F3", "A4:C4", "D4:F4", "A5:A6", "B5:C5", "D5:D6", "E5:F5"]);

    [Fact]
    public void Above_the_table_stand_title_number_department_and_unit_and_below_it_the_notes()
    {
        var sheet = Sheet("公开06");
        CellAt(sheet, "A1").InnerText.ShouldBe("基本支出决算明细表");
        CellAt(sheet, "A2").InnerText.ShouldBe("公开06表");
        sheet.Descendants<Row>().Single(r => r.RowIndex! == 3u).Elements<Cell>().Select(c => c.InnerText).ShouldBe(["部门：示例市示例局", "金额单位：万元"]);
        CellAt(sheet, "A8").InnerText.ShouldBe("注：一。");
        CellAt(sheet, "A9").InnerText.ShouldBe("注：二。");
    }

    [Fact]
    public void The_print_area_is_the_table_and_its_header_repeats()
    {
        var names = Workbook.DefinedNames!.Elements<DefinedName>().Where(n => n.LocalSheetId! == 2u).ToDictionary(n => n.Name!.Value!, n => n.Text);
        names["_xlnm.Print_Area"].ShouldBe("'公开06 基本支出决算明细表'!$A$1:$I$9");
        names["_xlnm.Print_Titles"].ShouldBe("'公开06 基本支出决算明细表'!$1:$5");
    }

    [Fact]
    public void A_sheet_is_printed_one_page_wide_on_A4_as_the_form_lies()
    {
        foreach (var (id, orientation) in new[] { ("公开01", OrientationValues.Portrait), ("公开02", OrientationValues.Landscape) })
        {
            var page = Sheet(id).GetFirstChild<PageSetup>()!;
            (page.PaperSize!.Value, page.FitToWidth!.Value, page.Orientation!.Value).ShouldBe((9u, 1u, orientation));
            Sheet(id).SheetProperties!.PageSetupProperties!.FitToPage!.Value.ShouldBeTrue();
        }
    }

    [Fact]
    public void The_header_stays_in_view()
    {
        var pane = Sheet("公开09").Descendants<Pane>().Single();
        (pane.State!.Value, pane.VerticalSplit!.Value, pane.TopLeftCell!.Value).ShouldBe((PaneStateValues.Frozen, 6, "A7"));
    }

    [Fact]
    public void Every_grid_cell_has_a_border_and_its_alignment()
    {
        var sheet = Sheet("公开02");
        foreach (var row in sheet.Descendants<Row>().Where(r => r.RowIndex! >= 4u))
        {
            // Cells that a merged one covers included.
            row.Elements<Cell>().Count().ShouldBe(4);
            row.Elements<Cell>().ShouldAllBe(cell => Format(cell).BorderId!.Value == 1u);
        }

        Format(CellAt(sheet, "C9")).Alignment!.Horizontal!.Value.ShouldBe(HorizontalAlignmentValues.Right);
        Format(CellAt(sheet, "B9")).Alignment!.Indent!.Value.ShouldBe(2u);
        Format(CellAt(sheet, "A6")).Alignment!.Horizontal!.Value.ShouldBe(HorizontalAlignmentValues.Center);
    }

    [Fact]
    public void A_sheet_name_is_cut_cleaned_and_unique()
    {
        var table = SampleDisclosure.Document().Tables.First();
        var titles = new[] { new string('甲', 40), new string('甲', 40), "a/b\\c?d*e[f]:'", "A/B\\C?D*E[F]:'", "" };
        using var file = Open(SampleDisclosure.Document() with { Parts = [new TablesPart("", [.. titles.Select(t => table with { Title = t })])] });
        file.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Select(s => s.Name!.Value).ShouldBe(
        [
            "公开01 " + new string('甲', 26), "公开01 " + new string('甲', 24) + "~2", "公开01 a_b_c_d_e_f__", "公开01 A_B_C_D_E_F__~2", "公开01",
        ]);
    }

    [Fact]
    public void An_apostrophe_in_a_sheet_name_is_doubled_where_it_is_quoted()
    {
        var table = SampleDisclosure.Document().Tables.First() with { Title = "甲'乙" };
        using var file = Open(SampleDisclosure.Document() with { Parts = [new TablesPart("", [table])] });
        file.WorkbookPart!.Workbook.DefinedNames!.Elements<DefinedName>().First().Text.ShouldStartWith("'公开01 甲''乙'!");
    }

    [Fact]
    public void A_document_without_tables_is_refused() =>
        Should.Throw<ArgumentException>(() => XlsxWriter.Write(SampleDisclosure.Document() with { Parts = [] }));
}
