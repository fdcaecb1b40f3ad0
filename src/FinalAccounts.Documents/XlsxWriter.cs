using System.Globalization;
using DocumentFormat.OpenXml.Spreadsheet;
using FinalAccounts.Documents.Packaging;
using FinalAccounts.Documents.Xlsx;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents;

/// <summary>Writes disclosure.xlsx: a sheet for each table and each form, its amounts as numbers, ready to be printed on A4.</summary>
public static class XlsxWriter
{
    private const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    /// <summary>The tables and forms as SpreadsheetML; the same document gives the same bytes.</summary>
    /// <exception cref="ArgumentException">The document has neither table nor form, or a layout does not hold together.</exception>
    public static byte[] Write(DisclosureDocument document)
    {
        List<SheetContent> contents = [.. document.Tables.Select(SheetContent.Of), .. document.Forms.Select(SheetContent.Of)];
        // A workbook without a sheet is not a workbook.
        if (contents.Count == 0)
            throw new ArgumentException("The document has no table.", nameof(document));

        var styles = new XlsxStyles();
        var names = SheetTitles.Of(contents.Select(c => (c.Number, c.Title)));
        var sheets = contents.Select(content => new XlsxSheet(content, styles)).ToList();
        var sheetParts = sheets.Select((sheet, index) =>
            new OpcPart(SheetPath(index, "xl/"), Types + "worksheet+xml", sheet.Write(isFirst: index == 0)));
        List<OpcPart> parts =
        [
            new OpcPart(
                "xl/workbook.xml", Types + "sheet.main+xml", Workbook(sheets, names),
                [
                    .. sheets.Select((_, index) => new OpcRelationship(SheetId(index), Relations + "worksheet", SheetPath(index, ""))),
                    new OpcRelationship("rIdStyles", Relations + "styles", "styles.xml"),
                ]),
            .. sheetParts,
        ];
        // Last, because the sheets say which formats they need.
        parts.Add(new OpcPart("xl/styles.xml", Types + "styles+xml", styles.Write()));
        parts.Add(DocumentProperties.Of(document.Unit));
        return OpcPackage.Write(
            [
                new("rId1", Relations + "officeDocument", "xl/workbook.xml"),
                new("rId2", DocumentProperties.RelationshipType, DocumentProperties.Path),
            ],
            parts);
    }

    private static Workbook Workbook(IReadOnlyList<XlsxSheet> sheets, IReadOnlyList<string> names)
    {
        var list = new Sheets();
        var defined = new DefinedNames();
        for (var i = 0; i < sheets.Count; i++)
        {
            list.Append(new Sheet { Name = names[i], SheetId = (uint)i + 1, Id = SheetId(i) });
            var quoted = $"'{names[i].Replace("'", "''", StringComparison.Ordinal)}'!";
            defined.Append(
                new DefinedName(quoted + sheets[i].PrintArea) { Name = "_xlnm.Print_Area", LocalSheetId = (uint)i },
                new DefinedName(quoted + sheets[i].PrintTitles) { Name = "_xlnm.Print_Titles", LocalSheetId = (uint)i });
        }

        return new Workbook(new BookViews(new WorkbookView { ActiveTab = 0 }), list, defined);
    }

    private static string SheetId(int index) => string.Create(CultureInfo.InvariantCulture, $"rId{index + 1}");

    private static string SheetPath(int index, string folder) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}worksheets/sheet{index + 1}.xml");
}
