using System.Globalization;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger;

/// <summary>What became of a command: the events that it yields, or the rules that refuse it.</summary>
/// <param name="Events">What happened; empty when the command is refused.</param>
/// <param name="Findings">Every rule that the command breaks, in the order of its lines.</param>
public sealed record Decision(IReadOnlyList<LedgerEvent> Events, IReadOnlyList<Finding> Findings)
{
    /// <summary>True when a rule refuses the command; it then yields no event.</summary>
    public bool IsRefused => Findings.Any(f => f.Severity == Severity.Refusal);

    public IEnumerable<Finding> Refusals => Findings.Where(f => f.Severity == Severity.Refusal);

    public IEnumerable<Finding> Warnings => Findings.Where(f => f.Severity == Severity.Warning);
}

/// <summary>What follows when a rule is broken.</summary>
public enum Severity
{
    /// <summary>The command is refused; nothing is booked.</summary>
    Refusal,

    /// <summary>The command is carried out; somebody should look at it.</summary>
    Warning,
}

/// <summary>A rule that a command breaks.</summary>
/// <param name="RuleId">The rule's id in <see cref="RuleCatalogue"/>: <c>L-BUD-01</c>.</param>
/// <param name="Arguments">What the message is filled with, already as text: codes, terms, amounts in 元.</param>
/// <param name="Line">Index, from 0, of the offending line within its list; null when it is no line.</param>
/// <param name="Field">The offending member, by its name in the command: <c>Date</c>, <c>Lines.Economic</c>, <c>From.Amount</c>;
/// null when it is not a single one.</param>
public sealed record Finding(string RuleId, Severity Severity, IReadOnlyList<string> Arguments, int? Line = null, string? Field = null)
{
    /// <summary>What is wrong, as a sentence that begins with the rule's id.</summary>
    public string ToText(CultureInfo culture) => $"{RuleId} {RuleCatalogue.Find(RuleId).Message(culture, Arguments)}";

    /// <summary>What to do about it.</summary>
    public string Remedy(CultureInfo culture) => RuleCatalogue.Find(RuleId).Remedy(culture);
}
