using System.Globalization;
using System.Text.RegularExpressions;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Rules;
using FinalAccounts.Ledger.Statistics;
using NodaTime;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Ledger.Books;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>Each rule of the books with a command that breaks exactly it and, beside it, the nearest one that does not.</summary>
public partial class RuleTest
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-Hans");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    private static readonly AppropriateBudget Document = new(Day(1, 2), "9号", "年初预算", [Budget(1)]);
    private static readonly WithdrawBudget Withdrawal = new(Day(11, 1), "9号", "财政扣回", [Budget(1)]);
    private static readonly ReallocateBudget Reallocation =
        new(Day(6, 1), "9号", "调剂", [Budget(10_00)], [Budget(10_00) with { Function = OtherAgency }]);

    private static readonly PostExpenditure OnePosting = Spending("P9", 1);
    private static readonly ReceiveIncome OneIncome = Income("I9", 1);
    private static readonly WriteExplanation Explanation = new(Day(12, 31), "收入总计/比上年", "人员增加", "财务科");
    private static readonly ImportComparatives Comparatives =
        new(Day(1, 31), new(2023), "2023年度决算公开", [new("收入总计", new(1)), new("支出总计", new(1))]);

    private static readonly SetPerformanceTargets Targets =
        new(Day(1, 31), "某项目", "按时完成", [new("产出指标", "数量指标", "培训次数", "≥5次", "次", 10_000)]);

    private static readonly ReportSelfEvaluation SelfEvaluation =
        new(Day(12, 31), "某项目", Fund.GeneralPublicBudget, new(5_000_000), 9_500, "优秀", [new("培训次数", 900)]);

    private static readonly ReviseProfile Profile =
        new(Day(1, 1), "我单位", ["负责某事"], new(10, 9, 8), null, ["办公室"], [], []);

    private static readonly PublishDisclosure Publication = new(new(2025, 8, 20), new string('b', 64), Head);

    /// <summary>Rule, index of the line, field, what breaks it, what does not; the same rule may have several.</summary>
    private static IEnumerable<Case> Cases()
    {
        // Departments.
        yield return Case.Of(LedgerRules.UnknownDepartment, "Department", Blank, Opening(), Registered, Opening());
        yield return Case.Of(LedgerRules.UnknownDepartment, "Department", Registered, Opening() with { Department = new("301002") }, Opening());
        yield return Case.Of(
            LedgerRules.RegisteredTwice, null, Registered, new RegisterDepartment(Day(1, 1), Code, "某市某中心", "某省某市"),
            Blank, new RegisterDepartment(Day(1, 1), Code, "某市某中心", "某省某市"));
        yield return Case.Of(LedgerRules.ProfileOfUnknownDepartment, null, Blank, Profile, Registered, Profile);

        // Fiscal years.
        yield return Case.Of(LedgerRules.YearNotOpened, null, Registered, Document, Opened, Document);
        yield return Case.Of(LedgerRules.YearNotOpened, null, Registered, Publication, Closed, Publication);
        yield return Case.Of(LedgerRules.YearOpenedTwice, null, Opened, Opening(), Registered, Opening());
        yield return Case.Of(LedgerRules.YearClosed, null, Closed, OnePosting, Spent, OnePosting);
        yield return Case.Of(LedgerRules.YearClosed, null, Closed, Explanation, Spent, Explanation);
        yield return Case.Of(LedgerRules.YearClosed, null, Closed, new CloseYear(Day(12, 31), Head), Spent, new CloseYear(Day(12, 31), Head));
        var reopening = new ReopenYear(new(2025, 3, 1), "更正差错", "财政局批复");
        yield return Case.Of(LedgerRules.YearNotClosed, null, Spent, reopening, Closed, reopening);
        yield return Case.Of(LedgerRules.YearNotClosed, null, Closed.Do(reopening), reopening, Closed, reopening);

        var submission = new SubmitYear(new(2025, 3, 1), Head);
        yield return Case.Of(LedgerRules.YearNotOpened, null, Registered, submission, Opened, submission);
        yield return Case.Of(LedgerRules.SealMalformed, "Seal", Opened, submission with { Seal = new(0, "") }, Opened, submission);

        // Dates.
        foreach (var (before, first) in new[] { (new LocalDate(2023, 12, 31), Day(1, 1)), (new LocalDate(2025, 1, 1), Day(12, 31)) })
        {
            YearCommand[] bookings =
            [
                Document, Withdrawal, Reallocation, new SupplementBudget(Day(1, 1), "9号", "追加", [Budget(1)]), OneIncome, OnePosting,
                new UseNonFiscalSurplus(Day(1, 1), "9号", "使用结余", new(1)), new DistributeSurplus(Day(1, 1), "9号", "分配", new(1)),
                new DetermineCarryOver(Day(1, 1), []),
            ];
            foreach (var booking in bookings)
            {
                yield return Case.Of(LedgerRules.DateOutsideYear, "Date", Budgeted, booking with { Date = before }, booking with { Date = first });
            }

            yield return Case.Of(LedgerRules.DateOutsideYear, "Date", Registered, Opening() with { Date = before }, Opening() with { Date = first });
        }

        yield return Case.Of(
            LedgerRules.DateOutsideYear, "Date", Spent, Reversal("R9", "P1", 1) with { Date = new(2025, 1, 1) },
            Reversal("R9", "P1", 1) with { Date = Day(12, 31) });
        foreach (var (outside, inside) in new[] { (new LocalDate(2023, 12, 31), Day(1, 1)), (new LocalDate(2026, 1, 1), new LocalDate(2025, 12, 31)) })
        {
            YearCommand[] reports =
            [
                Report(new Statistic("编制人数", 48, "人")), Targets, SelfEvaluation, Explanation, Comparatives, new CloseYear(Day(12, 31), Head),
                new ReportPerformanceResults(Day(12, 31), null, "完成", "无", "无", null, []),
            ];
            foreach (var report in reports)
            {
                yield return Case.Of(
                    LedgerRules.DateOutsideReportingPeriod, "Date", Spent.Do(Targets), report with { Date = outside }, report with { Date = inside });
            }
        }

        yield return Case.Of(
            LedgerRules.DateBeforeClose, "Date", Closed, reopening with { Date = Day(12, 30) }, reopening with { Date = Day(12, 31) });
        yield return Case.Of(
            LedgerRules.DateBeforeClose, "Date", Closed, Publication with { Date = Day(12, 30) }, Publication with { Date = Day(12, 31) });

        // Texts and lines.
        yield return Case.Of(LedgerRules.TextEmpty, "Summary", Budgeted, OnePosting with { Summary = "" }, OnePosting);
        yield return Case.Of(LedgerRules.TextEmpty, "Summary", Budgeted, OnePosting with { Summary = " \n" }, OnePosting);
        yield return Case.Of(LedgerRules.TextEmpty, "DocumentNumber", Opened, Document with { DocumentNumber = "" }, Document);
        yield return Case.Of(LedgerRules.TextEmpty, "Voucher", Budgeted, OneIncome with { Voucher = "" }, OneIncome);
        yield return Case.Of(LedgerRules.TextEmpty, "Text", Opened, Explanation with { Text = "" }, Explanation);
        yield return Case.Of(
            LedgerRules.TextTooLong, "Voucher", Budgeted, OnePosting with { Voucher = new('7', Limits.Name + 1) },
            OnePosting with { Voucher = new('7', Limits.Name) });
        yield return Case.Of(
            LedgerRules.TextTooLong, "Purpose", Opened, Document with { Purpose = new('用', Limits.Phrase + 1) },
            Document with { Purpose = new('用', Limits.Phrase) });
        yield return Case.Of(
            LedgerRules.TextTooLong, "Text", Opened, Explanation with { Text = new('因', Limits.Text + 1) },
            Explanation with { Text = new('因', Limits.Text) });
        foreach (var broken in new[] { "办\0公", "办\t公", "办\u0085公", "办\uFFFD公", "办\uD83D", "\uDE00公", "办\uD83D公" })
        {
            yield return Case.Of(
                LedgerRules.TextWithControlCharacter, "Summary", Budgeted, OnePosting with { Summary = broken },
                OnePosting with { Summary = "办公\n😀" });
        }

        yield return Case.Of(
            LedgerRules.TextWithControlCharacter, "Voucher", Budgeted, OnePosting with { Voucher = "1\n2" }, OnePosting with { Voucher = "1 2" });
        yield return Case.Of(
            LedgerRules.IdentifierWithSurroundingSpace, "Voucher", Budgeted, OnePosting with { Voucher = "记1\u3000" },
            OnePosting with { Voucher = "记1" });
        yield return Case.Of(LedgerRules.NoLines, "Lines", Opened, Document with { Lines = [] }, Document);
        yield return Case.Of(LedgerRules.NoLines, "Lines", Budgeted, OnePosting with { Lines = [] }, OnePosting);
        yield return Case.Of(LedgerRules.NoLines, "Lines", Budgeted, OneIncome with { Lines = [] }, OneIncome);
        yield return Case.Of(LedgerRules.NoLines, "Items", Opened, Report(), Report(new Statistic("编制人数", 48, "人")));
        yield return Case.Of(
            LedgerRules.TooManyLines, "Lines", Budgeted, OnePosting with { Lines = [.. Enumerable.Repeat(Posting(1), Limits.Lines + 1)] },
            OnePosting with { Lines = [.. Enumerable.Repeat(Posting(1), Limits.Lines)] });

        // Codes. The chart of 2024 has 2080101 and 30201; 2089998 and 30198 are in no edition.
        yield return Case.Of(
            LedgerRules.FunctionNotInChart, "Lines.Function", Opened, Document with { Lines = [Budget(1), Budget(1) with { Function = new("2089998") }] },
            Document, line: 1);
        yield return Case.Of(
            LedgerRules.FunctionNotInChart, "Lines.Function", Budgeted, OneIncome with { Lines = [IncomeOf(1) with { Function = new("2089998") }] },
            OneIncome, line: 0);
        yield return Case.Of(
            LedgerRules.FunctionNotInChart, "Lines.Function", Budgeted, OnePosting with { Lines = [Posting(1) with { Function = new("2089998") }] },
            OnePosting, line: 0);
        yield return Case.Of(
            LedgerRules.FunctionNotLeaf, "Lines.Function", Opened, Document with { Lines = [Budget(1) with { Function = new("20801") }] }, Document, line: 0);
        yield return Case.Of(
            LedgerRules.FunctionNotLeaf, "Lines.Function", Budgeted, OnePosting with { Lines = [Posting(1) with { Function = new("208") }] },
            OnePosting, line: 0);
        yield return Case.Of(
            LedgerRules.EconomicNotInChart, "Lines.Economic", Budgeted, OnePosting with { Lines = [Posting(1) with { Economic = new("30198") }] },
            OnePosting, line: 0);
        yield return Case.Of(
            LedgerRules.EconomicNotInChart, "Lines.Economic", Opened, Document with { Lines = [Budget(1) with { Economic = new("30198") }] },
            Document with { Lines = [Budget(1) with { Economic = Wages }] }, line: 0);
        yield return Case.Of(
            LedgerRules.EconomicNotItem, "Lines.Economic", Budgeted, OnePosting with { Lines = [Posting(1) with { Economic = new("302") }] },
            OnePosting, line: 0);

        // Funds and kinds.
        yield return Case.Of(
            LedgerRules.SourceDoesNotGoWithFund, "Lines.Source", Opened, OneIncome with { Lines = [IncomeOf(1) with { Fund = Fund.Other }] },
            OneIncome with { Lines = [IncomeOf(1) with { Fund = Fund.StateCapital }] }, line: 0);
        yield return Case.Of(
            LedgerRules.SourceDoesNotGoWithFund, "Lines.Source", Budgeted,
            OnePosting with { Lines = [Posting(1) with { Source = IncomeSource.Undertaking }] },
            OnePosting with { Lines = [Posting(1) with { Source = IncomeSource.Undertaking, Fund = Fund.Other }] }, line: 0);
        yield return Case.Of(
            LedgerRules.FundNotBooked, "Lines.Fund", Opened, Document with { Lines = [Budget(1) with { Fund = Fund.SocialInsuranceFund }] },
            Document, line: 0);
        yield return Case.Of(
            LedgerRules.FundNotBooked, "Lines.Fund", Opened, OneIncome with { Lines = [IncomeOf(1) with { Fund = Fund.SocialInsuranceFund }] },
            OneIncome, line: 0);
        yield return Case.Of(
            LedgerRules.FundNotBooked, "OpeningBalances.Fund", Registered,
            Opening(new BalanceLine(null, Fund.SocialInsuranceFund, null, null, new(1))), Opening(new BalanceLine(null, Fund.Other, null, null, new(1))),
            line: 0);
        yield return Case.Of(
            LedgerRules.BasicWithProject, "Lines.Project", Budgeted, OnePosting with { Lines = [Posting(1) with { Project = "某项目" }] },
            OnePosting with { Lines = [Posting(1) with { Project = "某项目", Kind = SpendingKind.Project }] }, line: 0);
        yield return Case.Of(
            LedgerRules.BasicWithProject, "OpeningBalances.Project", Registered,
            Opening(new BalanceLine(Agency, Fund.Other, SpendingKind.Basic, "某项目", new(1))),
            Opening(new BalanceLine(Agency, Fund.Other, SpendingKind.Project, "某项目", new(1))), line: 0);
        yield return Case.Of(
            LedgerRules.ProjectWithoutName, "Lines.Project", Opened, Document with { Lines = [Budget(1) with { Kind = SpendingKind.Project }] },
            Document with { Lines = [Budget(1) with { Kind = SpendingKind.Operating }] }, line: 0);

        // Amounts and numbers.
        foreach (var amount in new long[] { 0, -1 })
        {
            yield return Case.Of(LedgerRules.AmountNotAboveZero, "Lines.Amount", Opened, Document with { Lines = [Budget(amount)] }, Document, line: 0);
            yield return Case.Of(LedgerRules.AmountNotAboveZero, "Lines.Amount", Budgeted, Spending("P9", 1, amount), OnePosting, line: 1);
            yield return Case.Of(
                LedgerRules.AmountNotAboveZero, "Lines.Amount", Spent, Reversal("R9", "P1", amount), Reversal("R9", "P1", 1), line: 0);
            yield return Case.Of(
                LedgerRules.AmountNotAboveZero, "Amount", Opened, new DistributeSurplus(Day(12, 31), "9号", "分配", new(amount)),
                new DistributeSurplus(Day(12, 31), "9号", "分配", new(1)));
        }

        // Counterparties. The one of the kinds that has none, then each of the four that may.
        var other = new DepartmentCode("301002");
        var transfer = OtherPosting(1) with { Counterparty = other };
        yield return Case.Of(
            LedgerRules.CounterpartyOfNoTransfer, "Lines.Counterparty", Budgeted, OnePosting with { Lines = [Posting(1) with { Counterparty = other }] }, OnePosting, line: 0);
        yield return Case.Of(
            LedgerRules.CounterpartyOfNoTransfer, "Lines.Counterparty", Opened, OneIncome with { Lines = [IncomeOf(1), IncomeOf(1) with { Counterparty = other }] },
            OneIncome, line: 1);
        foreach (var kind in new[] { SpendingKind.RemittanceToSuperior, SpendingKind.SubsidyToAffiliate })
        {
            yield return Case.Of(
                LedgerRules.CounterpartyIsItself, "Lines.Counterparty", Budgeted, OnePosting with { Lines = [transfer with { Kind = kind, Counterparty = Code }] },
                OnePosting with { Lines = [transfer with { Kind = kind }] }, line: 0);
            var paid = Budgeted.Do(Spending("P2", 1) with { Lines = [transfer with { Kind = kind }] });
            var back = Reversal("R9", "P2", 1) with { Lines = [transfer with { Kind = kind }] };
            yield return Case.Of(
                LedgerRules.ReversedLineUnknown, "Lines", paid, back with { Lines = [transfer with { Kind = kind, Counterparty = new("301003") }] }, back, line: 0);
        }

        foreach (var source in new[] { IncomeSource.SubsidyFromSuperior, IncomeSource.RemittanceFromAffiliate })
        {
            var line = new IncomeLine(Agency, source, Fund.Other, new(1), other);
            yield return Case.Of(
                LedgerRules.CounterpartyIsItself, "Lines.Counterparty", Opened, OneIncome with { Lines = [line with { Counterparty = Code }] },
                OneIncome with { Lines = [line] }, line: 0);
        }

        yield return Case.Of(LedgerRules.AmountZero, "Lines.Amount", Opened, Income("I9", 0), Income("I9", -1), line: 0);
        yield return Case.Of(
            LedgerRules.AmountZero, "OpeningBalances.Amount", Registered, Opening(new BalanceLine(null, Fund.Other, null, null, Money.Zero)),
            Opening(new BalanceLine(null, Fund.Other, null, null, new(-1))), line: 0);
        var limit = Money.InputLimit.Fen;
        yield return Case.Of(
            LedgerRules.AmountBeyondLimit, "Lines.Amount", Opened, Document with { Lines = [Budget(limit + 1)] }, Document with { Lines = [Budget(limit)] }, line: 0);
        yield return Case.Of(LedgerRules.AmountBeyondLimit, "Lines.Amount", Opened, Income("I9", -limit - 1), Income("I9", -limit), line: 0);
        yield return Case.Of(LedgerRules.AmountBeyondLimit, "Lines.Amount", Opened, Income("I9", long.MinValue), Income("I9", -limit), line: 0);

        // The limit of the turnover is a thousand times the limit of an amount.
        var full = Document with { Lines = [.. Enumerable.Repeat(Budget(limit), 999)] };
        yield return Case.Of(
            LedgerRules.TurnoverBeyondLimit, null, Opened.Do(full), Document with { DocumentNumber = "10号", Lines = [Budget(limit), Budget(1)] },
            Document with { DocumentNumber = "10号", Lines = [Budget(limit)] });
        yield return Case.Of(
            LedgerRules.TurnoverBeyondLimit, null, Opened.Do(full), new ReceiveIncome(Day(3, 1), "I9", "退库", [IncomeOf(-limit), IncomeOf(-1)]),
            new ReceiveIncome(Day(3, 1), "I9", "退库", [IncomeOf(-limit)]));
        yield return Case.Of(
            LedgerRules.AmountBelowZero, "Items.Value", Opened, Report(new Statistic("会议费", -1, Statistic.Yuan)),
            Report(new Statistic("会议费", 0, Statistic.Yuan)), line: 0);
        yield return Case.Of(
            LedgerRules.AmountBelowZero, "Meetings.Cost", Opened, Report() with { Meetings = [new("年会", "总结", new(-1), 0)] },
            Report() with { Meetings = [new("年会", "总结", new(0), 0)] }, line: 0);
        yield return Case.Of(
            LedgerRules.NumberBelowZero, "Items.Value", Opened, Report(new Statistic("编制人数", -1, "人")), Report(new Statistic("编制人数", 0, "人")), line: 0);
        yield return Case.Of(
            LedgerRules.NumberBelowZero, "Headcount.Retired", Registered, Profile with { Headcount = new(1, 1, -1) }, Registered, Profile);
        yield return Case.Of(
            LedgerRules.NumberBeyondLimit, "Items.Value", Opened, Report(new Statistic("参保人数", Limits.Number + 1, "人")),
            Report(new Statistic("参保人数", Limits.Number, "人")), line: 0);

        // Budget. There are 1000 yuan on 2080101, 300 of them spent in Spent; 500 on 2080199.
        yield return Case.Of(
            LedgerRules.DocumentTwice, "DocumentNumber", Budgeted, Document with { DocumentNumber = "1号" }, Document with { DocumentNumber = "2号" });
        yield return Case.Of(
            LedgerRules.DocumentTwice, "DocumentNumber", Budgeted, new DistributeSurplus(Day(12, 31), "1号", "分配", new(1)),
            new DistributeSurplus(Day(12, 31), "2号", "分配", new(1)));
        yield return Case.Of(LedgerRules.SpentBeyondBudget, "Lines", Spent, Spending("P9", 700_00, 1), Spending("P9", 700_00), line: 1);
        yield return Case.Of(
            LedgerRules.SpentBeyondBudget, "Lines", Spent, OnePosting with { Lines = [Posting(1) with { Fund = Fund.GovernmentFund }] },
            OnePosting with { Lines = [OtherPosting(1)] }, line: 0);
        yield return Case.Of(
            LedgerRules.TakenBeyondAvailable, "Lines", Spent, Withdrawal with { Lines = [Budget(700_00), Budget(1)] },
            Withdrawal with { Lines = [Budget(700_00)] }, line: 1);
        yield return Case.Of(
            LedgerRules.TakenBeyondAvailable, "From", Spent, Reallocation with { From = [Budget(700_01)], To = [Budget(700_01) with { Function = OtherAgency }] },
            Reallocation with { From = [Budget(700_00)], To = [Budget(700_00) with { Function = OtherAgency }] }, line: 0);
        yield return Case.Of(
            LedgerRules.ReallocationDoesNotBalance, null, Spent, Reallocation with { To = [Budget(9_99)] }, Reallocation with { To = [Budget(9_99), Budget(1)] });

        // Vouchers and reversals. P1 has one line of 300 yuan.
        yield return Case.Of(LedgerRules.VoucherTwice, "Voucher", Spent, Spending("P1", 1), Spending("P2", 1));
        yield return Case.Of(LedgerRules.VoucherTwice, "Voucher", Spent, Income("P1", 1), Income("I2", 1));
        yield return Case.Of(LedgerRules.VoucherTwice, "Voucher", Spent, Reversal("P1", "P1", 1), Reversal("R1", "P1", 1));
        yield return Case.Of(LedgerRules.ReversedVoucherUnknown, "Reversed", Spent, Reversal("R1", "P2", 1), Reversal("R1", "P1", 1));
        yield return Case.Of(LedgerRules.ReversedVoucherIsNoExpenditure, "Reversed", Spent, Reversal("R1", "I1", 1), Reversal("R1", "P1", 1));
        yield return Case.Of(
            LedgerRules.ReversedVoucherIsNoExpenditure, "Reversed", Spent.Do(Reversal("R1", "P1", 1)), Reversal("R2", "R1", 1), Reversal("R2", "P1", 1));
        yield return Case.Of(
            LedgerRules.ReversedLineUnknown, "Lines", Spent, Reversal("R1", "P1", 1) with { Lines = [Posting(1) with { Economic = Wages }] },
            Reversal("R1", "P1", 1), line: 0);
        yield return Case.Of(
            LedgerRules.ReversedBeyondPosted, "Lines.Amount", Spent, Reversal("R1", "P1", 300_01), Reversal("R1", "P1", 300_00), line: 0);
        yield return Case.Of(
            LedgerRules.ReversedBeyondPosted, "Lines.Amount", Spent, Reversal("R1", "P1", 300_00, 1), Reversal("R1", "P1", 299_99, 1), line: 1);
        yield return Case.Of(
            LedgerRules.ReversedBeyondPosted, "Lines.Amount", Spent.Do(Reversal("R1", "P1", 200_00)), Reversal("R2", "P1", 100_01),
            Reversal("R2", "P1", 100_00), line: 0);
        yield return Case.Of(
            LedgerRules.ReversedBeforePosted, "Date", Spent, Reversal("R1", "P1", 1) with { Date = Day(3, 4) }, Reversal("R1", "P1", 1) with { Date = Day(3, 5) });

        // Reports.
        yield return Case.Of(
            LedgerRules.StatisticTwice, "Items.Name", Opened, Report(new("编制人数", 1, "人"), new("编制人数", 1, "人")),
            Report(new("编制人数", 1, "人"), new("在职人数", 1, "人")), line: 1);
        yield return Case.Of(
            LedgerRules.StatisticUnitChanged, "Items.Unit", Opened.Do(Report(new Statistic("车辆", 1, "辆"))), Report(new Statistic("车辆", 1, "台")),
            Report(new Statistic("车辆", 2, "辆")), line: 0);
        foreach (var score in new[] { -1, 10_001 })
        {
            yield return Case.Of(LedgerRules.ScoreOutOfRange, "ScoreHundredths", Opened.Do(Targets), SelfEvaluation with { ScoreHundredths = score }, SelfEvaluation with { ScoreHundredths = 10_000 });
            yield return Case.Of(
                LedgerRules.ScoreOutOfRange, "Scores.ScoreHundredths", Opened.Do(Targets), SelfEvaluation with { Scores = [new("培训次数", score)] },
                SelfEvaluation with { Scores = [new("培训次数", 0)] }, line: 0);
            yield return Case.Of(
                LedgerRules.ScoreOutOfRange, "Indicators.WeightHundredths", Opened,
                Targets with { Indicators = [Targets.Indicators[0] with { WeightHundredths = score }] }, Targets, line: 0);
        }

        foreach (var c in Performance())
        {
            yield return c;
        }

        yield return Case.Of(LedgerRules.ComparativesNotBefore, "Year", Opened, Comparatives with { Year = new(2024) }, Comparatives);
        yield return Case.Of(
            LedgerRules.ComparativeTwice, "Items.Quantity", Opened, Comparatives with { Items = [new("收入总计", new(1)), new("收入总计", new(2))] },
            Comparatives, line: 1);

        // Consolidation. 301002 has 301003 below it; 301004 belongs to nobody.
        var members = new DetermineMembers(Day(12, 31), [other, new("301004")]);
        var below = new DepartmentCode("301003");
        var listed = Opened with { MemberLists = MemberLists.None.With(other, [below]) };
        yield return Case.Of(LedgerRules.MemberTwice, "Members", listed, members with { Members = [other, new("301004"), other] }, members, line: 2);
        yield return Case.Of(LedgerRules.MembersInCircle, "Members", listed, members with { Members = [Code] }, members, line: 0);
        var circle = Opened with { MemberLists = listed.MemberLists.With(below, [Code]) };
        yield return Case.Of(LedgerRules.MembersInCircle, "Members", circle, members, members with { Members = [new("301004")] }, line: 0);
        yield return Case.Of(LedgerRules.MemberOfTwo, "Members", listed, members with { Members = [new("301004"), below] }, members, line: 1);
        yield return Case.Of(LedgerRules.YearClosed, null, Closed, members, Spent, members);

        // Closing and publishing.
        var close = new CloseYear(Day(12, 31), Head);
        var otherIncome = new ReceiveIncome(Day(3, 1), "I9", "其他收入", [new(Agency, IncomeSource.Other, Fund.Other, new(1))]);
        yield return Case.Of(LedgerRules.TotalsDiffer, null, Spent.Do(otherIncome), close, Spent, close);

        // One fen too much in one fund and one too little in another: the totals agree, the funds do not.
        var crossed = Spent.Do(otherIncome).Do(new DetermineCarryOver(Day(12, 31), [new(Agency, Fund.GeneralPublicBudget, null, null, new(1))]));
        var right = Spent.Do(otherIncome).Do(new DetermineCarryOver(Day(12, 31), [new(Agency, Fund.Other, null, null, new(1))]));
        yield return Case.Of(LedgerRules.FundDoesNotBalance, null, crossed, close, right, close);
        foreach (var seal in new[] { new Seal(0, Head.Hash), new Seal(1, Head.Hash[1..]), new Seal(1, new string('A', 64)), new Seal(1, new string('g', 64)) })
        {
            yield return Case.Of(LedgerRules.SealMalformed, "Seal", Spent, close with { Seal = seal }, close with { Seal = Head with { Position = 1 } });
            yield return Case.Of(LedgerRules.SealMalformed, "Seal", Closed, Publication with { Seal = seal }, Publication);
        }

        yield return Case.Of(LedgerRules.PublishedBeforeClose, null, Spent, Publication, Closed, Publication);
        yield return Case.Of(LedgerRules.PublishedBeforeClose, null, Closed.Do(reopening), Publication, Closed, Publication);
        yield return Case.Of(LedgerRules.DocumentHashMalformed, "DocumentSha256", Closed, Publication with { DocumentSha256 = "b" }, Publication);
        yield return Case.Of(
            LedgerRules.DocumentHashMalformed, "FormPack.Sha256", Closed, Publication with { FormPack = new("某格式", new string('B', 64)) },
            Publication with { FormPack = new("某格式", new string('b', 64)) });
    }

    /// <summary>Three indicators, two of them alike in everything but what is to be reached: 40 + 30 + 20, and 10 for the execution rate.</summary>
    private static IEnumerable<Case> Performance()
    {
        var first = new Indicator("产出指标", "数量指标", "指标1", "≥5次", null, 40_00);
        var second = first with { Target = "≥6次", WeightHundredths = 30_00 };
        var third = first with { Level2 = "质量指标", WeightHundredths = 20_00 };
        var targets = Targets with { Indicators = [first, second, third], ExecutionWeightHundredths = 10_00 };
        var books = Opened.Do(targets);
        var results = new ReportPerformanceResults(Day(12, 31), "某项目", "完成", "", "", null, []);
        var evaluation = SelfEvaluation with { Scores = [] };
        var quality = new IndicatorScore("指标1", 20_00, "产出指标", "质量指标");
        var second2 = new IndicatorScore("指标1", 30_00, "产出指标", "数量指标", 2);

        // 99.99, 100.01, and the weight of the execution rate forgotten.
        foreach (var broken in new[] { targets with { Indicators = [first, second, third with { WeightHundredths = 19_99 }] },
            targets with { Indicators = [first, second, third with { WeightHundredths = 20_01 }] }, targets with { ExecutionWeightHundredths = null },
            targets with { Indicators = [] } })
        {
            yield return Case.Of(LedgerRules.WeightsNotAHundred, "Indicators", Opened, broken, targets);
        }

        yield return Case.Of(LedgerRules.WeightsNotAHundred, "Indicators", Opened, targets with { Indicators = [] }, targets with { Indicators = [], ExecutionWeightHundredths = null });
        yield return Case.Of(
            LedgerRules.ScoreOutOfRange, "ExecutionWeightHundredths", Opened, targets with { ExecutionWeightHundredths = -1 }, targets);
        yield return Case.Of(
            LedgerRules.ScoreAboveWeight, "Scores.ScoreHundredths", books, evaluation with { Scores = [second2, quality with { ScoreHundredths = 20_01 }] },
            evaluation with { Scores = [second2, quality] }, line: 1);
        yield return Case.Of(
            LedgerRules.ScoreAboveWeight, "ExecutionScoreHundredths", books, evaluation with { ExecutionScoreHundredths = 10_01 },
            evaluation with { ExecutionScoreHundredths = 10_00 });
        yield return Case.Of(
            LedgerRules.ScoreAboveWeight, "ExecutionScoreHundredths", Opened.Do(Targets), evaluation with { ExecutionScoreHundredths = 1 }, evaluation);
        foreach (var stranger in new[] { quality with { Name = "指标2" }, quality with { Level2 = "时效指标" }, quality with { Number = 2 }, second2 with { Number = 0 } })
        {
            yield return Case.Of(
                LedgerRules.IndicatorWithoutTarget, "Scores.Name", books, evaluation with { Scores = [stranger] }, evaluation with { Scores = [quality] }, line: 0);
        }

        yield return Case.Of(
            LedgerRules.IndicatorWithoutTarget, "Scores.Name", Opened, SelfEvaluation, Opened.Do(Targets), SelfEvaluation, line: 0);
        yield return Case.Of(
            LedgerRules.IndicatorWithoutTarget, "Results.Name", books, results with { Results = [new("指标2", "5次")] },
            results with { Results = [new("指标1", "5次", null, "质量指标")] }, line: 0);
        yield return Case.Of(
            LedgerRules.IndicatorAmbiguous, "Scores.Name", books, evaluation with { Scores = [second2 with { Number = null }] },
            evaluation with { Scores = [second2] }, line: 0);
        yield return Case.Of(
            LedgerRules.IndicatorAmbiguous, "Results.Name", books, results with { Results = [new("指标1", "5次")] }, results, line: 0);
        yield return Case.Of(
            LedgerRules.IndicatorTwice, "Results.Name", books,
            results with { Results = [new("指标1", "5次", "产出指标", "数量指标", 1), new("指标1", "5次", "产出指标", "数量指标", 1)] },
            results with { Results = [new("指标1", "5次", "产出指标", "数量指标", 1), new("指标1", "5次", "产出指标", "数量指标", 2)] }, line: 1);
    }

    [Fact]
    public void Each_rule_is_broken_by_its_case_alone_and_kept_by_the_case_beside_it()
    {
        foreach (var c in Cases())
        {
            var found = c.Broken.Findings.ShouldHaveSingleItem(c.ToString());
            found.RuleId.ShouldBe(c.Rule.Id, c.ToString());
            found.Line.ShouldBe(c.Line, c.ToString());
            found.Field.ShouldBe(c.Field, c.ToString());
            found.Severity.ShouldBe(Severity.Refusal, c.ToString());
            c.Broken.IsRefused.ShouldBeTrue();
            c.Broken.Events.ShouldBeEmpty(c.ToString());

            c.Kept.Findings.ShouldBeEmpty(c.ToString());
            c.Kept.Events.ShouldHaveSingleItem(c.ToString());
        }
    }

    [Fact]
    public void Every_rule_of_the_catalogue_has_a_case_that_breaks_it() =>
        RuleCatalogue.All.Select(r => r.Id).Except(Cases().Select(c => c.Rule.Id)).ShouldBeEmpty();

    [Fact]
    public void Rule_ids_are_never_given_twice() => RuleCatalogue.All.Select(r => r.Id).ShouldBeUnique();

    [Fact]
    public void A_message_names_its_rule_and_shows_every_argument_in_both_languages()
    {
        foreach (var finding in Cases().Select(c => c.Broken.Findings[0]))
        {
            var rule = RuleCatalogue.Find(finding.RuleId);
            foreach (var text in new[] { finding.ToText(Chinese), finding.ToText(English) })
            {
                text.ShouldStartWith(finding.RuleId + " ");
                text.ShouldNotContain("{");
                foreach (var (_, argument) in rule.Parameters.Zip(finding.Arguments).Where(p => p.First != Rule.FieldParameter))
                {
                    text.ShouldContain(argument);
                }
            }

            finding.ToText(Chinese).ShouldNotBe(finding.ToText(English));
            HasChinese().IsMatch(finding.ToText(Chinese)).ShouldBeTrue();
            finding.Remedy(Chinese).ShouldNotBe(finding.Remedy(English));
        }
    }

    [Fact]
    public void A_template_uses_exactly_the_parameters_of_its_rule_in_both_languages()
    {
        foreach (var rule in RuleCatalogue.All)
        {
            foreach (var culture in new[] { Chinese, English })
            {
                var used = Placeholder().Matches(rule.MessageTemplate(culture)).Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
                used.Order().Distinct().ShouldBe(Enumerable.Range(0, rule.Parameters.Count), $"{rule.Id} {culture}");
                rule.Demand(culture).ShouldNotBeNullOrWhiteSpace();
            }
        }
    }

    [Fact]
    public void Spending_beyond_the_budget_is_carried_out_with_a_warning_where_the_region_only_warns()
    {
        var warned = Registered.Do(Opening() with { Overspending = OverspendingPolicy.Warn }).Do(Document with { Lines = [Budget(100)] });

        var decision = warned.Decide(Spending("P9", 101));

        decision.IsRefused.ShouldBeFalse();
        decision.Events.ShouldHaveSingleItem().ShouldBeOfType<ExpenditurePosted>();
        decision.Warnings.ShouldHaveSingleItem().RuleId.ShouldBe(LedgerRules.SpentBeyondBudget.Id);
        decision.Warnings.Single().Arguments.ShouldBe(["2080101", "行政运行", "一般公共预算", "1.00", "1.01"]);
    }

    [Fact]
    public void An_opening_balance_of_the_item_and_fund_can_be_spent()
    {
        var opened = Registered.Do(Opening(new BalanceLine(Agency, Fund.GeneralPublicBudget, null, null, new(100))));

        opened.Decide(Spending("P9", 100)).IsRefused.ShouldBeFalse();
        opened.Decide(Spending("P9", 101)).IsRefused.ShouldBeTrue();
    }

    [Fact]
    public void Reversed_spending_can_be_spent_again() =>
        Spent.Do(Spending("P2", 700_00)).Do(Reversal("R1", "P1", 300_00)).Decide(Spending("P3", 300_00)).IsRefused.ShouldBeFalse();

    [Fact]
    public void Everything_that_is_wrong_with_a_command_is_told_at_once()
    {
        var decision = Opened.Decide(new PostExpenditure(
            new(2023, 1, 1), "", "办公费", [Posting(0), Posting(1) with { Function = new("208"), Economic = new("302") }]));

        decision.Refusals.Select(f => f.RuleId).ShouldBe(["L-DATE-01", "L-TEXT-01", "L-AMT-01", "L-CODE-02", "L-CODE-04"]);
    }

    [Fact]
    public void The_chart_of_another_year_is_a_mistake_of_the_caller() =>
        Should.Throw<ArgumentException>(() => Deciding.Decide(Opened.Department, Opened.Year, ChartOfAccounts.For(new(2020)), OnePosting));

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex HasChinese();

    private sealed record Case(Rule Rule, string? Field, int? Line, Decision Broken, Decision Kept, string Command)
    {
        public static Case Of(Rule rule, string? field, Books books, YearCommand broken, YearCommand kept, int? line = null) =>
            new(rule, field, line, books.Decide(broken), books.Decide(kept), broken.GetType().Name);

        public static Case Of(Rule rule, string? field, Books brokenIn, YearCommand broken, Books keptIn, YearCommand kept, int? line = null) =>
            new(rule, field, line, brokenIn.Decide(broken), keptIn.Decide(kept), broken.GetType().Name);

        public static Case Of(Rule rule, string? field, Books brokenIn, DepartmentCommand broken, Books keptIn, DepartmentCommand kept) =>
            new(rule, field, null, brokenIn.Decide(broken), keptIn.Decide(kept), broken.GetType().Name);

        public override string ToString() =>
            $"{Rule.Id} {Command}: {string.Join("; ", Broken.Findings.Select(f => f.ToText(English)))} | {string.Join("; ", Kept.Findings.Select(f => f.ToText(English)))}";
    }
}
