using FinalAccounts.Reporting;

namespace FinalAccounts.UnitTests.Documents;

/// <summary>A made-up document that consists of forms: one with every kind of section, and a part with two forms of passages.</summary>
internal static class SampleForms
{
    public const string Long = "一是严格财务预算，坚持开支按预算控制。";

    private static readonly FigureQuery NoQuery = new SumQuery("", []);

    public static DisclosureDocument Document() => new(
        new("示例中心", 2031, "示例省示例市", "2031年度示例中心自评报告"),
        [
            new FormsPart("附件2 基础数据表", "baseData", [BaseData()]),
            new FormsPart("附件4 自评报告", "projectReport", [Report("附件4/甲", "甲项目"), Report("附件4/乙", "乙项目")]),
        ],
        [
            Count("附件2/人员/编制数", "25", 25), Count("附件2/人员/在职人数", "21", 21),
            Money("附件2/基本支出/决算数", "251.72"), Money("附件2/公用经费/决算数", "3"), Money("附件2/购置费/决算数", null),
            Money("附件4/甲/预算", "8.57"), Money("附件4/乙/预算", "8.57"),
        ]);

    public static LabelledForm BaseData()
    {
        FormText approved = Number("25", "附件2/人员/编制数");
        FormText present = new("21人", [new(new(0, 2), "附件2/人员/在职人数")], []);
        FormText measures = new($"{Long}\n\n二是节约用水。", [], []);
        return new(
            "附件2", "附件2", "基础数据表",
            [
                new FormFields("staff", "人员情况", false, ["编制数", "在职人数"], [[approved, present]]),
                new FormLines(null, "经费情况（万元）", "万元", ["决算数"],
                [
                    new("一、基本支出", 1, [new("决算数", "251.72", "附件2/基本支出/决算数")]),
                    new("其中：公用经费", 2, [new("决算数", "3", "附件2/公用经费/决算数")]),
                    new("购置费", 2, [new("决算数", null, "附件2/购置费/决算数")]),
                ]),
                new FormFields("buildings", "楼堂馆所", true, ["批复规模", "实际规模"], [[FormText.Empty, FormText.Empty]]),
                new FormPassage("savings", null, "节约措施", measures),
            ],
            ["说明：一。"], "填表人：   填报日期：2031.6.6",
            new(false, [30, 35, 35], [],
            [
                [Label("人员情况", rows: 2), Label("编制数"), Label("在职人数")],
                [Value(approved), Value(present)],
                [Label("经费情况（万元）"), Label("决算数", columns: 2)],
                [Name("一、基本支出", 0), Amount("251.72", 251_72, "附件2/基本支出/决算数")],
                [Name("其中：公用经费", 1), Amount("3", 3_00, "附件2/公用经费/决算数")],
                [Name("购置费", 1), Amount("", null, "附件2/购置费/决算数")],
                [Label("楼堂馆所", rows: 2), Label("批复规模"), Label("实际规模")],
                [Value(FormText.Empty), Value(FormText.Empty)],
                [Label("节约措施"), Passage(measures, 2)],
            ]));
    }

    public static LabelledForm Report(string id, string project)
    {
        FormText name = new(project, [], []);
        FormText budget = new("8.57万元", [new(new(0, 4), id + "/预算")], []);
        FormText use = new("〔未填报〕", [], [new(0, 5)]);
        return new(
            id, "附件4", $"{project}自评报告",
            [
                new FormPassage(null, "概况", "项目名称", name), new FormPassage(null, "概况", "预算", budget), new FormPassage(null, "绩效", "使用情况", use),
            ],
            [], null,
            new(false, [10, 20, 70], [],
            [
                [Label("概况", rows: 2), Label("项目名称"), Passage(name, 1)],
                [Label("预算"), Passage(budget, 1)],
                [Label("绩效"), Label("使用情况"), Passage(use, 1)],
            ]));
    }

    private static FormText Number(string printed, string address) => new(printed, [new(new(0, printed.Length), address)], []);

    private static LayoutCell Label(string text, int columns = 1, int rows = 1) => new(text, LayoutCellKind.Label, columns, rows);

    private static LayoutCell Name(string text, int indent) => new(text, LayoutCellKind.Name, Indent: indent);

    private static LayoutCell Amount(string text, long? hundredths, string address) =>
        new(text, LayoutCellKind.Amount, ColumnSpan: 2, Printed: hundredths, Address: address);

    private static LayoutCell Value(FormText text) => new(text.Text, LayoutCellKind.Value, Figures: text.Figures, Drafts: text.Drafts);

    private static LayoutCell Passage(FormText text, int columns) =>
        new(text.Text, LayoutCellKind.Text, columns, Figures: text.Figures, Drafts: text.Drafts);

    private static Figure Count(string address, string printed, long value) =>
        new(address, address, "人", Ratio.Whole(value), printed, "整数", NoQuery);

    private static Figure Money(string address, string? printed) =>
        new(address, address, "万元", Ratio.Whole(0), printed, "四舍五入到0.01万元，不印末尾的零", NoQuery);
}
