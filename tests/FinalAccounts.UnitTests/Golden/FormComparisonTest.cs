using System.Text;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Fidelity;
using FinalAccounts.UnitTests.Documents;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>The comparison of forms: made-up ones that are as transcribed, broken in one place at a time.</summary>
public class FormComparisonTest
{
    private const string Unit = """ "unit": {"name": "示例中心", "year": 2031, "region": "示例省示例市", "title": "2031年度示例中心自评报告"} """;

    /// <summary>SampleForms' base data: title, 2 of the staff, 2 printed amounts, the measures, note and signature make 8 fields.</summary>
    private const string BaseData = $$"""
        "baseData": {
          "attachment": "附件2", "title": "基础数据表",
          "staff": {"label": "人员情况", "编制数": "25", "在职人数": "21人"},
          "unitOfAmount": "万元", "label": "经费情况（万元）", "columns": ["决算数"],
          "rows": [
            {"name": "一、基本支出", "level": 1, "cells": {"决算数": "251.72"}, "line": 105},
            {"name": "其中：公用经费", "level": 2, "cells": {"决算数": "3"}, "line": 106},
            {"name": "购置费", "level": 2, "cells": {"决算数": null}, "line": 107}
          ],
          "buildings": {"label": "楼堂\n馆所", "columns": ["批复规模", "实际规模"], "rows": [{"批复规模": null, "实际规模": null}]},
          "savings": {"label": "节约措施", "text": "一是严格财务预算，坚持开支按预算控制。\n二是节约用水。"},
          "note": "说明：一。", "signature": "填表人： 填报日期：2031.6.6", "hierarchyNote": "转录者注"
        }
        """;

    /// <summary>Title, project, department, unit; 3 of the money; 2 goals; 2 × 7 and 1 × 6 of the indicators; 2 of the total: 31 fields.</summary>
    private const string Evaluation = """
        "performance": [{
          "formTitle": "项目支出绩效自评表", "project": "甲项目", "departmentInCharge": "示例局", "implementingUnit": "示例中心", "seq": 1,
          "funds": [
            {"name": "年度资金总额", "年初预算数": "5", "全年执行数": "2.92", "执行率": "58.49%", "ocr": "注"},
            {"name": "其他资金", "年初预算数": null, "全年执行数": null, "执行率": null}
          ],
          "goals": {"expected": "按时完成。", "actual": "已完成。"},
          "indicators": [
            {"level1": "产出指标", "level1Printed": "产出指标（50分）", "level2": "数量指标", "level3": "指标1", "target": "会议", "actual": "5次", "weight": "10", "score": "9", "deviation": null},
            {"level1": "产出指标", "level1Printed": null, "level2": "质量指标", "level3": "指标1", "target": "培训", "actual": "68人次", "weight": "10", "score": "10", "deviation": null,
             "repaired": {"level1": "产出指标", "level2": "数量指标", "why": "标签错位"}},
            {"level1": "效益指标", "level2": "社会效益", "level3": "指标1", "target": "覆盖率", "actual": null, "weight": "5", "score": "5", "deviation": null}
          ],
          "total": {"weight": "100", "score": "98"}
        }]
        """;

    private static readonly TableLayout NoLayout = new(false, [], [], []);

    [Fact]
    public void Forms_as_transcribed_are_equal_in_every_field_that_is_filled_in()
    {
        var result = Compare(BaseData, Base(SampleForms.BaseData()));
        result.IsExplained.ShouldBeTrue();
        result.Tallies[Matter.Performance].ShouldBe(new Tally(8, 8, 0));

        result = Compare(Evaluation, Evaluations(Form()));
        result.IsExplained.ShouldBeTrue();
        result.Tallies[Matter.Performance].ShouldBe(new Tally(31, 31, 0));
    }

    [Fact]
    public void A_missing_form_is_found_with_all_its_fields()
    {
        var result = Compare(Evaluation, Evaluations());

        result.Tallies[Matter.Performance].ShouldBe(new Tally(0, 31, 0));
        result.Undeclared.Count().ShouldBe(31);
    }

    [Fact]
    public void A_form_too_many_is_found()
    {
        var result = Compare(Evaluation, Evaluations(Form(), Form() with { Project = "乙项目" }));

        result.Tallies[Matter.Performance].ShouldBe(new Tally(31, 31, 0));
        result.Undeclared.ShouldAllBe(d => d.Where.StartsWith("绩效/乙项目/") && d.Published == null);
        result.Undeclared.Count().ShouldBe(31);
    }

    [Fact]
    public void Changed_filled_in_and_blank_fields_of_a_labelled_form_are_found()
    {
        var form = SampleForms.BaseData();
        var lines = (FormLines)form.Sections[1];
        var changed = form with
        {
            Sections =
            [
                form.Sections[0],
                lines with { Rows = [Put(lines.Rows[0], "251.73"), Put(lines.Rows[1], null), Put(lines.Rows[2], "0")] },
                .. form.Sections.Skip(2),
            ],
        };

        Compare(BaseData, Base(changed)).Undeclared.ShouldBe(
        [
            new(Matter.Performance, "绩效/附件2/经费情况（万元）/一、基本支出/决算数", "251.72", "251.73", null),
            new(Matter.Performance, "绩效/附件2/经费情况（万元）/其中：公用经费/决算数", "3", null, null),
            new(Matter.Performance, "绩效/附件2/经费情况（万元）/购置费/决算数", null, "0", null),
        ]);

        static FormLine Put(FormLine line, string? text) => line with { Cells = [line.Cells[0] with { Text = text }] };
    }

    [Fact]
    public void Another_score_of_an_indicator_is_found()
    {
        var form = Form();

        Compare(Evaluation, Evaluations(form with { Indicators = [form.Indicators[0] with { Score = new("得分", "10", null) }, .. form.Indicators.Skip(1)] }))
            .Undeclared.ShouldHaveSingleItem().ShouldBe(new(Matter.Performance, "绩效/甲项目/指标1/得分", "9", "10", null));
    }

    [Fact]
    public void Other_points_behind_the_name_of_a_level_are_found()
    {
        var form = Form();

        Compare(Evaluation, Evaluations(form with { Indicators = [form.Indicators[0] with { PrintedLevel1 = "产出指标（60分）" }, .. form.Indicators.Skip(1)] }))
            .Undeclared.ShouldHaveSingleItem().ShouldBe(new(Matter.Performance, "绩效/甲项目/指标1/一级指标", "产出指标（50分）", "产出指标（60分）", null));
    }

    [Fact]
    public void A_missing_indicator_does_not_hide_those_behind_it()
    {
        var form = Form();

        var undeclared = Compare(Evaluation, Evaluations(form with { Indicators = [form.Indicators[0], form.Indicators[2]] })).Undeclared.ToList();

        undeclared.Select(d => d.Where).ShouldAllBe(where => where.StartsWith("绩效/甲项目/指标2/"));
        undeclared.Count.ShouldBe(7);
    }

    [Fact]
    public void Of_a_long_text_the_passage_is_found_that_differs_and_can_be_declared()
    {
        const string Published = "一是在全市范围内开展社会保险基金管理检查，二是完成基金预决算会审，三是召开年度会议并布置下一年度的工作任务。";
        var json = Evaluation.Replace("已完成。", Published, StringComparison.Ordinal);
        var document = Evaluations(Form() with { Actual = new(Published.Replace("二是完成", "二是做好", StringComparison.Ordinal), [], []) });

        Compare(json, document).Undeclared.ShouldHaveSingleItem().ShouldBe(
            new(Matter.Performance, "绩效/甲项目/实际完成情况", "理检查，二是完成基金预决算会", "理检查，二是做好基金预决算会", null));

        var declared = Compare(json, document, new DeclaredDifference { Where = "绩效/甲项目/实际完成情况", Published = "二是完成", Computed = "二是做好", Cause = "改写" });
        declared.IsExplained.ShouldBeTrue();
        declared.Tallies[Matter.Performance].ShouldBe(new Tally(30, 31, 0));
    }

    [Fact]
    public void Texts_of_a_report_that_is_a_form_are_compared_with_their_numbers()
    {
        const string Json = """
            "projectReport": {"attachment": "附件4", "title": "甲项目自评报告", "sections": [
              {"group": "概况", "label": "项目名称", "text": "甲项目"}, {"group": "概况", "label": "预算", "text": "8.57万元"}]},
            "numbers": [{"section": "附件4", "sentence": "8.57万元", "quantity": "预算", "value": "8.57", "unit": "万元", "kind": "amount"}]
            """;
        var report = SampleForms.Report("附件4/甲", "甲项目");
        var form = report with { Sections = [.. report.Sections.Take(2)] };

        var equal = Compare(Json, Reports(form));
        equal.IsExplained.ShouldBeTrue();
        (equal.Tallies[Matter.Performance], equal.Tallies[Matter.Number]).ShouldBe((new Tally(3, 3, 0), new Tally(1, 1, 0)));

        var budget = (FormPassage)form.Sections[1];
        var typed = form with { Sections = [form.Sections[0], budget with { Text = budget.Text with { Figures = [] } }] };
        Compare(Json, Reports(typed)).Undeclared.ShouldHaveSingleItem().ShouldBe(new(Matter.Number, "附件/预算/预算", "8.57 万元", null, null));
    }

    private static FidelityResult Compare(string json, DisclosureDocument document, params DeclaredDifference[] declared) =>
        FidelityCheck.Compare(Transcription.Read(Encoding.UTF8.GetBytes($"{{{Unit}, {json}}}")), document, declared);

    private static DisclosureDocument Base(DisclosureForm form) => Document(new FormsPart("附件2", "baseData", [form]));

    private static DisclosureDocument Reports(DisclosureForm form) => Document(new FormsPart("附件4", "projectReport", [form]));

    private static DisclosureDocument Evaluations(params IReadOnlyList<DisclosureForm> forms) => Document(new FormsPart("附件5", "performance", forms));

    private static DisclosureDocument Document(DisclosurePart part) => SampleForms.Document() with { Parts = [part] };

    private static EvaluationForm Form() => new(
        "自评/甲", null, "项目支出绩效自评表", "项目支出", null, "甲项目", "示例局", "示例中心", "万元",
        [
            new("年度资金总额", [new("年初预算数", "5", null), new("全年执行数", "2.92", null), new("执行率", "58.49%", null)]),
            new("其他资金", [new("年初预算数", null, null), new("全年执行数", null, null), new("执行率", null, null)]),
        ],
        [], new("按时完成。", [], []), new("已完成。", [], []),
        [
            Indicator("产出指标", "产出指标（50分）", "数量指标", "会议", "5次", "10", "9"),
            Indicator("产出指标", null, "数量指标", "培训", "68人次", "10", "10"),
            Indicator("效益指标", "效益指标", "社会效益", "覆盖率", null, "5", "5"),
        ],
        new("总分", new("分值", "100", null), new("得分", "98", null)), [], null, NoLayout);

    private static EvaluationIndicator Indicator(
        string level1, string? printed, string level2, string target, string? actual, string weight, string score) =>
        new(level1, printed, level2, null, "指标1", target, actual, new("分值", weight, null), new("得分", score, null), null);
}
