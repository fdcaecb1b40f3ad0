using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>双牌县社会保险服务中心 2024: a performance report with its attachments and no disclosure tables.</summary>
public class ShuangpaiTest() : GoldenTest("shuangpai-2024", new(
    Cells: (0, 0),
    // Two amounts contradict each other and one lacks 万; the README derives them.
    Numbers: (63, 66),
    Blocks: (18, 20),
    Rows: (0, 0),
    // Of the cover: the transcription leaves out what the document is called.
    Labels: (3, 4),
    // Base data, the project's report and two self-evaluations; two amounts of the base data contradict the rest.
    Performance: (224, 226)))
{
    private LabelledForm BaseData => (LabelledForm)Sample.Document.Parts.OfType<FormsPart>().Single(p => p.Key == "baseData").Forms.Single();

    [Fact]
    public void Last_years_column_comes_from_last_years_books()
    {
        // 251.72 = 2,517,200.00 yuan of 基本支出 in the books of 2023.
        var address = BaseData.Sections.OfType<FormLines>().Single().Rows[0].Cells[0].Address;
        var figure = Sample.Document.Figures.Single(f => f.Address == address);
        (figure.Printed, figure.Exact).ShouldBe(("251.72", Ratio.Whole(251_720_000)));
        figure.Query.Sums.Single().Terms.ShouldAllBe(t => t.Year == BooksYear.Prior);
    }

    [Fact]
    public void The_execution_rate_earns_the_published_score_and_four_indicators_do_not()
    {
        // 275.3 ÷ 275.5 × 10 = 9.99; 8.57 ÷ 8.57 × 10 = 10. The forms print what the program computes.
        Sample.Document.Scores.Select(s => s.Lines[0].Score).ShouldBe([9_99, 10_00]);
        Sample.Document.Forms.OfType<EvaluationForm>().Select(f => f.Funds[0].Cells[^1].Text).ShouldBe(["9.99", "10"]);

        // 108800万 of 12万; 3148 ÷ 3400 × 10; 96 % of 15; the target's own words.
        Sample.Document.Scores.SelectMany(s => s.Lines).Where(l => l.Differs).Select(l => (l.Reported, l.Score)).ShouldBe(
            [(9_00, 10_00), (9_00, 9_26), (14_00, 14_40), (9_00, 10_00)]);
    }

    [Fact]
    public void A_further_posting_on_a_project_changes_every_cell_and_sentence_that_depends_on_it()
    {
        const string project = "五险统一征缴工作经费";
        PostingLine line = new(new("2080109"), new("30202"), Fund.GeneralPublicBudget, SpendingKind.Project, project, IncomeSource.FiscalAppropriation, new(123_400));
        RecordedEvent posting = new(Sample.Recorded.Count + 1, Instant.FromUtc(2025, 1, 2, 0, 0), "财务科", new ExpenditurePosted(new(2024, 12, 30), "记-12-999", "印制宣传资料", [line]));
        var changed = Sample.Report(new(YearBooks.From(Sample.Year, [.. Sample.Recorded, posting]), Sample.Books.Prior));

        // 1,234.00 yuan more: 4.00 + 0.1234, 8.57 + 0.1234, 275.30 + 0.1234 = 275.4234; 8.6934 of 8.57 is 101.43…%.
        Lines(changed).Single(r => r.Name == $"4.{project}").Cells[2].Text.ShouldBe("4.12");
        Lines(changed).Single(r => r.Name == "二、项目支出小计").Cells[2].Text.ShouldBe("8.69");
        Block(changed, "（二）部门（单位）").ShouldBe("2024年部门整体支出绩效目标的金额为275.4万元，其中，项目支出绩效目标金额8.69万元。");
        Passage(changed, "项目支出管理和使用基本情况").ShouldBe(
            "2024年度项目支出决算数为8.69万元。城乡居民社会养老保险征缴工作经费4.12万元、稽核工作经费3万元、企业养老保险系统维护费1.07万元、公用经费0.5万元。");
        Passage(changed, "项目绩效目标完成情况").ShouldBe("已101.4%完成。");

        // What is budgeted stays.
        Block(changed, "（二）项目支出情况").ShouldBe(Block(Sample.Document, "（二）项目支出情况"));
        Lines(changed).Single(r => r.Name == "一、部门基本支出").Cells[2].Text.ShouldBe("266.73");
    }

    private static IReadOnlyList<FormLine> Lines(DisclosureDocument document) =>
        document.Forms.OfType<LabelledForm>().SelectMany(f => f.Sections).OfType<FormLines>().Single().Rows;

    private static string Block(DisclosureDocument document, string heading) =>
        document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Single(b => b.Heading.StartsWith(heading, StringComparison.Ordinal)).Text;

    private static string Passage(DisclosureDocument document, string label) =>
        document.Forms.OfType<LabelledForm>().SelectMany(f => f.Sections).OfType<FormPassage>().Single(p => p.Label == label).Text.Text;
}
