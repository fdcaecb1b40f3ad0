namespace FinalAccounts.Ledger;

/// <summary>The limits on what a command may carry; <see cref="Money.InputLimit"/> is the one on a single amount.</summary>
public static class Limits
{
    /// <summary>Characters of a number, a name or a term that is looked up: 凭证号, 文号, project, statistic.</summary>
    public const int Name = 200;

    /// <summary>Characters of a sentence: summary, purpose, reason of a reopening.</summary>
    public const int Phrase = 1_000;

    /// <summary>Characters of a text of several sentences: duties, explanations, results.</summary>
    public const int Text = 20_000;

    /// <summary>Lines of one document, items of one report.</summary>
    public const int Lines = 10_000;

    /// <summary>A reported number that is no amount.</summary>
    public const long Number = 1_000_000_000_000;

    /// <summary>A score or weight in hundredths of a point.</summary>
    public const int ScoreHundredths = 10_000;

    /// <summary>
    /// All amounts of a year together, signs left aside: 10¹⁵ yuan. With it no sum of a year can overflow: one command adds at
    /// most 2 × <see cref="Lines"/> × <see cref="Money.InputLimit"/> = 2 × 10¹⁸ fen to 10¹⁷ before it is refused.
    /// </summary>
    public static readonly Money Turnover = new(100_000_000_000_000_000);
}
