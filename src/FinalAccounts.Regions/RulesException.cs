using FinalAccounts.Ledger;

namespace FinalAccounts.Regions;

/// <summary>Rules of the ledger refuse a command; nothing was stored.</summary>
/// <param name="refusals">At least one.</param>
public sealed class RulesException(IReadOnlyList<Finding> refusals) : Exception(string.Join(", ", refusals.Select(f => f.RuleId)))
{
    public IReadOnlyList<Finding> Refusals { get; } = refusals;

    public string ToText(Words words) => string.Join('\n', Refusals.Select(f => Describe(f, words)));

    /// <summary>A rule that is broken, in words, with what to do.</summary>
    public static string Describe(Finding finding, Words words) => words["Finding", finding.ToText(words.Culture), finding.Remedy(words.Culture)];
}
