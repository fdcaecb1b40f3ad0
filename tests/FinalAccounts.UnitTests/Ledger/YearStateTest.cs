using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using NodaTime;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Ledger.Books;

namespace FinalAccounts.UnitTests.Ledger;

public class YearStateTest
{
    private static readonly BalanceLine OpeningBalance = new(Agency, Fund.GeneralPublicBudget, null, null, new(70_00));

    [Fact]
    public void Budget_opening_balance_and_spending_meet_in_the_position_of_an_item_and_fund()
    {
        var books = Registered.Do(Opening(OpeningBalance, new BalanceLine(null, Fund.GeneralPublicBudget, null, null, new(5_00))))
            .Do(new AppropriateBudget(Day(1, 2), "1号", "年初预算", [Budget(1000_00)]))
            .Do(new SupplementBudget(Day(5, 2), "2号", "追加", [Budget(200_00)]))
            .Do(new WithdrawBudget(Day(6, 2), "3号", "扣回", [Budget(30_00)]))
            .Do(new ReallocateBudget(Day(7, 2), "4号", "调剂", [Budget(400_00)], [Budget(400_00) with { Function = OtherAgency }]))
            .Do(Spending("P1", 100_00, 20_00))
            .Do(Reversal("R1", "P1", 50_00));

        // 1000 + 200 − 30 − 400 = 770 budget, 120 − 50 = 70 spent, 70 + 770 − 70 = 770 available.
        books.Year.Position(Agency, Fund.GeneralPublicBudget).ShouldBe(new BudgetPosition(new(70_00), new(770_00), new(70_00)));
        books.Year.Position(Agency, Fund.GeneralPublicBudget).Available.ShouldBe(new Money(770_00));
        books.Year.Position(OtherAgency, Fund.GeneralPublicBudget).Budget.ShouldBe(new Money(400_00));
        books.Year.Position(Agency, Fund.GovernmentFund).ShouldBe(default);

        // 70 + 5 + 1000 + 200 + 30 + 400 + 400 + 100 + 20 + 50, whatever the sign.
        books.Year.Turnover.ShouldBe(new Money(2275_00));

        // The balance without an item belongs to the fund only.
        books.Year.Position(Fund.GeneralPublicBudget).ShouldBe(new FundPosition(new(75_00), default, new(70_00), default));
    }

    [Fact]
    public void The_totals_are_those_of_the_form()
    {
        var books = Registered.Do(Opening(new BalanceLine(null, Fund.Other, null, null, new(10))))
            .Do(new ReceiveIncome(Day(3, 1), "I1", "其他收入", [new(Agency, IncomeSource.Other, Fund.Other, new(100)), new(Agency, IncomeSource.Other, Fund.Other, new(-20))]))
            .Do(new UseNonFiscalSurplus(Day(12, 31), "1号", "使用结余", new(3)))
            .Do(new PostExpenditure(Day(3, 5), "P1", "支出", [OtherPosting(60)]))
            .Do(new DistributeSurplus(Day(12, 31), "2号", "分配", new(4)))
            .Do(new DetermineCarryOver(Day(12, 31), [new(null, Fund.Other, null, null, new(999))]))
            .Do(new DetermineCarryOver(Day(12, 31), [new(null, Fund.Other, null, null, new(29))]));

        // 100 − 20 + 3 + 10 = 93; 60 + 4 + 29 = 93: the second determination replaces the first.
        books.Year.Totals.ShouldBe(new YearTotals(new(10), new(80), new(60), new(3), new(4), new(29)));
        books.Year.Totals.TotalIncome.ShouldBe(new Money(93));
        books.Year.Totals.TotalExpenditure.ShouldBe(new Money(93));
        books.Year.Position(Fund.Other).CarryOver.ShouldBe(new Money(29));

        // 10 + 100 + 20 + 3 + 60 + 4 + 999 + 29.
        books.Year.Turnover.ShouldBe(new Money(1225));
        books.Do(new CloseYear(Day(12, 31), Head)).Year.Closing.ShouldBe(new YearClosed(Day(12, 31), new(93), new(93), Head));
    }

    [Fact]
    public void What_is_outstanding_of_a_posting_counts_lines_that_agree_together()
    {
        var books = Budgeted.Do(new PostExpenditure(Day(3, 5), "P1", "办公费", [Posting(100), Posting(50), Posting(7) with { Economic = Wages }]))
            .Do(Reversal("R1", "P1", 100)).Do(Reversal("R2", "P1", 15, 5));

        books.Year.FindVoucher("P1")!.Outstanding.ShouldBe(new Dictionary<PostingLine, Money>
        {
            [Posting(0)] = new(30),
            [Posting(0) with { Economic = Wages }] = new(7),
        }, ignoreOrder: true);
        books.Year.FindVoucher("R1")!.Outstanding.ShouldBeEmpty();
        books.Year.FindVoucher("P2").ShouldBeNull();
    }

    [Fact]
    public void A_reopened_year_takes_bookings_again_and_can_be_closed_and_published_again()
    {
        var publication = new PublishDisclosure(new(2025, 8, 20), new string('b', 64), Head);
        var published = Closed.Do(publication);
        published.Year.Published.ShouldNotBeNull();

        var reopened = published.Do(new ReopenYear(new(2025, 9, 1), "更正差错", "财政局批复"));

        reopened.Year.IsClosed.ShouldBeFalse();
        reopened.Year.Published.ShouldBeNull();
        reopened.Do(Reversal("R1", "P1", 1)).Do(Income("I2", -1)).Do(new CloseYear(Day(12, 31), Head)).Do(publication).Year.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void A_year_is_submitted_open_or_closed_and_takes_bookings_all_the_same()
    {
        var first = new SubmitYear(new(2025, 2, 10), Head);
        var submitted = Spent.Do(first);
        submitted.Year.Submitted.ShouldBe(new YearSubmitted(new(2025, 2, 10), Head));

        // Handed in again after the bureau had something changed, and once more when it is closed.
        var again = submitted.Do(Reversal("R1", "P1", 1)).Do(first with { Date = new(2025, 2, 20) });
        again.Year.Submitted!.Date.ShouldBe(new(2025, 2, 20));
        Closed.Do(first).Year.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void A_report_replaces_what_was_reported_under_the_same_name()
    {
        var books = Registered.Do(Opening() with { Standards = [new("标准", 1, "元")] })
            .Do(Report(new("编制人数", 48, "人"), new("在职人数", 45, "人")) with { Meetings = [new("年会", "总结", new(1), 2)] })
            .Do(Report(new Statistic("编制人数", 50, "人")));

        books.Year.Statistics.Values.ShouldBe([new("标准", 1, "元"), new("编制人数", 50, "人"), new("在职人数", 45, "人")], ignoreOrder: true);
        books.Year.Meetings.ShouldHaveSingleItem().Name.ShouldBe("年会");
    }

    [Fact]
    public void A_command_that_was_carried_out_is_held_and_one_with_other_content_is_not()
    {
        YearCommand[] commands =
        [
            new AppropriateBudget(Day(1, 2), "1号", "年初预算", [Budget(1000_00)]),
            new SupplementBudget(Day(5, 2), "2号", "追加", [Budget(200_00)]),
            new WithdrawBudget(Day(6, 2), "3号", "扣回", [Budget(30_00)]),
            new ReallocateBudget(Day(7, 2), "4号", "调剂", [Budget(400_00)], [Budget(400_00) with { Function = OtherAgency }]),
            Income("I1", 50_00),
            Spending("P1", 100_00, 20_00),
            Reversal("R1", "P1", 70_00),
            new UseNonFiscalSurplus(Day(12, 31), "5号", "使用结余", new(3)),
            new DistributeSurplus(Day(12, 31), "6号", "分配", new(3)),
            new DetermineCarryOver(Day(12, 31), []),
            Report(new Statistic("编制人数", 48, "人")) with { Meetings = [new("年会", "总结", new(1), 2)] },
            new SetPerformanceTargets(Day(1, 31), null, "按时完成", []),
            new ReportPerformanceResults(Day(12, 31), null, "完成", "无", "无", null, []),
            new ReportSelfEvaluation(Day(12, 31), null, null, null, 9_500, "优秀", []),
            new WriteExplanation(Day(12, 31), "收入总计/比上年", "人员增加", "财务科"),
            new ImportComparatives(Day(1, 31), new(2023), "2023年度决算公开", [new("收入总计", new(1))]),
            new CloseYear(Day(12, 31), Head),
            new PublishDisclosure(new(2025, 8, 20), new string('b', 64), Head),
        ];
        Registered.Year.Holds(Opening()).ShouldBeFalse();
        Opened.Year.Holds(Opening()).ShouldBeTrue();
        Opened.Year.Holds(Opening(OpeningBalance)).ShouldBeFalse();

        var books = Opened;
        foreach (var command in commands)
        {
            books.Year.Holds(command).ShouldBeFalse(command.ToString());
            books = books.Do(command);
            books.Year.Holds(command).ShouldBeTrue(command.ToString());
        }

        foreach (var command in commands)
        {
            books.Year.Holds(command).ShouldBeTrue(command.ToString());
        }

        YearCommand[] others =
        [
            new AppropriateBudget(Day(1, 2), "1号", "年初预算", [Budget(1000_01)]),
            new SupplementBudget(Day(1, 2), "1号", "年初预算", [Budget(1000_00)]),
            Spending("P1", 120_00),
            Reversal("R1", "P1", 70_01),
            new DetermineCarryOver(Day(12, 31), [new(null, Fund.Other, null, null, new(1))]),
            Report(new Statistic("编制人数", 49, "人")),
            Report() with { Meetings = [new("年会", "总结", new(2), 2)] },
            new SetPerformanceTargets(Day(1, 31), "某项目", "按时完成", []),
            new ReportSelfEvaluation(Day(12, 31), null, null, null, 9_501, "优秀", []),
            new WriteExplanation(Day(12, 31), "收入总计/比上年", "人员减少", "财务科"),
            new ImportComparatives(Day(1, 31), new(2022), "2023年度决算公开", [new("收入总计", new(1))]),
            new PublishDisclosure(new(2025, 8, 20), new string('c', 64), Head),
        ];
        foreach (var command in others)
        {
            books.Year.Holds(command).ShouldBeFalse(command.ToString());
        }
    }

    [Fact]
    public void A_profile_holds_from_its_date_whenever_it_was_recorded()
    {
        var later = new ReviseProfile(Day(12, 31), "我单位", [], new(2, 2, 2), null, [], [], []);
        var earlier = later with { Date = new(2023, 12, 31), Headcount = new(1, 1, 1) };

        // The earlier year is entered after the later one, and both again.
        var department = Registered.Do(later).Do(earlier).Department;

        department.Profile!.Headcount.InService.ShouldBe(2);
        department.ProfileOn(new(2024, 12, 30))!.Headcount.InService.ShouldBe(1);
        department.ProfileOn(new(2023, 12, 30)).ShouldBeNull();
        department.Holds(later).ShouldBeTrue();
        department.Holds(earlier).ShouldBeTrue();
    }

    [Fact]
    public void A_department_keeps_its_registration_and_its_last_profile()
    {
        var profile = new ReviseProfile(Day(1, 1), "我单位", [], new(1, 1, 1), null, [], [], []);
        var registration = new RegisterDepartment(Day(1, 1), Code, "某市某中心", "某省某市");

        var department = Registered.Do(profile).Do(profile with { SelfName = "本部门" }).Department;

        department.Registration!.Code.ShouldBe(Code);
        department.Profile!.SelfName.ShouldBe("本部门");
        department.Holds(profile).ShouldBeFalse();
        department.Holds(profile with { SelfName = "本部门", Date = Day(2, 2) }).ShouldBeTrue();
        department.Holds(registration).ShouldBeTrue();
        department.Holds(registration with { Name = "另一中心" }).ShouldBeFalse();
        DepartmentState.Unknown.Holds(registration).ShouldBeFalse();
    }

    [Fact]
    public void An_event_of_another_stream_is_no_part_of_a_state()
    {
        Should.Throw<ArgumentException>(() => YearState.NotOpened.Apply(new DepartmentRegistered(Day(1, 1), Code, "某中心", "某市")));
        Should.Throw<ArgumentException>(() => DepartmentState.Unknown.Apply(new YearReopened(new LocalDate(2025, 1, 1), "r", "a")));
    }
}
