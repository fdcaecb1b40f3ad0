namespace FinalAccounts.Import;

/// <summary>The steps of an import, in their order.</summary>
public enum ImportStep
{
    /// <summary>The files are gone through and every row is checked.</summary>
    Reading,

    /// <summary>The ledger's rules decide on every entry.</summary>
    Deciding,

    /// <summary>The new events are recorded.</summary>
    Recording,
}

/// <summary>How far an import is.</summary>
/// <param name="Done">Of <paramref name="Total"/>; while reading both are bytes, then entries, then events.</param>
/// <param name="Items">Rows read, entries decided on, or events recorded in this step so far.</param>
public readonly record struct ImportProgress(ImportStep Step, long Done, long Total, long Items)
{
    /// <summary>How many items go by between two reports.</summary>
    public const int Interval = 1_000;
}
