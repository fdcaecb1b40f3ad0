using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>海东市社会保险服务局 2024: Qinghai's form with eleven tables and four self-evaluation forms of projects.</summary>
public class HaidongTest() : GoldenTest("haidong-2024", new(
    Cells: (211, 211),
    Numbers: (154, 154),
    // 十二（二） misses a 、 and gives a project another name.
    Blocks: (27, 28),
    // 62 + 20 + 20 + 64 + 20 + 83 + 1 + 1 + 1 + 33 + 6 rows of 公开01 to 11, 6 counts of 公开09.
    Rows: (317, 317),
    // 4 of the cover, 4 of each of 11 tables, 8 terms.
    Labels: (56, 56),
    // Four forms: a rate, a weight without a score, and two amounts with trailing zeros are declared.
    Performance: (430, 434)))
{
    private const string Subsidy = "企业职工基本养老一次性生活补助";

    [Fact]
    public void Parts_and_the_first_of_them_are_as_published()
    {
        Sample.Document.Parts.Select(p => p.Title).ShouldBe(
        [
            "第一部分 部门概况", "第二部分 2024年度部门决算报表", "第三部分 2024年度部门决算情况说明", "附：项目支出绩效自评表", "第四部分 名词解释",
        ]);
        Sample.Document.Parts.OfType<TablesPart>().Single().Note.ShouldBe("（本套报表金额单位转换时可能存在尾数误差）");
        var overview = Sample.Document.Parts.OfType<TextPart>().Single(p => p.Key == "overview").Blocks;
        overview.Select(b => b.Heading).ShouldBe(["一、部门职责", "二、机构设置情况"]);
        overview[0].Text.Split('\n').Length.ShouldBe(4);
        overview[1].Text.ShouldBe(
            "纳入2024年度决算编制范围的预算单位共计1个，具体包括：海东市社会保险服务局本级。\n内设机构6个，具体为：综合部、稽核部、养老保险部、工伤失业部、基金财务部、信息部。");
    }

    [Fact]
    public void Nothing_is_missing_and_no_reason_contradicts_the_books()
    {
        Sample.Document.Missing.ShouldBeEmpty();
        Sample.Document.Findings.Where(f => f.Rule.Id.StartsWith("R-REASON", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Scores_that_the_department_gave_itself_against_the_rules_are_listed_with_what_the_rules_give()
    {
        // 2.9245 ÷ 5, 2.5756 ÷ 4, 7.0767 ÷ 9 and 33.4094 ÷ 31.56 (capped) of 10 points each.
        Sample.Document.Scores.Select(s => s.Lines[0]).Select(l => (l.Reported, l.Score)).ShouldBe([(9_00, 5_85), (8_00, 6_44), (8_00, 7_86), (9_00, 10_00)]);

        // 未开展 is worth at most 60 %; 基本完成 at most 80 % and got all points in 3 + 2 + 4 + 3 indicators.
        var words = Sample.Document.Scores.SelectMany(s => s.Lines.Skip(1)).Where(l => l.Differs).ToList();
        words.Count.ShouldBe(13);
        words.Single(l => l.Rule.StartsWith("“未开展”", StringComparison.Ordinal)).ShouldSatisfyAllConditions(
            l => l.Reported.ShouldBe(9_00), l => l.Score.ShouldBe(6_00), l => l.Least.ShouldBe(0));
        words.Where(l => l.Rule.StartsWith("“基本完成”", StringComparison.Ordinal)).ShouldAllBe(l => l.Reported == l.Weight && l.Score == l.Weight * 8 / 10);
        Sample.Document.Findings.Count(f => f.Rule == ReportRules.ScoreDiffers).ShouldBe(17);
    }

    [Fact]
    public void The_counts_of_the_three_public_expenses_are_blank_as_published() =>
        Sample.Document.Tables.Single(t => t.Id == "公开09").Statistics!.Items.ShouldAllBe(i => i.Text == null && i.Address != null);

    [Fact]
    public void Every_number_of_the_document_has_an_address_whose_events_add_up_to_its_exact_value()
    {
        foreach (var figure in Sample.Document.Figures)
        {
            ProvenanceTest.AddUp(figure, Sample.Books).ShouldBe(figure.Exact, figure.Address);
        }
    }

    /// <summary>2,000.00 元 more for a project: 33.4094 + 0.2 = 33.6094 万元 of 31.56, in all 46.98189 + 0.2 of 670.83719 + 0.2.</summary>
    [Fact]
    public void Another_posting_changes_every_cell_and_sentence_that_depends_on_it()
    {
        var changed = Sample.Report(Sample.Books with { Current = YearBooks.From(Sample.Year, WithMoreFor(Subsidy, new(200_000))) });

        var printed = changed.Figures.ToDictionary(f => f.Address, f => f.Printed);
        printed["公开01/58/金额"].ShouldBe("671.04");
        printed["公开03/2089999/项目支出"].ShouldBe("33.61");
        printed["公开04/59/一般公共预算财政拨款"].ShouldBe("662.54");
        printed["公开05/合计/本年支出/项目支出"].ShouldBe("47.18");
        printed["公开06/303/决算数"].ShouldBe("22.84");

        var sentences = changed.Parts.OfType<TextPart>().Single(p => p.Key == "narrative").Blocks.ToDictionary(b => b.Heading, b => b.Text);
        var before = Sample.Document.Parts.OfType<TextPart>().Single(p => p.Key == "narrative").Blocks.ToDictionary(b => b.Heading, b => b.Text);
        sentences.Where(s => before[s.Key] != s.Value).Select(s => s.Key).ShouldBe(
        [
            "一、收入支出决算总体情况说明", "三、支出决算情况说明", "四、财政拨款收入支出决算总体情况说明", "（一）一般公共预算财政拨款支出总体情况。",
            "（二）一般公共预算财政拨款支出结构情况。", "（三）一般公共预算财政拨款支出具体情况。", "1.社会保障和就业支出（类）",
            "（一）绩效评价工作开展情况。", $"4.{Subsidy}项目绩效自评情况",
        ]);
        sentences["三、支出决算情况说明"].ShouldBe("本年支出合计671.04万元，其中：基本支出623.86万元，占92.97%；项目支出47.18万元，占7.03%。");
        sentences[$"4.{Subsidy}项目绩效自评情况"].ShouldContain("项目全年预算数为31.56万元，实际支出33.61万元，结转0万元，完成年度预算的106.49%。");

        // Income is no longer what was spent, so one sentence for both would be wrong.
        sentences["一、收入支出决算总体情况说明"].ShouldContain("2024年度收入总计670.84万元。");
        sentences["一、收入支出决算总体情况说明"].ShouldContain("2024年度支出总计671.04万元。");

        var form = changed.Forms.OfType<EvaluationForm>().Single(f => f.Project == Subsidy);
        form.Funds[0].Cells.Select(c => c.Text).ShouldBe(["31.56", "31.56", "33.61", "10", "100%", "9"]);
    }

    private IEnumerable<RecordedEvent> WithMoreFor(string project, Money more)
    {
        var posting = Sample.Recorded.First(r => r.Event is ExpenditurePosted e && e.Lines[0].Project == project);
        var posted = (ExpenditurePosted)posting.Event;
        var line = posted.Lines[0];
        return Sample.Recorded.Select(r => r == posting ? r with { Event = posted with { Lines = [line with { Amount = line.Amount + more }] } } : r);
    }
}
