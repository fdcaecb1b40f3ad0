using System.IO.Compression;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using FinalAccounts.Documents;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Documents;

public class OfficeFilesTest
{
    public static TheoryData<string, string> Names => new()
    {
        { SampleDisclosure.Unit, "公务接待费" },
        { "=1+1\"'<&>", "@SUM(A1)\\f" },
        { "-甲\u0000\u000b\ud800\r\n\t", "+乙]]>" },
        { new string('长', 300), new string('w', 300) },
    };

    [Theory, MemberData(nameof(Names))]
    public void The_Word_document_is_valid(string unit, string item)
    {
        using var file = WordprocessingDocument.Open(new MemoryStream(DocxWriter.Write(SampleDisclosure.With(unit, item))), isEditable: false);
        Errors(file).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void The_workbook_is_valid(string unit, string item)
    {
        using var file = SpreadsheetDocument.Open(new MemoryStream(XlsxWriter.Write(SampleDisclosure.With(unit, item))), isEditable: false);
        Errors(file).ShouldBeEmpty();
    }

    [Fact]
    public void Archives_hold_no_date_and_every_entry_can_be_read()
    {
        foreach (var bytes in new[] { DocxWriter.Write(SampleDisclosure.Document()), XlsxWriter.Write(SampleDisclosure.Document()) })
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            archive.Entries[0].FullName.ShouldBe("[Content_Types].xml");
            foreach (var entry in archive.Entries)
            {
                entry.LastWriteTime.DateTime.ShouldBe(new DateTime(1980, 1, 1));
                using var content = entry.Open();
                var copy = new MemoryStream();
                content.CopyTo(copy);
                copy.Length.ShouldBe(entry.Length);
            }
        }
    }

    private static IEnumerable<string> Errors(OpenXmlPackage file) =>
        new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Microsoft365).Validate(file)
            .Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}");
}
