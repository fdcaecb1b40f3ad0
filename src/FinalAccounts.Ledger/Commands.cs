using NodaTime;

namespace FinalAccounts.Ledger;

/// <summary>Something that is wanted of a department's master data.</summary>
/// <param name="Date">The date that the event will bear.</param>
public abstract record DepartmentCommand(LocalDate Date);

/// <summary>Something that is wanted of the books of a department's fiscal year.</summary>
/// <param name="Date">The accounting date that the event will bear.</param>
public abstract record YearCommand(LocalDate Date);
