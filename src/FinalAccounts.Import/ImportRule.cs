using System.Collections.Frozen;
using System.Text;

namespace FinalAccounts.Import;

/// <summary>The rules that files are checked by before the ledger sees anything. The id of <c>FileTooLarge</c> is <c>I-file-too-large</c>.</summary>
public enum ImportRule
{
    // The files.
    FileMissing,
    FileUnknown,
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    FileChanged,
    EncodingBroken,
    EncodingUnsupported,
    CsvBroken,
    YamlBroken,
    YamlShape,
    YamlKeyUnknown,
    WorkbookBroken,
    WorkbookTooLarge,
    WorkbookFormula,
    WorkbookErrorValue,

    // Their columns and rows.
    ColumnMissing,
    ColumnUnknown,
    ColumnDuplicate,
    TooManyColumns,
    TooManyRows,
    RowTooLong,
    LineTooLong,
    RowDuplicate,
    CellTooLong,

    // Their cells.
    ValueMissing,
    ValueRepeated,
    ControlCharacter,
    NotANumber,
    NotAWholeNumber,
    TooManyDecimals,
    AmountTooLarge,
    NegativeAmount,
    ZeroAmount,
    ReversalNotNegative,
    NotADate,
    DateOutsideYear,
    CodeMalformed,
    CodeUnknown,
    CodeNotLeaf,
    TermUnknown,
    YearInvalid,
    ChartMissing,
    FormPackUnknown,

    // What rows say together.
    DocumentDisagrees,
    NumberUsedTwice,
    ReallocationUnbalanced,

    // Commands, one on each line.
    CommandMalformed,
    CommandUnknown,
}

/// <summary>Ids of rules.</summary>
public static class ImportRules
{
    private static readonly FrozenDictionary<ImportRule, string> Ids = Enum.GetValues<ImportRule>().ToFrozenDictionary(rule => rule, IdOf);

    /// <summary>All ids in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<ImportRule>().Select(Id)];

    /// <summary>The id under which the rule is reported and documented.</summary>
    public static string Id(this ImportRule rule) => Ids[rule];

    private static string IdOf(ImportRule rule)
    {
        var id = new StringBuilder("I");
        foreach (var c in rule.ToString())
        {
            id.Append(char.IsAsciiLetterUpper(c) ? $"-{char.ToLowerInvariant(c)}" : c);
        }

        return id.ToString();
    }
}
