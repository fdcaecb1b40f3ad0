using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Golden;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>The way from an event to what it is behind. What is expected is found by leaving the event out.</summary>
public class TouchedFiguresTest
{
    [Fact]
    public void The_last_event_touches_the_sums_that_are_others_without_it() => Prop.ForAll(ChangeTest.Year(2024).ToArbitrary(), books =>
    {
        var events = books.Recorded().ToList();
        var (with, without) = (new ReportBooks(YearBooks.From(new(2024), events), null), new ReportBooks(YearBooks.From(new(2024), events.SkipLast(1)), null));
        var (document, before) = (Report(with), Report(without));
        var touched = TouchedFigures.Of(document, with, events[^1].Position)!;

        foreach (var figure in document.Figures)
        {
            var sums = figure.Query.Sums.Select(s => s.Total(with) - s.Total(without)).ToList();
            var found = touched.Figures.SingleOrDefault(t => t.Figure.Address == figure.Address);
            (found is not null).ShouldBe(sums.Any(s => s != 0), figure.Address);
            found?.Sums.Select(s => s.Amount).ShouldBe(sums, figure.Address);
        }

        // A text that reads otherwise depends on the event.
        var texts = before.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).ToDictionary(b => b.Address, b => b.Text);
        foreach (var block in document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Where(b => texts.GetValueOrDefault(b.Address, "") != b.Text))
        {
            touched.Texts.ShouldContain(t => t.Place == block.Address);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void A_posting_of_last_year_touches_next_years_document_as_the_figure_before()
    {
        var sample = Sample.Of("shuangpai-2024");
        var posting = sample.Books.Prior!.Events.First(e => e.Event is FinalAccounts.Ledger.Execution.ExpenditurePosted).Position;
        var touched = TouchedFigures.Of(sample.Document, sample.Books, posting)!;

        touched.Figures.ShouldNotBeEmpty();
        touched.Figures.ShouldAllBe(f => f.Figure.Query.Sums.SelectMany(s => s.Terms).Any(t => t.Year == BooksYear.Prior));
    }

    [Theory]
    [InlineData("yiyang-2024")]
    [InlineData("zhuzhou-2020")]
    [InlineData("haidong-2024")]
    [InlineData("huaihua-2024")]
    [InlineData("shuangpai-2024")]
    public void An_explanation_feeds_just_the_texts_that_are_others_without_it(string name)
    {
        var sample = Sample.Of(name);

        // One that takes the draft over reads the same without it.
        foreach (var explanation in sample.Recorded.Where(e => e.Event is ExplanationWritten written && !written.Text.Contains("{草稿}", StringComparison.Ordinal)).Take(6))
        {
            ReportBooks without = new(YearBooks.From(sample.Year, sample.Recorded.Where(e => e != explanation)), sample.Books.Prior);
            var (before, after) = (PlacedText.Of(Sample.Report(without)), PlacedText.Of(sample.Document));
            var changed = after.Where(t => before.SingleOrDefault(b => b.Place == t.Place)?.Text != t.Text).Select(t => t.Place).ToList();
            var touched = TouchedFigures.Of(sample.Document, sample.Books, explanation.Position)!;

            touched.Figures.ShouldBeEmpty();
            changed.ShouldBeSubsetOf(touched.Texts.Select(t => t.Place));

            // Heading and text are rendered as one.
            touched.Texts.Select(t => t.Address).ShouldBeSubsetOf(after.Where(t => changed.Contains(t.Place)).Select(t => t.Address));
        }
    }

    [Fact]
    public void A_profile_feeds_the_overview()
    {
        var sample = Sample.Of("yiyang-2024");
        var profile = sample.Recorded.Last(e => e.Event is ProfileRevised);
        TouchedFigures.Of(sample.Document, sample.Books, profile.Position)!.Texts.ShouldContain(t => t.Address!.StartsWith("概况", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_in_the_books_touches_nothing() =>
        TouchedFigures.Of(Sample.Of("yiyang-2024").Document, Sample.Of("yiyang-2024").Books, 9_999_999).ShouldBeNull();

    private static DisclosureDocument Report(ReportBooks books) => DisclosureBuilder.Build(Pack, books, ChartOfAccounts.For(new(2024)));
}
