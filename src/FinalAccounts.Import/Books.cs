using FinalAccounts.Ledger;

namespace FinalAccounts.Import;

/// <summary>
/// A department's year as its files say it. The entries are what would be recorded if nothing were recorded yet; what of it
/// is new, and whether the ledger's rules allow it, is decided by <see cref="ImportPlan"/>.
/// </summary>
/// <param name="FormPack">The form pack that the year is to be reported with.</param>
/// <param name="Department">Registration and profile, in the order in which they are recorded.</param>
/// <param name="Year">The entries of the year, in the order in which they are recorded.</param>
/// <param name="ChartOfAccounts">The chart of the year.</param>
/// <param name="Missing">Optional lists that the import does not have: nothing is said about their matter.</param>
public sealed record Books(
    RegionCode Region,
    DepartmentCode DepartmentCode,
    FiscalYear FiscalYear,
    string FormPack,
    IReadOnlyList<BookEntry> Department,
    IReadOnlyList<BookEntry> Year,
    ChartOfAccounts ChartOfAccounts,
    IReadOnlyList<string> Missing);

/// <summary>An event that the files ask for, and the rows that say so.</summary>
/// <param name="Row">The first row; what is said of the entry as a whole is reported there.</param>
/// <param name="Lines">The rows of the event's lines, in their order.</param>
/// <param name="GivenLines">Only for a reallocation: the rows of the lines that budget is moved to.</param>
public sealed record BookEntry(LedgerEvent Event, TableRow Row, IReadOnlyList<TableRow> Lines, IReadOnlyList<TableRow>? GivenLines = null);

/// <summary>What came of reading the files.</summary>
/// <param name="Books">Null when there are errors.</param>
public sealed record ReadResult(Books? Books, ImportErrors Errors);
