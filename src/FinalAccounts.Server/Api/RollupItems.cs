using FinalAccounts.Projections.Rollups;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>How far the figures of an answer have come.</summary>
/// <param name="Position">Everything up to this position of the log counts, and nothing behind it.</param>
/// <param name="RecordedAt">When that event was recorded.</param>
/// <param name="Behind">How many events of the log do not count yet.</param>
/// <param name="IsStopped">True when it does not go on by itself: an event can't be taken (docs/projections.md).</param>
public sealed record RollupStandingItem(long Position, Instant RecordedAt, long Behind, bool IsStopped)
{
    public static RollupStandingItem Of(RollupStanding standing) => new(standing.Position, standing.RecordedAt, standing.Behind, standing.Error is not null);
}

/// <summary>What departments, or a part of their books, come to.</summary>
/// <param name="InitialBudget">年初预算.</param>
/// <param name="Adjustment">追加, 扣回 and 调剂 together.</param>
/// <param name="Budget">预算数: both.</param>
/// <param name="Income">本年收入; absent where income can't be told apart in this way.</param>
/// <param name="Expenditure">本年支出.</param>
/// <param name="RateBasisPoints">执行率, expenditure as a share of the budget, in hundredths of a percent, rounded half-up; absent without a budget.</param>
public sealed record RollupAmountsItem(
    Amount InitialBudget, Amount Adjustment, Amount Budget, Amount? Income, Amount Expenditure, long? RateBasisPoints)
{
    public static RollupAmountsItem Of(RollupAmounts amounts, bool hasIncome = true) => new(
        Amount.Of(amounts.Initial), Amount.Of(amounts.Adjustment), Amount.Of(amounts.Budget), hasIncome ? Amount.Of(amounts.Income) : null,
        Amount.Of(amounts.Expenditure), BasisPoints.Of(amounts.Rate));
}

/// <summary>The fiscal years of a region.</summary>
/// <param name="Years">In order.</param>
public sealed record RollupYearsItem(RollupStandingItem Standing, IReadOnlyList<RollupYearItem> Years);

/// <summary>A fiscal year of all departments of a region.</summary>
/// <param name="Departments">How many have books of the year.</param>
/// <param name="Open">How many of those are being booked.</param>
/// <param name="Submitted">How many are submitted.</param>
/// <param name="Closed">How many are closed.</param>
/// <param name="Published">How many are published.</param>
public sealed record RollupYearItem(int Year, int Departments, int Open, int Submitted, int Closed, int Published, RollupAmountsItem Amounts)
{
    public static RollupYearItem Of(RollupYear year) => new(
        year.Year.Value, year.Departments.Values.Sum(), year.Departments.GetValueOrDefault(YearStatus.Open), year.Departments.GetValueOrDefault(YearStatus.Submitted),
        year.Departments.GetValueOrDefault(YearStatus.Closed), year.Departments.GetValueOrDefault(YearStatus.Published), RollupAmountsItem.Of(year.Amounts));
}

/// <summary>A table over all departments of a region. It adds up what their documents say; transfers between them are in it on both sides.</summary>
/// <param name="By">What the rows are.</param>
/// <param name="Rows">In the order of the codes; subtotals stand before their parts, what is not assigned comes last.</param>
public sealed record RollupTableItem(RollupStandingItem Standing, int Year, RollupAspect By, IReadOnlyList<RollupRowItem> Rows, RollupAmountsItem Total)
{
    public static RollupTableItem Of(RollupStanding standing, RollupTable table) => new(
        RollupStandingItem.Of(standing),
        table.Year.Value,
        table.Aspect,
        [.. table.Rows.Select(r => new RollupRowItem(r.Key, r.Name, r.Level, RollupAmountsItem.Of(r.Amounts, table.HasIncome)))],
        RollupAmountsItem.Of(table.Total, table.HasIncome));
}

/// <summary>A row of such a table.</summary>
/// <param name="Key">The code, or the term of a fund or kind; empty for what the books do not assign.</param>
/// <param name="Name">What a code is called in the year's chart; absent when the chart does not have it.</param>
/// <param name="Level">0 for a 类; rows of the next level are its parts.</param>
public sealed record RollupRowItem(string Key, string? Name, int Level, RollupAmountsItem Amounts);

/// <summary>The departments behind a row of a table, or all of a year; the largest expenditure first.</summary>
public sealed record RollupDepartmentsItem(RollupStandingItem Standing, int Year, Page<RollupDepartmentItem> Departments, RollupAmountsItem Total);

/// <summary>A department's part.</summary>
/// <param name="Code">Budget code.</param>
/// <param name="Status">How far its year has come.</param>
public sealed record RollupDepartmentItem(string Code, string Name, YearStatus Status, RollupAmountsItem Amounts)
{
    public static RollupDepartmentItem Of(RollupDepartment department, bool hasIncome) =>
        new(department.Code.ToString(), department.Name, department.Status, RollupAmountsItem.Of(department.Amounts, hasIncome));
}

/// <summary>What moved most against last year.</summary>
/// <param name="Movers">The largest difference first, then what is not known of last year.</param>
public sealed record RollupMoversItem(RollupStandingItem Standing, int Year, RollupMoverAspect By, IReadOnlyList<RollupMoverItem> Movers);

/// <summary>Expenditure against last year. Only what is known of both years is compared.</summary>
/// <param name="Key">The department's code, or the code.</param>
/// <param name="Name">What it is called; absent when the chart does not have it.</param>
/// <param name="Value">This year.</param>
/// <param name="Comparable">The part of it whose last year is known.</param>
/// <param name="Prior">Last year of that part; absent when it is not known, which is not zero.</param>
/// <param name="Difference">The comparable part less last year; absent when last year is not known.</param>
/// <param name="RateBasisPoints">The difference as a share of last year in hundredths of a percent, rounded half-up; absent when last year is
/// zero or not known.</param>
public sealed record RollupMoverItem(
    string Key, string? Name, Amount Value, Amount Comparable, Amount? Prior, Amount? Difference, long? RateBasisPoints)
{
    public static RollupMoverItem Of(RollupMover mover) => new(
        mover.Key, mover.Name, Amount.Of(mover.Value), Amount.Of(mover.Comparable), mover.Prior is { } prior ? Amount.Of(prior) : null,
        mover.Difference is { } difference ? Amount.Of(difference) : null, BasisPoints.Of(mover.Rate));
}

/// <summary>支出进度 of a year and of the one before.</summary>
/// <param name="Prior">Absent when nothing of the year before is recorded.</param>
public sealed record RollupProgressItem(RollupStandingItem Standing, RollupYearProgress Current, RollupYearProgress? Prior);

/// <summary>How far a year's budget was spent, month by month.</summary>
/// <param name="Budget">预算数 of the year as it stands now.</param>
/// <param name="Months">To the last month in which anything was booked.</param>
public sealed record RollupYearProgress(int Year, Amount Budget, IReadOnlyList<RollupMonthItem> Months)
{
    public static RollupYearProgress Of(RollupProgress progress) => new(
        progress.Year.Value, Amount.Of(progress.Budget),
        [
            .. progress.Months.Select(m => new RollupMonthItem(
                m.Month, Amount.Of(m.Amounts.Income), Amount.Of(m.Amounts.Expenditure), Amount.Of(m.Expenditure), BasisPoints.Of(m.Progress))),
        ]);
}

/// <summary>A month of a year.</summary>
/// <param name="Month">1 to 12, of the accounting date.</param>
/// <param name="Income">Income of the month.</param>
/// <param name="Expenditure">Expenditure of the month.</param>
/// <param name="Cumulative">Expenditure from January to this month.</param>
/// <param name="ProgressBasisPoints">That as a share of the year's budget in hundredths of a percent, rounded half-up; absent without a budget.</param>
public sealed record RollupMonthItem(int Month, Amount Income, Amount Expenditure, Amount Cumulative, long? ProgressBasisPoints);

/// <summary>Shares as the API gives them.</summary>
internal static class BasisPoints
{
    // A share in hundredths of a percent has four decimals.
    private const int Decimals = 4;

    /// <summary>In hundredths of a percent, rounded half-up; null stays null.</summary>
    public static long? Of(Ratio? ratio) => ratio is { } share ? checked((long)share.Round(Decimals)) : null;
}
