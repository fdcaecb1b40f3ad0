using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.UnitTests.Golden;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Comparisons;

/// <summary>
/// A closed year is opened again and gets a late 追加, and a posting from it: the comparison of the document as it was closed with the one
/// after reports what changed and nothing else, and names the events that did it.
/// </summary>
public class LateSupplementTest
{
    public static TheoryData<string> Samples => ["yiyang-2023", "yiyang-2024", "zhuzhou-2020", "haidong-2024", "huaihua-2024", "shuangpai-2023", "shuangpai-2024"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_late_supplement_is_the_cause_of_every_difference_and_of_no_other(string sample)
    {
        var books = LateBooks.Of(sample);
        var (line, economic) = books.SomeLine();
        books.Do(new SupplementBudget(books.Late, "追加999号", "年末追加", [new(line.Function, line.Fund, line.Kind, line.Project, economic, new(1_234_56))]));

        Check(books);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void So_are_a_supplement_and_the_posting_from_it(string sample)
    {
        var books = LateBooks.Of(sample);
        var (line, economic) = books.SomeLine();
        books.Do(new SupplementBudget(books.Late, "追加999号", "年末追加", [new(line.Function, line.Fund, line.Kind, line.Project, economic, new(1_234_567_89))]));
        books.Do(new PostExpenditure(books.Late, "记-12-999", "年末支付", [line with { Economic = economic, Amount = new(1_234_567_89) }]));

        Check(books).Figures.ShouldNotBeEmpty();
    }

    private static DocumentComparison Check(LateBooks books)
    {
        var (before, after) = (books.Closed(), books.Now());
        var comparison = Comparing.Compare(before, after);
        comparison.Kind.ShouldBe(ComparisonKind.PointsInTime);
        comparison.ShouldBeExact(before.Document, after.Document);
        Comparing.Compare(after, before).ShouldBeExact(after.Document, before.Document);

        var added = books.Added.Select(e => e.Position).ToHashSet();
        foreach (var figure in comparison.Figures)
        {
            figure.Causes.ShouldNotBeEmpty(figure.Address);
            figure.Causes.ShouldAllBe(c => c.IsAdded && added.Contains(c.Recorded.Position), figure.Address);
            if (figure.Causes.All(c => c.Amount is not null) && figure is { Left: not null, Right: not null })
            {
                figure.Causes.Aggregate((Int128)0, (sum, c) => sum + c.Amount!.Value).ShouldBe(figure.Right.Exact!.Value.Numerator - figure.Left.Exact!.Value.Numerator);
            }
        }

        foreach (var text in comparison.Texts)
        {
            text.Causes.ShouldNotBeEmpty(text.Place);
            text.Causes.ShouldAllBe(c => c.IsAdded && added.Contains(c.Recorded.Position), text.Place);
        }

        return comparison;
    }

    /// <summary>A sample's year, closed and opened again, with what the ledger decides after that.</summary>
    private sealed class LateBooks
    {
        private readonly Sample sample;
        private readonly DepartmentState department;
        private readonly ChartOfAccounts chart;
        private readonly int closed;
        private readonly List<RecordedEvent> events;
        private YearState year;

        private LateBooks(Sample sample)
        {
            this.sample = sample;
            chart = ChartOfAccounts.For(sample.Year);
            events = [.. sample.Recorded];
            var masterData = sample.Recorded.Select(e => e.Event).Where(e => e is DepartmentRegistered or ProfileRevised).ToList();
            department = masterData.Aggregate(DepartmentState.Unknown, (state, e) => state.Apply(e));
            year = sample.Recorded.Select(e => e.Event).Except(masterData).Aggregate(YearState.NotOpened, (state, e) => state.Apply(e));
            Do(new CloseYear(sample.Year.LastDay, new(1, new string('a', 64))));
            closed = events.Count;
            Do(new ReopenYear(sample.Year.LastDay, "补记追加", "财政局批复"));
        }

        public LocalDate Late => sample.Year.LastDay;

        /// <summary>What came after the close and says something about the accounts.</summary>
        public IEnumerable<RecordedEvent> Added => events.Skip(closed).Where(e => e.Event is not YearReopened);

        public static LateBooks Of(string name) => new(Sample.Of(name));

        /// <summary>A posting of the year on a project, or on anything where there are no projects; with the reception's economic item.</summary>
        public (PostingLine Line, EconomicCode Economic) SomeLine()
        {
            var lines = sample.Recorded.Select(e => e.Event).OfType<ExpenditurePosted>().SelectMany(e => e.Lines).Where(l => l.Fund == Fund.GeneralPublicBudget).ToList();
            return (lines.FirstOrDefault(l => l.Project is not null) ?? lines[0], new("30217"));
        }

        public void Do(YearCommand command)
        {
            var decision = Deciding.Decide(department, year, chart, command);
            decision.Refusals.ShouldBeEmpty();
            foreach (var e in decision.Events)
            {
                year = year.Apply(e);
                events.Add(new(LastPosition + 1, events[^1].RecordedAt + Duration.FromDays(40), "财务科", e));
            }
        }

        public ComparedDocument Closed() => Report(events.Take(closed));

        public ComparedDocument Now() => Report(events);

        private long LastPosition => Math.Max(events[^1].Position, sample.Books.Prior?.Events[^1].Position ?? 0);

        private ComparedDocument Report(IEnumerable<RecordedEvent> recorded)
        {
            ReportBooks books = new(YearBooks.From(sample.Year, recorded), sample.Books.Prior);
            return new(Sample.Report(books), books);
        }
    }
}
