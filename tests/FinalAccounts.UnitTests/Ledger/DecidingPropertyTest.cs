using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Ledger.Books;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>What holds of any course of commands. Few numbers, items and amounts, so that the rules are met often.</summary>
public class DecidingPropertyTest
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Gen<Money> Amounts = Gen.Frequency(
        (8, Gen.Choose(1, 300_00)), (1, Gen.Choose(-300_00, 0))).Select(fen => new Money(fen));

    private static readonly Gen<FunctionCode> Items = Gen.Frequency(
        (8, Gen.Elements(Agency, OtherAgency)), (1, Gen.Elements(new FunctionCode("208"), new FunctionCode("2089998"))));

    private static readonly Gen<Fund> FundsOfLines = Gen.Frequency((4, Gen.Constant(Fund.GeneralPublicBudget)), (1, Gen.Elements(Enum.GetValues<Fund>())));

    private static readonly Gen<string> Numbers = Gen.Choose(1, 12).Select(n => $"{n}号");

    private static readonly Gen<BudgetLine> BudgetLines =
        from item in Items
        from fund in FundsOfLines
        from amount in Amounts
        select new BudgetLine(item, fund, SpendingKind.Basic, null, null, amount);

    private static readonly Gen<PostingLine> PostingLines =
        from item in Items
        from fund in FundsOfLines
        from amount in Amounts
        from economic in Gen.Elements(Wages, Office)
        select new PostingLine(
            item, economic, fund, SpendingKind.Basic, null, fund == Fund.Other ? IncomeSource.Other : IncomeSource.FiscalAppropriation, amount);

    private static readonly Gen<BalanceLine> BalanceLines =
        from item in Items from fund in FundsOfLines from amount in Amounts select new BalanceLine(item, fund, null, null, amount);

    private static readonly Gen<YearCommand> Commands = Gen.Frequency(
        (4, from n in Numbers from lines in Some(BudgetLines) select (YearCommand)new AppropriateBudget(Day(1, 2), n, "年初预算", lines)),
        (2, from n in Numbers from lines in Some(BudgetLines) select (YearCommand)new SupplementBudget(Day(5, 2), n, "追加", lines)),
        (2, from n in Numbers from lines in Some(BudgetLines) select (YearCommand)new WithdrawBudget(Day(6, 2), n, "扣回", lines)),
        (2, from n in Numbers
            from line in BudgetLines
            from to in Items
            select (YearCommand)new ReallocateBudget(Day(7, 2), n, "调剂", [line], [line with { Function = to }])),
        (3, from n in Numbers
            from item in Items
            from fund in FundsOfLines
            from amount in Amounts
            select (YearCommand)new ReceiveIncome(Day(3, 1), n, "收入", [new(item, fund == Fund.Other ? IncomeSource.Other : IncomeSource.FiscalAppropriation, fund, amount)])),
        (6, from n in Numbers from lines in Some(PostingLines) select (YearCommand)new PostExpenditure(Day(3, 5), n, "支出", lines)),
        (5, from n in Numbers from of in Numbers from lines in Some(PostingLines) select (YearCommand)new ReverseExpenditure(Day(4, 1), n, of, "冲销", lines)),
        (1, from lines in Some(BalanceLines) select (YearCommand)new DetermineCarryOver(Day(12, 31), lines)),
        (1, Gen.Constant((YearCommand)new DetermineCarryOver(Day(12, 31), []))),
        (1, from n in Numbers from amount in Amounts select (YearCommand)new DistributeSurplus(Day(12, 31), n, "分配", amount)),
        (1, Gen.Constant((YearCommand)new SubmitYear(new(2025, 2, 1), Head))),
        (1, Gen.Constant((YearCommand)new CloseYear(Day(12, 31), Head))),
        (1, Gen.Constant((YearCommand)new ReopenYear(new(2025, 3, 1), "更正", "批复"))));

    [Fact]
    public void What_a_decision_yields_can_be_stored_and_folded_and_keeps_the_books_sound() =>
        Prop.ForAll(Gen.ListOf(Commands, 40).ToArbitrary(), commands =>
        {
            var books = Opened;
            foreach (var drawn in commands)
            {
                var command = Aimed(drawn, books);
                var decision = books.Decide(command);
                decision.IsRefused.ShouldBe(decision.Events.Count == 0);
                foreach (var e in decision.Events)
                {
                    var stored = EventCodec.Encode(e);
                    books = books with { Year = books.Year.Apply(EventCodec.Decode(stored.Type, stored.SchemaVersion, stored.Body)) };
                }

                if (!decision.IsRefused && command is not (SubmitYear or ReopenYear))
                {
                    books.Year.Holds(command).ShouldBeTrue();
                }

                AssertSound(books.Year);
            }
        }).Check(Thorough);

    [Fact]
    public void Postings_give_the_same_positions_and_totals_in_any_order_and_split() =>
        Prop.ForAll(
            (from lines in Gen.ListOf(PostingLines.Where(l => Chart.IsLeaf(l.Function) && l.Fund != Fund.SocialInsuranceFund && l.Amount > Money.Zero), 12)
             from shuffled in Gen.Shuffle(lines.AsEnumerable())
             from cuts in Gen.ArrayOf(Gen.Choose(0, 1), 12)
             select (lines, shuffled, cuts)).ToArbitrary(),
            drawn =>
            {
                var rich = Opened.Do(new AppropriateBudget(Day(1, 2), "1号", "预算", [.. from item in new[] { Agency, OtherAgency }
                    from fund in Enum.GetValues<Fund>() where fund.IsFiscal() select Budget(1_000_000_00) with { Function = item, Fund = fund }]));

                var whole = rich.Do(new PostExpenditure(Day(3, 5), "P", "支出", [.. drawn.lines]));

                // Some lines are halved, each is a voucher of its own, in another order.
                var pieces = rich;
                foreach (var (line, cut) in drawn.shuffled.Zip(drawn.cuts))
                {
                    var half = new Money(line.Amount.Fen / 2);
                    var amounts = cut == 1 && !half.IsZero ? new[] { half, line.Amount - half } : [line.Amount];
                    foreach (var amount in amounts)
                    {
                        pieces = pieces.Do(new PostExpenditure(Day(3, 5), $"P{pieces.Year.Vouchers.Count}", "支出", [line with { Amount = amount }]));
                    }
                }

                AssertSameAccounts(pieces.Year, whole.Year);
            }).Check(Thorough);

    [Fact]
    public void Budget_documents_give_the_same_positions_in_any_order_and_split() =>
        Prop.ForAll(
            (from lines in Gen.ListOf(BudgetLines.Where(l => Chart.IsLeaf(l.Function) && l.Fund != Fund.SocialInsuranceFund && l.Amount > Money.Zero), 10)
             from shuffled in Gen.Shuffle(lines.AsEnumerable())
             select (lines, shuffled)).ToArbitrary(),
            drawn =>
            {
                var whole = Opened.Do(new AppropriateBudget(Day(1, 2), "1号", "预算", [.. drawn.lines]));
                var pieces = drawn.shuffled.Aggregate(
                    Opened, (books, line) => books.Do(new SupplementBudget(Day(1, 2), $"{books.Year.Documents.Count}号", "预算", [line])));

                AssertSameAccounts(pieces.Year, whole.Year);
            }).Check(Thorough);

    private static void AssertSameAccounts(YearState actual, YearState expected)
    {
        actual.Positions.ShouldBe(expected.Positions, ignoreOrder: true);
        actual.Funds.ShouldBe(expected.Funds, ignoreOrder: true);
        actual.Totals.ShouldBe(expected.Totals);
        actual.Turnover.ShouldBe(expected.Turnover);
    }

    private static void AssertSound(YearState year)
    {
        foreach (var (key, position) in year.Positions.Where(p => p.Key.Fund.IsFiscal()))
        {
            position.Available.ShouldBeGreaterThanOrEqualTo(Money.Zero, key.ToString());
        }

        year.Positions.Values.Sum(p => p.Spent).ShouldBe(year.Totals.Spent);
        year.Funds.Values.Sum(f => f.Spent).ShouldBe(year.Totals.Spent);
        year.Funds.Values.Sum(f => f.Income).ShouldBe(year.Totals.Income);
        year.Vouchers.All.SelectMany(v => v.Outstanding.Values).ShouldAllBe(left => left >= Money.Zero);
        year.Vouchers.All.Sum(v => v.Outstanding.Values.Sum()).ShouldBe(year.Totals.Spent);
        if (year.IsClosed)
        {
            year.Totals.TotalIncome.ShouldBe(year.Totals.TotalExpenditure);
        }
    }

    /// <summary>A reversal drawn at random hardly ever meets a line; most are given what is left of their original, halved.</summary>
    private static YearCommand Aimed(YearCommand command, Books books) =>
        command is ReverseExpenditure reversal && reversal.Lines[0].Amount.Fen % 4 != 0 && books.Year.FindVoucher(reversal.Reversed) is { Outstanding.Count: > 0 } posted
            ? reversal with { Lines = [.. posted.Outstanding.Select(l => l.Key with { Amount = new((l.Value.Fen + 1) / 2) })] }
            : command;

    private static Gen<T[]> Some<T>(Gen<T> lines) => Gen.Choose(1, 3).SelectMany(n => Gen.ArrayOf(lines, n));
}
