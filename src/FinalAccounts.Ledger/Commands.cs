using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger;

/// <summary>Something that is wanted of a department's master data; <see cref="Deciding"/> decides on it.</summary>
/// <param name="Date">The date that the event will bear.</param>
public abstract record DepartmentCommand(LocalDate Date)
{
    /// <summary>The decision; a pure function of the arguments and the command.</summary>
    internal abstract Decision Decide(DepartmentState department);

    /// <summary>True when carrying the command out again would tell nothing new.</summary>
    internal abstract bool IsIn(DepartmentState department);
}

/// <summary>Something that is wanted of the books of a department's fiscal year; <see cref="Deciding"/> decides on it.</summary>
/// <param name="Date">The accounting date that the event will bear.</param>
public abstract record YearCommand(LocalDate Date)
{
    /// <summary>The decision on books that are open, or closed where the command is about that; a pure function of the arguments
    /// and the command.</summary>
    /// <param name="checks">Empty; bound to the year and its chart.</param>
    internal abstract Decision Decide(YearState year, Checklist checks);

    /// <summary>True when carrying the command out again would tell nothing new.</summary>
    internal abstract bool IsIn(YearState year);
}
