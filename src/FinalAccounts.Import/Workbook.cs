using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace FinalAccounts.Import;

/// <summary>
/// Reads the lists from an .xlsx workbook, a sheet each. Only values are read. A cell with a formula is an error: what the
/// file holds for it is what some program last computed, which may be stale, or put there by hand to differ from the formula.
/// </summary>
internal static class Workbook
{
    static Workbook()
    {
        // ExcelDataReader names code page 1252 when it is set up, though an .xlsx never needs it.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
    }

    /// <summary>The lists that were found; what could not be read is an error.</summary>
    public static IReadOnlyList<Table> Read(byte[] bytes, string file, ImportErrors errors)
    {
        var before = errors.Count;
        try
        {
            CheckParts(bytes, file, errors);
            return errors.Count > before ? [] : ReadSheets(bytes, file, errors);
        }
        catch (Exception e) when (IsDamage(e))
        {
            errors.Add(ImportRule.WorkbookBroken, file);
            return [];
        }
    }

    internal static IExcelDataReader Open(byte[] bytes) => ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(bytes));

    /// <summary>The reader meets a damaged workbook with any of these.</summary>
    internal static bool IsDamage(Exception e) => e is InvalidDataException or ExcelReaderException or XmlException or FormatException or OverflowException
        or ArgumentException or KeyNotFoundException or NullReferenceException or IndexOutOfRangeException or EndOfStreamException;

    /// <summary>Unpacks every part once, to see that it is a workbook, how large it is, and where formulas and error values stand.</summary>
    private static void CheckParts(byte[] bytes, string file, ImportErrors errors)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        if (archive.GetEntry("[Content_Types].xml") == null || archive.GetEntry("xl/workbook.xml") == null)
        {
            errors.Add(ImportRule.WorkbookBroken, file);
            return;
        }

        // The sizes in a ZIP's directory are only claims, so what really comes out is counted.
        var unpacked = 0L;
        var buffer = new byte[81920];
        foreach (var entry in archive.Entries)
        {
            using var part = entry.Open();
            for (var read = part.Read(buffer); read > 0; read = part.Read(buffer))
            {
                unpacked += read;
                if (unpacked > ImportLimits.UnpackedBytes)
                {
                    errors.Add(ImportRule.WorkbookTooLarge, file, null, null, null, $"{ImportLimits.UnpackedBytes / 1024 / 1024}");
                    return;
                }
            }
        }

        foreach (var (sheet, part) in SheetParts(archive).Where(s => FormatOf(s.Sheet) != null))
        {
            FindFormulas(part, $"{file}/{sheet}", errors);
        }
    }

    private static IEnumerable<(string Sheet, ZipArchiveEntry Part)> SheetParts(ZipArchive archive)
    {
        var targets = new Dictionary<string, string>();
        using (var relations = OpenXml(archive.GetEntry("xl/_rels/workbook.xml.rels")))
        {
            while (relations?.Read() == true)
            {
                if (relations is { NodeType: XmlNodeType.Element, LocalName: "Relationship" })
                {
                    var target = relations.GetAttribute("Target") ?? "";
                    targets[relations.GetAttribute("Id") ?? ""] = target.StartsWith('/') ? target[1..] : $"xl/{target}";
                }
            }
        }

        var sheets = new List<(string, ZipArchiveEntry)>();
        using var workbook = OpenXml(archive.GetEntry("xl/workbook.xml"));
        while (workbook?.Read() == true)
        {
            if (workbook is { NodeType: XmlNodeType.Element, LocalName: "sheet" }
                && workbook.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships") is { } id
                && targets.TryGetValue(id, out var target)
                && archive.GetEntry(target) is { } part)
            {
                sheets.Add((workbook.GetAttribute("name") ?? "", part));
            }
        }

        return sheets;
    }

    private static XmlReader? OpenXml(ZipArchiveEntry? part) =>
        part == null ? null : XmlReader.Create(part.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CloseInput = true });

    private static void FindFormulas(ZipArchiveEntry part, string file, ImportErrors errors)
    {
        using var sheet = OpenXml(part)!;
        var cell = "";
        while (sheet.Read())
        {
            if (sheet is { NodeType: XmlNodeType.Element, LocalName: "c" })
            {
                cell = sheet.GetAttribute("r") ?? "";
                if (sheet.GetAttribute("t") == "e")
                {
                    errors.Add(ImportRule.WorkbookErrorValue, file, LineOf(cell), cell);
                }
            }
            else if (sheet is { NodeType: XmlNodeType.Element, LocalName: "f" })
            {
                errors.Add(ImportRule.WorkbookFormula, file, LineOf(cell), cell);
            }
        }

        static int? LineOf(string cell) =>
            int.TryParse(cell.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), CultureInfo.InvariantCulture, out var row) ? row : null;
    }

    private static List<Table> ReadSheets(byte[] bytes, string file, ImportErrors errors)
    {
        var tables = new List<Table>();
        using var reader = Open(bytes);
        do
        {
            var place = $"{file}/{reader.Name}";
            var format = FormatOf(reader.Name);
            if (format == null)
            {
                if (reader.Read())
                {
                    errors.Add(ImportRule.FileUnknown, place, null, null, null, string.Join("、", BookFormats.All.Select(f => f.SheetName)));
                }
            }
            else if (tables.Any(t => t.Format == format))
            {
                errors.Add(ImportRule.NumberUsedTwice, place, null, null, reader.Name, reader.Name);
            }
            else if (ReadSheet(reader, format, place, errors) is { } table)
            {
                tables.Add(table);
            }
        }
        while (reader.NextResult());

        return tables;
    }

    private static Table? ReadSheet(IExcelDataReader reader, ListFormat format, string place, ImportErrors errors)
    {
        TableBuilder? table = null;
        var line = 0;
        while (reader.Read())
        {
            line++;
            var cells = new string[reader.FieldCount];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = TextOf(reader.GetValue(i));
            }

            if (table != null)
            {
                if (!table.Add(line, cells))
                {
                    return null;
                }
            }
            else if (cells.Any(cell => cell.Length > 0))
            {
                table = TableBuilder.Start(format, place, line, cells, errors);
                if (table == null)
                {
                    return null;
                }
            }
        }

        if (table == null)
        {
            errors.Add(ImportRule.FileEmpty, place);
        }

        return table?.Finish();
    }

    /// <summary>A cell as text: a date as 2024-01-05, a number with the 15 digits that a spreadsheet shows and stores.</summary>
    internal static string TextOf(object? value)
    {
        return value switch
        {
            null => "",
            string text => text,
            DateTime date => date.TimeOfDay == TimeSpan.Zero
                ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),

            // A spreadsheet stores amounts as binary fractions. 15 digits give back what was typed, for amounts far beyond
            // the limit of an input; from here on it is text, and then a whole number of fen.
            double number => Math.Abs(number) < 1e27
                ? ((decimal)number).ToString("0.###############", CultureInfo.InvariantCulture)
                : number.ToString("R", CultureInfo.InvariantCulture),
            var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
        };
    }

    private static ListFormat? FormatOf(string sheet) =>
        BookFormats.All.FirstOrDefault(f => f.SheetName == sheet.Trim() || string.Equals(f.Name, sheet.Trim(), StringComparison.OrdinalIgnoreCase));
}
