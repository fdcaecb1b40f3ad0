using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using FinalAccounts.Import;
using YamlDotNet.RepresentationModel;

namespace FinalAccounts.UnitTests.Import;

/// <summary>The sample's books as one workbook with a sheet each, the way a spreadsheet program saves them: numbers as numbers, dates as dates.</summary>
internal static class SampleWorkbook
{
    private static readonly string[] NumberColumns = ["金额(元)", "上年数(元)", "数值", "人数", "功能科目", "经济科目", "分值", "得分"];

    /// <summary>The sheets of the sample, by their Chinese names: rows of cells.</summary>
    public static Dictionary<string, List<string[]>> Sheets()
    {
        var sheets = new Dictionary<string, List<string[]>>();
        foreach (var format in BookFormats.All.Where(f => f.Extension == "csv"))
        {
            var path = Path.Combine(RepositoryFiles.Sample("yiyang-2024"), format.FileName);
            if (File.Exists(path))
            {
                sheets[format.SheetName] = [.. File.ReadLines(path).Select(line => line.Split(','))];
            }
        }

        sheets["单位"] = [["栏目", "内容"], .. Pairs((YamlMappingNode)Load("department.yaml"))];
        sheets["原因说明"] = [["对象", "说明", "作者"], .. ((YamlSequenceNode)Load("explanations.yaml")).Select(item =>
            new[] { Scalar(item, "对象"), Scalar(item, "说明"), Scalar(item, "作者") })];

        var whole = (YamlMappingNode)Load("performance.yaml")["整体支出"];
        sheets["绩效"] = [["项目", "栏目", "内容"], .. Pairs(whole).Where(p => p[0] != "指标").Select(p => new[] { "", p[0], p[1] })];
        string[] columns = ["一级指标", "二级指标", "三级指标", "目标值", "单位", "分值", "完成值", "得分"];
        sheets["绩效指标"] = [columns, .. ((YamlSequenceNode)whole["指标"]).Select(item => columns.Select(c => Scalar(item, c)).ToArray())];
        return sheets;
    }

    /// <param name="change">Called with each cell, its sheet, row from 1 and column's heading.</param>
    /// <param name="rowNumber">The number that a row of a sheet gets; by default they are numbered without gaps.</param>
    public static void Write(string path, Dictionary<string, List<string[]>> sheets, Action<Cell, string, int, string>? change = null, Func<string, int, int>? rowNumber = null)
    {
        using var document = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook);
        var workbook = document.AddWorkbookPart();
        workbook.Workbook = new(new Sheets());
        var styles = workbook.AddNewPart<WorkbookStylesPart>();
        styles.Stylesheet = new(
            new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()),
            new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 14, ApplyNumberFormat = true }));

        var id = 1u;
        foreach (var (name, rows) in sheets)
        {
            var part = workbook.AddNewPart<WorksheetPart>();
            part.Worksheet = new(new SheetData(rows.Select((cells, r) => new Row(cells.Select((text, c) =>
            {
                var cell = r == 0 ? Text(text) : Typed(text, rows[0].ElementAtOrDefault(c) ?? "");
                cell.CellReference = $"{(char)('A' + c)}{r + 1}";
                change?.Invoke(cell, name, r + 1, rows[0].ElementAtOrDefault(c) ?? "");
                return cell;
            }))
            { RowIndex = (uint)(rowNumber?.Invoke(name, r + 1) ?? r + 1) })));
            workbook.Workbook.Sheets!.Append(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = id++, Name = name });
        }
    }

    private static Cell Typed(string text, string column)
    {
        if (NumberColumns.Contains(column) && double.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            return new() { CellValue = new(text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text), DataType = CellValues.Number };
        }

        return column == "日期" && DateTime.TryParse(text, CultureInfo.InvariantCulture, out var date)
            ? new() { CellValue = new(date.ToOADate().ToString(CultureInfo.InvariantCulture)), StyleIndex = 1 }
            : Text(text);
    }

    private static Cell Text(string text) => new() { DataType = CellValues.InlineString, InlineString = new(new Text(text)) };

    private static YamlNode Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(RepositoryFiles.Sample("yiyang-2024"), file))));
        return stream.Documents[0].RootNode;
    }

    private static IEnumerable<string[]> Pairs(YamlMappingNode map) => map.Children.SelectMany(pair => pair.Value switch
    {
        YamlSequenceNode list => list.OfType<YamlScalarNode>().Select(item => new[] { ((YamlScalarNode)pair.Key).Value!, item.Value! }),
        _ => [[((YamlScalarNode)pair.Key).Value!, ((YamlScalarNode)pair.Value).Value!]],
    });

    private static string Scalar(YamlNode item, string key) =>
        ((YamlMappingNode)item).Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value! : "";
}
