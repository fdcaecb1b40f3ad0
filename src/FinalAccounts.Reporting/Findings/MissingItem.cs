namespace FinalAccounts.Reporting;

/// <summary>What sort of thing is missing from the books, and so what to supply.</summary>
public enum MissingKind
{
    /// <summary>A figure of last year: neither are last year's books in the log, nor was the figure imported.</summary>
    Comparative,

    /// <summary>A statistic that the form asks for and nobody has reported.</summary>
    Statistic,

    /// <summary>A reason or a text that nobody has written.</summary>
    Explanation,

    /// <summary>A result of a self-evaluation that nobody has reported.</summary>
    Evaluation,
}

/// <summary>
/// Something that a document needs and the books do not have. It is nowhere printed as zero: the sentence says that it is not
/// known, shows what to fill in, or shows the program's draft.
/// </summary>
/// <param name="Name">The quantity, statistic or subject.</param>
/// <param name="Place">The text block or table that asks for it, as in the addresses of its figures: <c>说明/一</c>, <c>公开05</c>.</param>
/// <param name="IsDrafted">True for a reason that the program has drafted from the books.</param>
public sealed record MissingItem(MissingKind Kind, string Name, string Place, bool IsDrafted = false)
{
    /// <summary>
    /// Whether a document can't be published without it. A figure of last year may be missing, because the sentence says so
    /// in the words of the form; a blank for a statistic, or a reason that no person has taken responsibility for, may not.
    /// </summary>
    public bool PreventsPublication => Kind != MissingKind.Comparative;
}
