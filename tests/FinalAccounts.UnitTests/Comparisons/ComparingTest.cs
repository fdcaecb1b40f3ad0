using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.UnitTests.Golden;
using FinalAccounts.UnitTests.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Comparisons;

public class ComparingTest
{
    [Fact]
    public void A_document_does_not_differ_from_itself() => Prop.ForAll(ChangeTest.Year(2024).ToArbitrary(), books =>
    {
        var document = Point(books, int.MaxValue);
        Comparing.Compare(document, document).IsEmpty.ShouldBeTrue();
        Comparing.Compare(document, Point(books, int.MaxValue)).IsEmpty.ShouldBeTrue();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Whatever_differs_is_reported_and_nothing_else_and_has_a_cause() => Prop.ForAll(
        (from books in ChangeTest.Year(2024) from at in Gen.Choose(3, 25) select (books, at)).ToArbitrary(),
        p =>
        {
            var (before, after) = (Point(p.books, p.at), Point(p.books, int.MaxValue));
            var comparison = Comparing.Compare(before, after);
            comparison.ShouldBeExact(before.Document, after.Document);
            foreach (var causes in comparison.Figures.Select(f => f.Causes).Concat(comparison.Texts.Select(t => t.Causes)))
            {
                causes.ShouldNotBeEmpty();
                causes.ShouldAllBe(c => c.IsAdded && c.Recorded.Position > p.at);
            }

            foreach (var figure in comparison.Figures.Where(f => f.Difference is not null && f.Causes.All(c => c.Amount is not null)))
            {
                figure.Causes.Aggregate((Int128)0, (sum, c) => sum + c.Amount!.Value).ShouldBe(figure.Difference!.Value, figure.Address);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void Swapping_the_documents_swaps_the_sides_and_nothing_else() => Prop.ForAll(
        (from one in ChangeTest.Year(2024) from other in ChangeTest.Year(2024) select (one, other)).ToArbitrary(),
        p =>
        {
            var (left, right) = (Point(p.one, int.MaxValue), Point(p.other, int.MaxValue));
            var (there, back) = (Comparing.Compare(left, right), Comparing.Compare(right, left));
            there.Figures.Select(f => (f.Address, f.Left, f.Right, f.Difference)).ShouldBe(
                back.Figures.Select(f => (f.Address, f.Right, f.Left, -f.Difference)), ignoreOrder: true);
            there.Texts.Select(t => (t.Place, Left: t.Left, t.Right, Runs(t, r => r))).ShouldBe(back.Texts.Select(t => (t.Place, t.Right, t.Left, Runs(t, Swapped))), ignoreOrder: true);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void Of_two_years_the_year_in_a_title_is_the_documents_own()
    {
        var comparison = Comparing.Compare(Of("yiyang-2023"), Of("yiyang-2024"));
        comparison.Kind.ShouldBe(ComparisonKind.Years);
        comparison.Texts.Single(t => t.Place == "封面/标题").IsOwn.ShouldBeTrue();
        comparison.Texts.ShouldContain(t => t.IsOwn && t.Kind == TextKind.Text);
        var total = comparison.Figures.Single(f => f.Address == "公开01/57/金额");
        (total.Left!.Printed, total.Right!.Printed).ShouldBe(("921.69", Sample.Of("yiyang-2024").Document.Figures.Single(f => f.Address == total.Address).Printed));
        total.Causes.ShouldBeEmpty();
    }

    [Fact]
    public void Two_departments_are_compared_without_their_names()
    {
        var comparison = Comparing.Compare(Of("yiyang-2024"), Of("huaihua-2024"));
        comparison.Kind.ShouldBe(ComparisonKind.Departments);
        comparison.Texts.Single(t => t.Place == "封面/单位").IsOwn.ShouldBeTrue();
        comparison.Figures.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_sentence_is_struck_out_word_by_word_and_numbers_stay_whole()
    {
        var before = new Books().Budget(Running, 60_000).Spend(Running, Wages, 53_000).Comparatives(("支出总计", 50_000));
        var after = new Books().Budget(Running, 60_000).Spend(Running, Wages, 43_000).Comparatives(("支出总计", 50_000));
        var text = Comparing.Compare(Point(before, int.MaxValue), Point(after, int.MaxValue)).Texts.Single(t => t.Place == "说明/一");

        var runs = text.Sentences.SelectMany(s => s.Runs).Where(r => r.Kind != RunKind.Same).Select(r => (r.Kind, r.Left + r.Right)).ToList();
        runs.ShouldContain((RunKind.Deleted, "5.3"));
        runs.ShouldContain((RunKind.Inserted, "4.3"));
        runs.ShouldAllBe(r => r.Item1 != RunKind.Own);
    }

    [Fact]
    public void An_item_that_moves_down_a_list_has_what_came_before_it_as_its_cause()
    {
        var books = new Books().Budget(Housing, 60).Spend(Housing, "30113", 50).Explain($"{Housing}/比年初预算", "人员调出").Spend(Running, Wages, 40);
        var comparison = Comparing.Compare(Point(books, books.Events.Count - 1), Point(books, int.MaxValue));

        // 住房公积金 was the first item and is the second; what is said of it is the same.
        var moved = comparison.Texts.Single(t => t.Place == "说明/五（三）2");
        moved.Right!.ShouldContain("人员调出");
        moved.Causes.Select(c => c.Recorded.Position).ShouldBe([(long)books.Events.Count]);
        comparison.Figures.Single(f => f.Address == "说明/五（三）2/支出决算").Causes.Select(c => c.Recorded.Position).ShouldBe([(long)books.Events.Count]);
    }

    [Fact]
    public void The_published_document_is_compared_like_any_other()
    {
        var sample = Sample.Of("huaihua-2024");
        var result = sample.Measure(sample.Document);
        var comparison = PublishedComparison.Of(sample.Published.Published, sample.Document, result);

        comparison.Kind.ShouldBe(ComparisonKind.Published);
        (comparison.Figures.Count + comparison.Texts.Count).ShouldBe(result.Differences.Count);
        comparison.Figures.Select(f => (f.Left?.Printed, f.Right?.Printed, f.Declared)).ShouldBe(
            result.Differences.Where(d => d.Matter is FinalAccounts.Reporting.Fidelity.Matter.Cell or FinalAccounts.Reporting.Fidelity.Matter.Number).Select(d => (d.Published, d.Computed, d.Cause)));
        comparison.Texts.ShouldAllBe(t => t.Declared != null && t.Sentences.Any(s => !s.IsSame));
    }

    private static ComparedDocument Of(string sample) => new(Sample.Of(sample).Document, Sample.Of(sample).Books);

    private static ComparedDocument Point(Books books, int events)
    {
        ReportBooks recorded = new(YearBooks.From(new(2024), books.Recorded().Take(events)), null);
        return new(DisclosureBuilder.Build(Pack, recorded, FinalAccounts.Ledger.ChartOfAccounts.For(new(2024))), recorded);
    }

    /// <summary>The stretches of the sentences, each with what it was and became.</summary>
    private static string Runs(TextDifference text, Func<BlacklineRun, BlacklineRun> map)
    {
        List<string> stretches = [];
        foreach (var sentence in text.Sentences)
        {
            var (before, after) = ("", "");
            foreach (var run in sentence.Runs.Select(map).Append(new(RunKind.Same, "。", "。")))
            {
                if (run.Kind is RunKind.Deleted or RunKind.Inserted)
                {
                    (before, after) = (before + run.Left, after + run.Right);
                    continue;
                }

                stretches.AddRange([$"{before}→{after}", $"{run.Left}={run.Right}"]);
                (before, after) = ("", "");
            }
        }

        return string.Join('|', stretches);
    }

    private static BlacklineRun Swapped(BlacklineRun run) => new(run.Kind, run.Right, run.Left);
}
