using System.Globalization;
using FinalAccounts.Reporting;

namespace FinalAccounts.UnitTests.Documents;

/// <summary>
/// A made-up department's disclosure with every kind of table and text that a form can have: two sides, codes with indented names,
/// three blocks side by side, a header of three levels, an empty table, numbers and drafts in sentences.
/// </summary>
internal static class SampleDisclosure
{
    public const string Unit = "示例市示例局";

    // The writers do not look at what a figure is computed from.
    private static readonly FigureQuery NoQuery = new SumQuery("", []);

    public static DisclosureDocument Document() => With(Unit, "公务接待费");

    /// <summary>The same document with a unit's and an item's name that may be anything.</summary>
    public static DisclosureDocument With(string unit, string item)
    {
        var tables = new[] { TwoSided(unit), ByCode(unit, item), ThreeBlocks(unit), ThreeLevels(unit), Empty(unit) };
        var narrative = Narrative(unit);
        return new(
            new(unit, 2031, "示例省示例市", $"2031年度{unit}部门决算"),
            [
                new TextPart("第一部分 部门概况", "overview", [new("一、部门职责", 1, "（一）起草规范。\n（二）承办其他工作。", [], [])]),
                new TablesPart("第二部分 部门决算表", tables),
                new TextPart("第三部分 部门决算情况说明", "narrative", narrative),
                new GlossaryPart("第四部分 名词解释", [new("财政拨款收入", "指财政当年拨付的资金。"), new("基本支出", "指为保障机构正常运转的支出。")]),
                new AttachmentsPart("第五部分 附件", []),
            ],
            [
                .. tables.SelectMany(Amounts),
                Ratio("说明/一/增加的百分比", "收入总计增加的百分比", 33_33, 100_00, "33.33"),
                Money("说明/一/收入总计", "收入总计", 1234_56, "0.12"),
                new("说明/二/车辆", "车辆数", "辆", FinalAccounts.Reporting.Ratio.Whole(3), "3", "整数", NoQuery),
            ]);
    }

    /// <summary>The same document with one more block, whose heading has a number: the 3 of its vehicles.</summary>
    public static DisclosureDocument WithNumberInHeading()
    {
        var document = Document();
        TextBlock block = new("①车辆3辆", 3, "都在用。", [], []) { HeadingFigures = [new(new(3, 1), "说明/三/车辆")] };
        return document with
        {
            Parts = [.. document.Parts.Select(p => p is TextPart { Key: "narrative" } text ? text with { Blocks = [.. text.Blocks, block] } : p)],
            Figures = [.. document.Figures, document.Figures[^1] with { Address = "说明/三/车辆" }],
        };
    }

    /// <summary>公开01: two sides, 行次, a row without a name, blank and zero cells.</summary>
    private static DisclosureTable TwoSided(string unit)
    {
        const string id = "公开01";
        (string Side, string? Name, int Line, long? Hundredths)[] rows =
        [
            ("收入", "一、财政拨款收入", 1, 12_34), ("收入", null, 2, null), ("收入", "总计", 3, 12_34),
            ("支出", "一、一般公共服务支出", 4, 12_33), ("支出", "二、外交支出", 5, 0), ("支出", "总计", 6, 12_34),
        ];
        LayoutCell[] Side(int index)
        {
            var (side, name, line, hundredths) = rows[index];
            return
            [
                name == "总计" ? new(name, LayoutCellKind.Total) : new(name ?? "", LayoutCellKind.Name),
                new(line.ToString(CultureInfo.InvariantCulture), LayoutCellKind.Line),
                Amount(hundredths, $"{id}/{side}/{line}"),
            ];
        }

        return new(
            id, id + "表", "收入支出决算总表", unit, "万元", false, ["金额"],
            [.. rows.Select(r => new TableRow(r.Side, null, r.Name, r.Line, [Cell("金额", r.Hundredths, $"{id}/{r.Side}/{r.Line}")]))],
            ["注：本表反映总收支情况。"],
            new(
                Landscape: false, [30, 6, 14, 30, 6, 14],
                [
                    [Head("收入", 3), Head("支出", 3)],
                    [Head("项目"), Head("行次"), Head("金额"), Head("项目"), Head("行次"), Head("金额")],
                    [Head("栏次"), Head(""), Head("1"), Head("栏次"), Head(""), Head("2")],
                ],
                [[.. Side(0), .. Side(3)], [.. Side(1), .. Side(4)], [.. Side(2), .. Side(5)]]));
    }

    /// <summary>公开02: codes, names indented by level, a header over two rows. Landscape.</summary>
    private static DisclosureTable ByCode(string unit, string item)
    {
        const string id = "公开02";
        (string? Code, string Name, int Indent, long Hundredths)[] rows =
        [
            (null, "合计", 0, 12_34), ("201", "一般公共服务支出", 0, 12_34), ("20101", "一般事务", 1, 12_34), ("2010101", item, 2, -12_34),
        ];
        string[] columns = ["本年支出/小计", "本年支出/基本支出"];
        return new(
            id, id + "表", "支出决算表", unit, "万元", false, columns,
            [
                .. rows.Select(r => new TableRow(null, r.Code, r.Name, null,
                [
                    Cell(columns[0], r.Hundredths, $"{id}/{r.Code}/小计"), Cell(columns[1], null, $"{id}/{r.Code}/基本支出"),
                ])),
            ],
            [],
            new(
                Landscape: true, [12, 40, 24, 24],
                [
                    [Head("项目", 2), Head("本年支出", 2)],
                    [Head("科目代码"), Head("科目名称"), Head("小计"), Head("基本支出")],
                ],
                [
                    .. rows.Select(r => (IReadOnlyList<LayoutCell>)
                    [
                        .. r.Code is null
                            ? (LayoutCell[])[new(r.Name, LayoutCellKind.Total, ColumnSpan: 2)]
                            : [new(r.Code, LayoutCellKind.Code), new(r.Name, LayoutCellKind.Name, Indent: r.Indent)],
                        Amount(r.Hundredths, $"{id}/{r.Code}/小计"), Amount(null, $"{id}/{r.Code}/基本支出"),
                    ]),
                ]));
    }

    /// <summary>公开06: three groups of columns side by side, the shorter ones filled up with blank cells.</summary>
    private static DisclosureTable ThreeBlocks(string unit)
    {
        const string id = "公开06";
        (string Code, string Name, long Hundredths)[] items =
        [
            ("301", "工资福利支出", 5_00), ("30101", "基本工资", 5_00), ("302", "商品和服务支出", 7_34), ("30201", "办公费", 7_34),
            ("310", "资本性支出", 0),
        ];
        LayoutCell[] Item(int index) => index < items.Length
            ? [new(items[index].Code, LayoutCellKind.Code), new(items[index].Name, LayoutCellKind.Name, Indent: items[index].Code.Length / 5),
                Amount(items[index].Hundredths, $"{id}/{items[index].Code}/决算数")]
            : [new("", LayoutCellKind.Code), new("", LayoutCellKind.Name), new("", LayoutCellKind.Amount)];
        LayoutCell[] block = [Head("科目代码"), Head("科目名称"), Head("决算数")];
        return new(
            id, id + "表", "基本支出决算明细表", unit, "万元", false, ["决算数"],
            [.. items.Select(i => new TableRow(null, i.Code, i.Name, null, [Cell("决算数", i.Hundredths, $"{id}/{i.Code}/决算数")]))],
            ["注：一。", "注：二。"],
            new(
                Landscape: false, [7, 18, 9, 7, 18, 9, 7, 18, 9],
                [[Head("人员经费", 3), Head("公用经费", 6)], [.. block, .. block, .. block]],
                [[.. Item(0), .. Item(2), .. Item(4)], [.. Item(1), .. Item(3), .. Item(5)]]));
    }

    /// <summary>公开09: a header of three levels with cells over rows and over columns, a row without name or code.</summary>
    private static DisclosureTable ThreeLevels(string unit)
    {
        const string id = "公开09";
        string[] columns = ["预算数/合计", "预算数/车辆费/小计", "预算数/车辆费/购置费", "决算数/合计", "决算数/车辆费/小计", "决算数/车辆费/购置费"];
        long?[] values = [1_51, 100_000_000_00, null, 1_51, 0, -1];
        return new(
            id, id + "表", "财政拨款“三公”经费支出决算表", unit, "万元", false, columns,
            [new(null, null, null, null, [.. columns.Select((c, i) => Cell(c, values[i], $"{id}/{c}"))])],
            [],
            new(
                Landscape: true, [1, 1, 1, 1, 1, 1],
                [
                    [Head("预算数", 3), Head("决算数", 3)],
                    [Head("合计", 1, 2), Head("车辆费", 2), Head("合计", 1, 2), Head("车辆费", 2)],
                    [Head("小计"), Head("购置费"), Head("小计"), Head("购置费")],
                ],
                [[.. columns.Select((c, i) => Amount(values[i], $"{id}/{c}"))]]));
    }

    /// <summary>公开07: 空表.</summary>
    private static DisclosureTable Empty(string unit)
    {
        const string id = "公开07";
        return new(
            id, id + "表", "政府性基金预算财政拨款收入支出决算表", unit, "万元", true, ["本年收入"],
            [new(null, null, "合计", null, [Cell("本年收入", 0, $"{id}/合计/本年收入")])],
            ["注：本表无数据。"],
            new(
                Landscape: false, [1, 1], [[Head("项目"), Head("本年收入")]],
                [[new("合计", LayoutCellKind.Total), Amount(0, $"{id}/合计/本年收入")]]));
    }

    private static TextBlock[] Narrative(string unit)
    {
        const string text = "收入总计0.12万元，增加33.33%。\n主要原因是年中追加人员经费。";
        const string vehicles = "共有车辆3辆。";
        return
        [
            new(
                "一、收入支出决算总体情况说明", 1, text,
                [
                    new(new(text.IndexOf("0.12", StringComparison.Ordinal), 4), "说明/一/收入总计"),
                    new(new(text.IndexOf("33.33", StringComparison.Ordinal), 5), "说明/一/增加的百分比"),
                ],
                [new(text.IndexOf("主要原因", StringComparison.Ordinal), "主要原因是年中追加人员经费。".Length)]),
            new("二、国有资产占用情况说明", 1, "", [], []),
            new("（一）车辆", 2, vehicles, [new(new(vehicles.IndexOf('3'), 1), "说明/二/车辆")], []),
            new("1.其他", 3, $"{unit}没有其他情况。", [], []),
        ];
    }

    private static LayoutCell Head(string text, int columns = 1, int rows = 1) => new(text, LayoutCellKind.Header, columns, rows);

    private static LayoutCell Amount(long? hundredths, string address) =>
        new(Printed(hundredths) ?? "", LayoutCellKind.Amount, Printed: hundredths, Address: address);

    private static TableCell Cell(string column, long? hundredths, string address) => new(column, Printed(hundredths), address);

    private static IEnumerable<Figure> Amounts(DisclosureTable table) =>
        from row in table.Rows
        from cell in row.Cells
        select Money(
            cell.Address!, $"{row.Name}{cell.Column}",
            cell.Text is null ? 0 : long.Parse(cell.Text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 10_000,
            cell.Text);

    private static Figure Money(string address, string name, long fen, string? printed) =>
        new(address, name, "万元", FinalAccounts.Reporting.Ratio.Whole(fen), printed, "四舍五入到0.01万元", NoQuery);

    private static Figure Ratio(string address, string name, long numerator, long denominator, string printed) =>
        new(address, name, "%", new(numerator, denominator), printed, "四舍五入到0.01%", NoQuery);

    /// <summary>Hundredths as the page shows them; null for a blank cell.</summary>
    private static string? Printed(long? hundredths) => hundredths is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{Math.Abs(value) / 100}.{Math.Abs(value) % 100:00}")
        : null;
}
