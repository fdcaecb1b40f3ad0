using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger;

/// <summary>
/// Decides on commands: pure functions of the state, the chart and the command, without clock, database or log. What a
/// decision yields can be folded and stored as it is. The rules of a command stand in its own file.
/// </summary>
public static class Deciding
{
    /// <summary>Decides on a department's master data.</summary>
    public static Decision Decide(DepartmentState department, DepartmentCommand command) => command.Decide(department);

    /// <summary>Decides on the books of a year. Commands are taken in the order of their recording, not of their dates.</summary>
    /// <param name="department">The department that the books are of.</param>
    /// <param name="year">The books.</param>
    /// <param name="chart">The chart of accounts of the year.</param>
    /// <param name="memberLists">The members of the region's departments in the year; only asked for the members of this one.</param>
    /// <exception cref="ArgumentException">The chart is not that of the year.</exception>
    public static Decision Decide(
        DepartmentState department, YearState year, ChartOfAccounts chart, YearCommand command, MemberLists? memberLists = null)
    {
        var fiscalYear = year.Opening?.Year ?? (command as OpenFiscalYear)?.Year;
        if (fiscalYear is { } needed && chart.Year != needed)
        {
            throw new ArgumentException($"The chart is that of {chart.Year}, the books are those of {needed}.");
        }

        var checks = new Checklist(fiscalYear, chart, memberLists);
        return command switch
        {
            OpenFiscalYear open => open.Decide(department, year, checks),
            _ when !year.IsOpened => Refuse(checks, LedgerRules.YearNotOpened),
            SubmitYear or ReopenYear or PublishDisclosure => command.Decide(year, checks),
            _ when year.Closing is { } closing => Refuse(checks, LedgerRules.YearClosed, Checklist.Iso(closing.Date)),
            _ => command.Decide(year, checks),
        };
    }

    private static Decision Refuse(Checklist checks, Rule rule, params string[] arguments)
    {
        checks.Refuse(rule, Place.Whole, arguments);
        return checks.Refused();
    }
}
