using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using NodaTime;
using Shouldly;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>A department's books of 2024 with which a test goes on: commands are carried out one after the other.</summary>
internal sealed record Books(DepartmentState Department, YearState Year)
{
    /// <summary>The members of the other departments.</summary>
    public MemberLists MemberLists { get; init; } = MemberLists.None;

    public static readonly FiscalYear Fiscal = new(2024);
    public static readonly ChartOfAccounts Chart = ChartOfAccounts.For(Fiscal);
    public static readonly DepartmentCode Code = new("301001");
    public static readonly FunctionCode Agency = new("2080101");
    public static readonly FunctionCode OtherAgency = new("2080199");
    public static readonly EconomicCode Wages = new("30101");
    public static readonly EconomicCode Office = new("30201");
    public static readonly Seal Head = new(12, new string('a', 64));

    /// <summary>Nothing has happened yet.</summary>
    public static readonly Books Blank = new(DepartmentState.Unknown, YearState.NotOpened);

    /// <summary>The department is registered.</summary>
    public static readonly Books Registered = Blank.Do(new RegisterDepartment(Day(1, 1), Code, "某市某中心", "某省某市"));

    /// <summary>The year is opened; spending beyond the budget is refused.</summary>
    public static readonly Books Opened = Registered.Do(Opening());

    /// <summary>With 1000 yuan of budget on <see cref="Agency"/>, 500 on <see cref="OtherAgency"/>, both 一般公共预算.</summary>
    public static readonly Books Budgeted = Opened.Do(new AppropriateBudget(
        Day(1, 2), "1号", "年初预算", [Budget(1000_00), Budget(500_00) with { Function = OtherAgency }]));

    /// <summary>With income and an expenditure of 300 yuan, voucher P1, one line.</summary>
    public static readonly Books Spent = Budgeted.Do(Income("I1", 300_00)).Do(Spending("P1", 300_00));

    /// <summary>Closed on 31 December.</summary>
    public static readonly Books Closed = Spent.Do(new CloseYear(Day(12, 31), Head));

    public static LocalDate Day(int month, int day) => new(2024, month, day);

    public static OpenFiscalYear Opening(params BalanceLine[] balances) =>
        new(Day(1, 1), Code, Fiscal, "any-form", OverspendingPolicy.Refuse, balances, []);

    public static BudgetLine Budget(long fen) => new(Agency, Fund.GeneralPublicBudget, SpendingKind.Basic, null, null, new(fen));

    public static IncomeLine IncomeOf(long fen) => new(Agency, IncomeSource.FiscalAppropriation, Fund.GeneralPublicBudget, new(fen));

    public static ReceiveIncome Income(string voucher, long fen) => new(Day(3, 1), voucher, "拨款", [IncomeOf(fen)]);

    public static PostingLine Posting(long fen) =>
        new(Agency, Office, Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, new(fen));

    public static PostingLine OtherPosting(long fen) => Posting(fen) with { Fund = Fund.Other, Source = IncomeSource.Other };

    public static PostExpenditure Spending(string voucher, params long[] fen) =>
        new(Day(3, 5), voucher, "办公费", [.. fen.Select(Posting)]);

    public static ReverseExpenditure Reversal(string voucher, string of, params long[] fen) =>
        new(Day(4, 1), voucher, of, "冲销", [.. fen.Select(Posting)]);

    public static ReportStatistics Report(params Statistic[] items) => new(Day(12, 31), items, null);

    public Decision Decide(YearCommand command) => Deciding.Decide(Department, Year, Chart, command, MemberLists);

    public Decision Decide(DepartmentCommand command) => Deciding.Decide(Department, command);

    /// <summary>Carries the command out; fails when it is refused.</summary>
    public Books Do(YearCommand command)
    {
        var decision = Decide(command);
        decision.Refusals.ShouldBeEmpty();
        return this with { Year = decision.Events.Aggregate(Year, (state, e) => state.Apply(e)) };
    }

    /// <summary>Carries the command out; fails when it is refused.</summary>
    public Books Do(DepartmentCommand command)
    {
        var decision = Decide(command);
        decision.Refusals.ShouldBeEmpty();
        return this with { Department = decision.Events.Aggregate(Department, (state, e) => state.Apply(e)) };
    }
}
