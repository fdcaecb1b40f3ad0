using FinalAccounts.Ledger;

namespace FinalAccounts.Import;

/// <summary>
/// A department's year as its files say it: the commands that would be given if nothing were recorded yet. What of it
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
    IReadOnlyList<BookEntry<DepartmentCommand>> Department,
    YearEntries Year,
    ChartOfAccounts ChartOfAccounts,
    IReadOnlyList<string> Missing);

/// <summary>A command that the files give, and the rows that say so.</summary>
public sealed record BookEntry<TCommand>(TCommand Command, EntryRows Rows)
{
    public BookEntry(TCommand command, TableRow row, IReadOnlyList<TableRow> lines, IReadOnlyList<TableRow>? givenLines = null)
        : this(command, new(row, lines, givenLines))
    {
    }
}

/// <summary>The rows of an entry.</summary>
/// <param name="Row">The first row; what is said of the entry as a whole is reported there.</param>
/// <param name="Lines">The rows of the command's lines, in their order.</param>
/// <param name="GivenLines">Only for a reallocation: the rows of the lines that budget is moved to.</param>
/// <param name="Fields">Only for what is written as keys and texts: the rows of the command's members by their names.</param>
public sealed record EntryRows(
    TableRow Row,
    IReadOnlyList<TableRow> Lines,
    IReadOnlyList<TableRow>? GivenLines = null,
    IReadOnlyDictionary<string, TableRow>? Fields = null);

/// <summary>What came of reading the files.</summary>
/// <param name="Books">Null when there are errors.</param>
public sealed record ReadResult(Books? Books, ImportErrors Errors);
