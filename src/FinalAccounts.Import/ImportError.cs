namespace FinalAccounts.Import;

/// <summary>Something in the files that keeps them from being imported. Its words come from <see cref="ImportMessages"/>.</summary>
/// <param name="RuleId">The rule's id: one of <see cref="ImportRule"/>, or the ledger's for what a decision refused.</param>
/// <param name="Arguments">What the message is filled with, already as text.</param>
/// <param name="File">The file, or the workbook and its sheet.</param>
/// <param name="Line">The line of the file (row of the sheet), from 1; null when it is the file as a whole.</param>
/// <param name="Column">The column's heading, or the key in a YAML file.</param>
/// <param name="Value">What stands there.</param>
public sealed record ImportError(
    string RuleId,
    IReadOnlyList<string> Arguments,
    string File,
    int? Line = null,
    string? Column = null,
    string? Value = null);

/// <summary>The errors of an import: the first <see cref="ImportLimits.ListedErrors"/>, and how many there are in all.</summary>
public sealed class ImportErrors
{
    private readonly List<ImportError> listed = [];

    /// <summary>The first errors, in the order of the files and lines.</summary>
    public IReadOnlyList<ImportError> Listed => listed;

    /// <summary>All errors, listed or not.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    internal void Add(ImportError error)
    {
        if (++Count <= ImportLimits.ListedErrors)
        {
            listed.Add(error);
        }
    }

    internal void Add(ImportRule rule, string file, int? line = null, string? column = null, string? value = null, params IReadOnlyList<string> arguments)
    {
        if (Count < ImportLimits.ListedErrors)
        {
            Add(new ImportError(rule.Id(), arguments, file, line, column, value));
        }
        else
        {
            Count++;
        }
    }
}
