using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>
/// Last year's figures without typing: with the books of 2023 in the log the document of 2024 reads word for word as it does
/// with the figures that were typed in from the publication, and without either it says that they are not known.
/// </summary>
public class PriorYearTest
{
    private static readonly IReadOnlyList<RecordedEvent> Typed = Sample.Yiyang.Recorded;
    private static readonly IReadOnlyList<RecordedEvent> NotTyped = [.. Typed.Where(e => e.Event is not ComparativesImported)];

    /// <summary>The books of 2023 as the log has them: positions are the log's, so no two events share one.</summary>
    private static readonly YearBooks LastYear = YearBooks.From(
        Sample.YiyangLastYear.Year, Sample.YiyangLastYear.Recorded.Select(e => e with { Position = e.Position + Typed.Count }));

    private static readonly DisclosureDocument FromBooks = Sample.Report(new(YearBooks.From(Sample.Yiyang.Year, NotTyped), LastYear));

    /// <summary>总计 921.69, 三公 3.17, 机关运行经费 263.84 万元: the figures of 2023 that the text of 2024 implies.</summary>
    [Theory]
    [InlineData("收入总计", 921_690_000)]
    [InlineData("支出总计", 921_690_000)]
    [InlineData("财政拨款收入总计", 921_690_000)]
    [InlineData("财政拨款支出总计", 921_690_000)]
    [InlineData("一般公共预算财政拨款支出", 921_690_000)]
    [InlineData("机关运行经费", 263_837_000)]
    [InlineData("“三公”经费", 3_170_000)]
    [InlineData("公务接待费", 3_170_000)]
    [InlineData("年末结转和结余", 0)]
    public void The_books_of_2023_have_the_totals_that_the_text_of_2024_implies(string quantity, long fen)
    {
        var books = Sample.YiyangLastYear.Books;
        var pack = FinalAccounts.Reporting.Forms.FormPack.Load(books.Current.Opened!.FormPack)!;
        new Quantities(pack, books).Find(quantity, Narrowing.None)!.Total(books).ShouldBe(fen);
    }

    [Fact]
    public void With_last_years_books_the_document_is_the_same_as_with_imported_figures()
    {
        Texts(FromBooks).ShouldBe(Texts(Sample.Yiyang.Document));
        FromBooks.Figures.Select(f => (f.Address, f.Exact, f.Printed)).ShouldBe(Sample.Yiyang.Document.Figures.Select(f => (f.Address, f.Exact, f.Printed)));
    }

    [Fact]
    public void With_both_the_books_come_first()
    {
        var both = Sample.Report(new(YearBooks.From(Sample.Yiyang.Year, Typed), LastYear));
        foreach (var term in both.Figures.SelectMany(f => f.Query.Sums).SelectMany(s => s.Terms))
        {
            term.Filter.Measure.ShouldNotBe(Measure.Comparative);
        }
    }

    [Fact]
    public void With_neither_no_sentence_compares()
    {
        var neither = Sample.Report(new(YearBooks.From(Sample.Yiyang.Year, NotTyped), null));
        var sentences = string.Join('\n', Texts(neither));
        sentences.ShouldContain("上一年度决算数未取得，暂不比较。");
        sentences.ShouldNotContain("比上年度决算");
        sentences.ShouldNotContain("上年为0万元");
        neither.Missing.ShouldContain(new MissingItem(MissingKind.Comparative, "收入总计", "说明/一"));
        neither.Missing.ShouldAllBe(m => m.Kind == MissingKind.Comparative);
    }

    [Fact]
    public void Nothing_is_missing_and_nothing_is_wrong_when_last_years_books_are_closed()
    {
        FromBooks.Missing.ShouldBeEmpty();
        FromBooks.Findings.Select(f => f.Rule).ShouldBe([ReportRules.PriorYearOpen]);

        var closed = YearBooks.From(LastYear.Year, [.. LastYear.Events, LastYear.Events[^1] with
        {
            Position = LastYear.Events[^1].Position + 1,
            Event = new YearClosed(LastYear.Year.LastDay, new(921_690_000), new(921_690_000), new(1, new string('a', 64))),
        }]);
        Sample.Report(new(YearBooks.From(Sample.Yiyang.Year, NotTyped), closed)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void The_document_of_2023_lists_what_its_books_lack()
    {
        var missing = Sample.YiyangLastYear.Document.Missing;
        missing.Where(m => m.Kind == MissingKind.Comparative).Select(m => m.Name).ShouldContain("收入总计");
        missing.Where(m => m.Kind == MissingKind.Explanation).ShouldAllBe(m => m.PreventsPublication);
        missing.Where(m => m.Kind == MissingKind.Evaluation).Select(m => m.Name).ShouldBe(["整体自评得分"]);
        missing.ShouldNotContain(m => m.Kind == MissingKind.Statistic);
    }

    private static IReadOnlyList<string> Texts(DisclosureDocument document) =>
        [.. document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Select(b => $"{b.Heading}\n{b.Text}")];
}
