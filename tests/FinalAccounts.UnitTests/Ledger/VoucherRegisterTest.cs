using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Ledger.Books;

namespace FinalAccounts.UnitTests.Ledger;

public class VoucherRegisterTest
{
    private static readonly Gen<string> Numbers = Gen.Elements("记-1", "记-2", "收-1", "", "😀");
    private static readonly Gen<string> Summaries = Gen.Elements("办公费", "办公费（二）");
    private static readonly Gen<PostingLine[]> Lines = Gen.Elements(
        Posting(100), Posting(7), Posting(100) with { Economic = Wages }, Posting(100) with { Kind = SpendingKind.Project, Project = "甲" },
        Posting(100) with { Kind = SpendingKind.SubsidyToAffiliate, Counterparty = new("117009") },
        Posting(100) with { Source = IncomeSource.Other, Fund = Fund.Other }, Posting(100) with { Function = OtherAgency }).ArrayOf().Where(l => l.Length is > 0 and < 4);

    private static readonly Gen<LedgerEvent> Events = Gen.Frequency(
        (3, from n in Numbers from s in Summaries from day in Gen.Choose(1, 2) from lines in Lines select (LedgerEvent)new ExpenditurePosted(Day(3, day), n, s, lines)),
        (2, from n in Numbers
            from s in Summaries
            from fen in Gen.Choose(-1, 2)
            select (LedgerEvent)new IncomeReceived(
            Day(3, 1), n, s, [IncomeOf(fen), IncomeOf(fen) with { Counterparty = new("117009") }])),
        (3, from n in Numbers from of in Numbers from s in Summaries from lines in Lines select (LedgerEvent)new ExpenditureReversed(Day(3, 2), n, of, s, lines)));

    /// <summary>Histories that branch: each event is booked on one of the states that there are, not always on the last.</summary>
    [Fact]
    public void Every_register_knows_what_was_booked_before_it_and_nothing_else() =>
        Prop.ForAll((from e in Events from back in Gen.Choose(0, 9) select (Event: e, Back: back)).ListOf(30).ToArbitrary(), steps =>
        {
            List<(YearState Year, Plain Plain)> states = [(YearState.NotOpened, Plain.Empty)];
            foreach (var (e, back) in steps)
            {
                var (year, plain) = states[Math.Max(0, states.Count - 1 - Math.Max(0, back - 6))];
                if (plain.Takes(e))
                {
                    states.Add((year.Apply(e), plain.With(e)));
                }
                else
                {
                    Should.Throw<KeyNotFoundException>(() => year.Apply(e));
                }
            }

            foreach (var (year, plain) in states)
            {
                AssertSame(year.Vouchers, plain, steps.Select(s => s.Event));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Books_of_many_vouchers_find_each_of_them()
    {
        const int count = 20_000;
        var year = YearState.NotOpened;
        for (var n = 0; n < count; n++)
        {
            year = year.Apply(new ExpenditurePosted(Day(3, 5), Number(n), "办公费", [Posting(n + 1)]));
        }

        var half = year.Apply(new ExpenditureReversed(Day(3, 6), "冲-1", Number(7), "更正", [Posting(3)]));
        var other = year.Apply(new ExpenditureReversed(Day(3, 6), "冲-1", Number(7), "更正", [Posting(4)]));

        for (var n = 0; n < count; n += 13)
        {
            year.FindVoucher(Number(n))!.Outstanding.Values.ShouldBe([new Money(n + 1)]);
        }

        // The second of two registers that go on from the same one is on its own.
        year.Vouchers.Count.ShouldBe(count);
        year.FindVoucher("冲-1").ShouldBeNull();
        year.FindVoucher(Number(7))!.Outstanding.Values.ShouldBe([new Money(8)]);
        half.FindVoucher(Number(7))!.Outstanding.Values.ShouldBe([new Money(5)]);
        other.FindVoucher(Number(7))!.Outstanding.Values.ShouldBe([new Money(4)]);
        other.FindVoucher(Number(count - 1))!.Outstanding.Values.ShouldBe([new Money(count)]);

        static string Number(int n) => string.Create(CultureInfo.InvariantCulture, $"记-{n:000000}");
    }

    [Fact]
    public void Registers_that_share_their_vouchers_can_be_used_at_the_same_time()
    {
        var start = Spent.Year;
        Parallel.For(0, 64, n =>
        {
            var year = start;
            for (var i = 0; i < 200; i++)
            {
                year = year.Apply(new ExpenditurePosted(Day(3, 5), $"{n}-{i}", "办公费", [Posting(i + 1)]));
                year.FindVoucher($"{n}-{i / 2}")!.Outstanding.Values.ShouldBe([new Money((i / 2) + 1)]);
            }

            year.Vouchers.Count.ShouldBe(start.Vouchers.Count + 200);
            year.FindVoucher($"{n + 1}-0").ShouldBeNull();
        });
    }

    private static void AssertSame(VoucherRegister register, Plain plain, IEnumerable<LedgerEvent> events)
    {
        foreach (var number in new[] { "记-1", "记-2", "收-1", "", "😀", "记-3" })
        {
            var expected = plain.Booked.GetValueOrDefault(number);
            register.Contains(number).ShouldBe(expected is not null);
            var found = register.Find(number);
            (found is null).ShouldBe(expected is null);
            if (found is not null)
            {
                found.Date.ShouldBe(expected!.Date);
                found.Kind.ShouldBe(expected switch { IncomeReceived => VoucherKind.Income, ExpenditurePosted => VoucherKind.Expenditure, _ => VoucherKind.Reversal });
                found.Outstanding.ShouldBe(plain.Outstanding(number), ignoreOrder: true);
            }
        }

        foreach (var e in events)
        {
            var held = plain.Booked.GetValueOrDefault(NumberOf(e)) is { } booked && EventCodec.SameContent(booked, e);
            (e switch { IncomeReceived i => register.Holds(i), ExpenditurePosted p => register.Holds(p), ExpenditureReversed r => register.Holds(r), _ => !held }).ShouldBe(held);
        }
    }

    private static string NumberOf(LedgerEvent e) => e switch
    {
        IncomeReceived i => i.Voucher,
        ExpenditurePosted p => p.Voucher,
        ExpenditureReversed r => r.Voucher,
        _ => throw new ArgumentException(e.GetType().Name),
    };

    /// <summary>The same with whole events in dictionaries.</summary>
    private sealed record Plain(Dictionary<string, LedgerEvent> Booked, Dictionary<string, IReadOnlyList<ExpenditureReversed>> Reversals)
    {
        public static readonly Plain Empty = new([], []);

        public bool Takes(LedgerEvent e) => e is not ExpenditureReversed r || Booked.GetValueOrDefault(r.Reversed) is ExpenditurePosted;

        public Plain With(LedgerEvent e)
        {
            var reversals = new Dictionary<string, IReadOnlyList<ExpenditureReversed>>(Reversals);
            if (e is ExpenditureReversed r)
            {
                reversals[r.Reversed] = [.. Reversals.GetValueOrDefault(r.Reversed) ?? [], r];
            }

            // The decisions see to it that no number is booked twice; if one were, the last would count.
            reversals.Remove(NumberOf(e));
            return new(new(Booked) { [NumberOf(e)] = e }, reversals);
        }

        public Dictionary<PostingLine, Money> Outstanding(string number)
        {
            var left = new Dictionary<PostingLine, Money>();
            foreach (var line in (Booked[number] as ExpenditurePosted)?.Lines ?? [])
            {
                var key = line with { Amount = Money.Zero };
                left[key] = left.GetValueOrDefault(key) + line.Amount;
            }

            foreach (var line in (Reversals.GetValueOrDefault(number) ?? []).SelectMany(r => r.Lines))
            {
                var key = line with { Amount = Money.Zero };
                left[key] = left.GetValueOrDefault(key) - line.Amount;
            }

            return left;
        }
    }
}
