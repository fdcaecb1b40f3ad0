using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace FinalAccounts.Ledger.Rules;

/// <summary>The rules of the books by their ids.</summary>
public static class RuleCatalogue
{
    private static readonly FrozenDictionary<string, Rule> ById = LedgerRules.All.ToFrozenDictionary(r => r.Id, StringComparer.Ordinal);

    public static IReadOnlyList<Rule> All => LedgerRules.All;

    /// <exception cref="KeyNotFoundException">There is no such rule.</exception>
    public static Rule Find(string id) => ById[id];

    /// <summary>The text of docs/rules.md.</summary>
    public static string ToMarkdown()
    {
        var chinese = CultureInfo.InvariantCulture;
        var english = CultureInfo.GetCultureInfo("en");
        var text = new StringBuilder();
        text.Append("# The rules of the books\n\n");
        text.Append("Generated from the code (`RuleCatalogue.ToMarkdown`); do not edit. A command that breaks a rule is refused, or\n");
        text.Append("carried out with a warning. Each rule stands here as clerks read it, with its English translation.\n");
        text.Append("`{name}` is filled with the case's own value; amounts are in 元.\n");
        foreach (var rule in All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {rule.Id}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{rule.Demand(chinese)}<br>\n{rule.Demand(english)}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"- Consequence: {SeverityWords(rule.Severity)}\n");
            text.Append(CultureInfo.InvariantCulture, $"- Message: {Named(rule, chinese)} · {Named(rule, english)}\n");
            text.Append(CultureInfo.InvariantCulture, $"- What to do: {rule.Remedy(chinese)} · {rule.Remedy(english)}\n");
        }

        return text.ToString();
    }

    private static string SeverityWords(Severity? severity) => severity switch
    {
        Severity.Refusal => "refused",
        Severity.Warning => "carried out with a warning",
        _ => "refused or warned of, as the year was opened with (`overspending`)",
    };

    private static string Named(Rule rule, CultureInfo culture) =>
        string.Format(CultureInfo.InvariantCulture, rule.MessageTemplate(culture), [.. rule.Parameters.Select(p => $"`{{{p}}}`")]);
}
