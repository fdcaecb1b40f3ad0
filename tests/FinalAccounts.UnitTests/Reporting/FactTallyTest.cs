using System.Text;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Ledger;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>The quick way to the facts comes to the same as <see cref="EventFacts"/>, whatever the events are and however they are spread.</summary>
public class FactTallyTest
{
    private static readonly FiscalYear Year = new(2024);
    private static readonly DepartmentCode Code = new("301001");

    /// <summary>Vouchers as they come: few lines that occur again and again, with amounts of all sizes, some texts that must be escaped.</summary>
    private static readonly Gen<LedgerEvent> Vouchers =
        from kind in Gen.Choose(0, 2)
        from day in Gen.Choose(0, 3)
        from text in Gen.Elements("办公费", "", "a\"b", "换\n行", "},{\"amount\":1}", "\\", "😀")
        from lines in Gen.Choose(0, 4).SelectMany(n => Gen.ArrayOf(Lines, n))
        select kind switch
        {
            0 => (LedgerEvent)new ExpenditurePosted(new LocalDate(2024, 2, 28).PlusDays(day), "记-1", text, lines),
            1 => new ExpenditureReversed(new(2024, 3, 1), "记-2", text, "冲销", lines),
            _ => new IncomeReceived(new(2024, 3, 1), text, "到账", [.. lines.Select(l => new IncomeLine(l.Function, l.Source, l.Fund, l.Amount, l.Counterparty))]),
        };

    private static Gen<PostingLine> Lines =>
        from function in Gen.Elements("2080101", "2080505")
        from economic in Gen.Elements("30101", "30201")
        from fund in Gen.Elements(Fund.GeneralPublicBudget, Fund.Other)
        from project in Gen.Elements(null, "某项目", "某“项目”", "a\"b", "\",\"amount\":5}")
        from counterparty in Gen.Frequency((5, Gen.Constant((DepartmentCode?)null)), (1, Gen.Constant((DepartmentCode?)new DepartmentCode("301002"))))
        from amount in Gen.OneOf(Gen.Choose(-3, 3).Select(n => (long)n), Gen.Choose(1, int.MaxValue).Select(n => n * 1_000_003L), Gen.Elements(long.MinValue, long.MaxValue, 999_999_999_999_999_999))
        select new PostingLine(new(function), new(economic), fund, SpendingKind.Basic, project, IncomeSource.Other, new(amount), counterparty);

    [Fact]
    public void Whatever_the_vouchers_are_the_totals_are_those_of_their_facts() =>
        Prop.ForAll(Vouchers.ListOf().Select(l => l.ToList()).ToArbitrary(), events => Same(events, tallies: 1)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Whatever_the_events_are_and_however_they_are_spread_the_totals_are_those_of_the_books() =>
        Prop.ForAll(Gen.Frequency((2, Vouchers), (3, EventGenerator.Any.Where(HasFacts))).ListOf().Select(l => l.ToList()).ToArbitrary(), events => Same(events, tallies: 3))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("""{"date":"2024-02-30","voucher":"1","summary":"a","lines":[LINE]}""", "a day that does not exist")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[LINE],"note":"x"}""", "a member that there is not")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[LINE]}}""", "something after the end")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[LINE,]}""", "a comma too many")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","lines":[LINE]}""", "a member left out")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[{"function":"2080101","economic":"30201","fund":"其他资金","kind":"基本支出","source":"其他收入","amount":01}]}""", "a zero in front")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[{"function":"2080101","economic":"30201","fund":"其他资金","kind":"基本支出","source":"其他收入","amount":+1}]}""", "a plus sign")]
    [InlineData("""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[{"function":"2080101","economic":"30201","fund":"其他资金","kind":"基本支出","source":"其他收入","amount":1.0}]}""", "an amount with decimals")]
    public void A_voucher_that_is_not_readable_is_refused_also_when_its_lines_are_known(string body, string what)
    {
        const string line = """{"function":"2080101","economic":"30201","fund":"其他资金","kind":"基本支出","source":"其他收入","amount":1}""";
        var tally = new FactTally();
        Take(tally, 1, "expenditure-posted", $$"""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[{{line}}]}""");

        Should.Throw<JsonException>(() => Take(tally, 2, "expenditure-posted", body.Replace("LINE", line, StringComparison.Ordinal)), what);
    }

    [Fact]
    public void A_voucher_that_is_written_in_another_way_says_the_same()
    {
        const string line = """{"function":"2080101","economic":"30201","fund":"其他资金","kind":"基本支出","source":"其他收入","amount":7}""";
        var tally = new FactTally();
        Take(tally, 1, "expenditure-posted", $$"""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[{{line}}]}""");
        Take(tally, 2, "expenditure-posted", $$""" { "voucher":"1", "date":"2024-03-01","summary":"a","lines":[ {{line}} ] }""");
        Take(tally, 3, "expenditure-posted", $$"""{"date":"2024-03-01","voucher":"1","summary":"a","lines":[{{line}},{{line}}]}""");

        FactTally.Merge([tally]).ShouldHaveSingleItem().Totals.ShouldHaveSingleItem().Value.ShouldBe(28);
    }

    [Fact]
    public void A_type_or_version_that_is_not_known_is_refused()
    {
        var body = """{"date":"2024-03-01","voucher":"1","summary":"a","lines":[]}""";
        Should.Throw<NotSupportedException>(() => Take(new(), 1, "something-else", body));
        Should.Throw<NotSupportedException>(() => new FactTally().Take(1, "year/301001/2024", "expenditure-posted", 2, 0, "x", Encoding.UTF8.GetBytes(body)));
    }

    private static void Take(FactTally tally, long position, string type, string body) =>
        tally.Take(position, "year/301001/2024", type, 1, 0, "x", Encoding.UTF8.GetBytes(body));

    /// <summary>Takes the events through tallies in turns, and compares with the books from the same events.</summary>
    private static void Same(IReadOnlyList<LedgerEvent> events, int tallies)
    {
        var parts = Enumerable.Range(0, tallies).Select(_ => new FactTally()).ToList();
        for (var i = 0; i < events.Count; i++)
        {
            var encoded = EventCodec.Encode(events[i]);
            parts[i % tallies].Take(i + 1, Stream(events[i]), encoded.Type, encoded.SchemaVersion, 0, "x", encoded.Body);
        }

        var books = YearBooks.From(Year, events.Select((e, i) => new RecordedEvent(i + 1, Instant.FromUnixTimeTicks(0), "x", e)));
        var totals = FactTally.Merge(parts);
        if (events.All(e => Stream(e).StartsWith("department", StringComparison.Ordinal)))
        {
            totals.ShouldBeEmpty();
            return;
        }

        var year = totals.ShouldHaveSingleItem();
        (year.Department, year.Year).ShouldBe((Code, Year));
        year.Totals.OrderBy(t => t.Key.ToString(), StringComparer.Ordinal).ShouldBe(books.Facts.Sums.OrderBy(t => t.Key.ToString(), StringComparer.Ordinal));
    }

    /// <summary>Meetings may cost more together than there is in the world; then there are no facts.</summary>
    private static bool HasFacts(LedgerEvent e)
    {
        try
        {
            return EventFacts.Of(e).ToList() is not null;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static string Stream(LedgerEvent e) => e.GetType().Namespace!.EndsWith("Departments", StringComparison.Ordinal)
        ? Streams.Department(Code)
        : Streams.Year(Code, Year);
}
