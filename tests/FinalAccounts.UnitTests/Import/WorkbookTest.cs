using System.IO.Compression;
using DocumentFormat.OpenXml.Spreadsheet;
using FinalAccounts.Import;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

public sealed class WorkbookTest : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.xlsx");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_workbook_with_a_sheet_each_gives_the_same_books_as_the_folder()
    {
        SampleWorkbook.Write(path, SampleWorkbook.Sheets());

        var result = Read();

        result.Errors.Listed.ShouldBeEmpty();
        BooksCopy.Encoded(result.Books!).ShouldBe(BooksCopy.Encoded(BooksReader.Read(RepositoryFiles.Sample("yiyang-2024"), BooksCopy.Standards).Books!));
    }

    [Fact]
    public void A_broken_cell_is_reported_with_its_sheet_and_row()
    {
        var sheets = SampleWorkbook.Sheets();
        sheets["支出"][6][4] = "30198";
        SampleWorkbook.Write(path, sheets);

        var error = Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.File, error.Line, error.Column, error.Value)
            .ShouldBe(("I-code-unknown", $"{Path.GetFileName(path)}/支出", 7, "经济科目", "30198"));
    }

    /// <summary>A binary fraction that prints as 0.30000000000000004 in 17 digits is 0.3 in the 15 that a spreadsheet shows.</summary>
    [Theory]
    [InlineData("0.30000000000000004", null)]
    [InlineData("999999999999.99", null)]
    [InlineData("1E+15", "I-amount-too-large")]
    [InlineData("1E+300", "I-not-a-number")]
    [InlineData("0.005", "I-too-many-decimals")]
    public void Numbers_are_taken_as_a_spreadsheet_shows_them(string number, string? rule)
    {
        SampleWorkbook.Write(path, SampleWorkbook.Sheets(), (cell, sheet, row, column) =>
        {
            if (sheet == "上年数" && row == 2 && column == "上年数(元)")
            {
                cell.CellValue = new(number);
            }
        });

        Read().Errors.Listed.Select(e => e.RuleId).ShouldBe(rule == null ? [] : [rule]);
    }

    /// <summary>Rows that were never touched are not in the file at all; they count all the same.</summary>
    [Fact]
    public void Rows_are_counted_as_the_spreadsheet_numbers_them()
    {
        var sheets = SampleWorkbook.Sheets();
        sheets["上年数"][3][1] = "不详";
        SampleWorkbook.Write(path, sheets, (cell, sheet, row, column) =>
        {
            // The fourth row of the sheet moves down to row 20.
            if (sheet == "上年数" && row >= 4)
            {
                cell.CellReference = $"{cell.CellReference!.Value![..1]}{row + 16}";
            }
        }, (sheet, row) => sheet == "上年数" && row >= 4 ? row + 16 : row);

        var error = Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.Line, error.Value).ShouldBe(("I-not-a-number", 20, "不详"));
    }

    [Fact]
    public void A_formula_is_refused_although_the_file_holds_a_value_for_it()
    {
        SampleWorkbook.Write(path, SampleWorkbook.Sheets(), (cell, sheet, row, column) =>
        {
            if (sheet == "收入" && row == 3 && column == "金额(元)")
            {
                cell.CellFormula = new("1+1");
            }
        });

        var error = Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.File, error.Line, error.Column).ShouldBe(("I-workbook-formula", $"{Path.GetFileName(path)}/收入", 3, "G3"));
    }

    [Fact]
    public void An_error_value_is_refused()
    {
        SampleWorkbook.Write(path, SampleWorkbook.Sheets(), (cell, sheet, row, column) =>
        {
            if (sheet == "收入" && row == 3 && column == "金额(元)")
            {
                (cell.DataType, cell.CellValue) = (CellValues.Error, new("#REF!"));
            }
        });

        var error = Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.Line, error.Column).ShouldBe(("I-workbook-error-value", 3, "G3"));
    }

    [Fact]
    public void A_sheet_under_a_wrong_name_is_not_lost_in_silence_but_an_empty_one_is_no_matter()
    {
        var sheets = SampleWorkbook.Sheets();
        sheets["Sheet1"] = [];
        sheets["统计表"] = sheets["统计"];
        sheets.Remove("统计");
        SampleWorkbook.Write(path, sheets);

        var error = Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.File).ShouldBe(("I-file-unknown", $"{Path.GetFileName(path)}/统计表"));
    }

    [Fact]
    public void A_sheet_that_must_be_there_is_missed()
    {
        var sheets = SampleWorkbook.Sheets();
        sheets.Remove("支出");
        SampleWorkbook.Write(path, sheets);

        var error = Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.Arguments[1]).ShouldBe(("I-file-missing", "支出"));
    }

    [Fact]
    public void A_zip_that_is_no_workbook_is_refused()
    {
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            zip.CreateEntry("budget.csv");
        }

        Read().Errors.Listed.ShouldHaveSingleItem().RuleId.ShouldBe("I-workbook-broken");
    }

    [Theory]
    [InlineData("not a workbook at all")]
    [InlineData("PK\u0003\u0004 but cut off")]
    [InlineData("\u00D0\u00CF\u0011\u00E0 an old .xls or an encrypted file")]
    public void Other_bytes_under_the_name_of_a_workbook_are_refused(string content)
    {
        File.WriteAllText(path, content, System.Text.Encoding.Latin1);

        Read().Errors.Listed.ShouldHaveSingleItem().RuleId.ShouldBe("I-workbook-broken");
    }

    /// <summary>Whatever is cut off or overwritten, there is an answer: books or errors, never an exception.</summary>
    [Fact]
    public void A_damaged_workbook_never_ends_in_an_exception()
    {
        SampleWorkbook.Write(path, SampleWorkbook.Sheets());
        var whole = File.ReadAllBytes(path);
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var damaged = whole[..(i % 2 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var j = 0; j < 20 && damaged.Length > 0; j++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, damaged);
            var result = Read();
            (result.Books == null).ShouldBe(result.Errors.Any);
        }
    }

    /// <summary>The size that a ZIP's directory claims is not believed: what comes out is counted.</summary>
    [Fact]
    public void A_workbook_that_unpacks_to_too_much_is_refused()
    {
        SampleWorkbook.Write(path, SampleWorkbook.Sheets());
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            using var part = zip.CreateEntry("xl/media/zeros.bin", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1024 * 1024];
            for (var written = 0L; written <= ImportLimits.UnpackedBytes; written += zeros.Length)
            {
                part.Write(zeros);
            }
        }

        Read().Errors.Listed.ShouldHaveSingleItem().RuleId.ShouldBe("I-workbook-too-large");
    }

    private ReadResult Read() => BooksReader.Read(path, BooksCopy.Standards);
}
