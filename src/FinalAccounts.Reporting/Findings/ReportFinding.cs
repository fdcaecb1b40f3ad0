using System.Globalization;
using System.Resources;

namespace FinalAccounts.Reporting;

/// <summary>What follows from a finding.</summary>
public enum FindingSeverity
{
    /// <summary>The document must not be published like this.</summary>
    Error,

    /// <summary>Somebody should look at it.</summary>
    Warning,
}

/// <summary>A rule that a document and the books behind it should keep.</summary>
/// <param name="Id">Never given to another rule: <c>R-REASON-01</c>.</param>
/// <param name="Parameters">The names of the message's arguments, in order.</param>
public sealed record ReportRule(string Id, FindingSeverity Severity, IReadOnlyList<string> Parameters)
{
    /// <summary>What the rule demands; Chinese in the invariant culture.</summary>
    public string Demand(CultureInfo culture) => ReportRules.Text($"{Id}.rule", culture);

    /// <summary>What is wrong, with placeholders <c>{0}</c>, <c>{1}</c> for the parameters.</summary>
    public string MessageTemplate(CultureInfo culture) => ReportRules.Text($"{Id}.message", culture);

    /// <summary>What to do about it.</summary>
    public string Remedy(CultureInfo culture) => ReportRules.Text($"{Id}.remedy", culture);
}

/// <summary>A rule that is broken.</summary>
/// <param name="Subject">What it is about: the subject of an explanation, a kind of budget, a year.</param>
/// <param name="Arguments">What the message is filled with: amounts in 元, words as they stand in the books.</param>
public sealed record ReportFinding(ReportRule Rule, string Subject, IReadOnlyList<string> Arguments)
{
    /// <summary>What is wrong, as a sentence that begins with the rule's id; Chinese in the invariant culture.</summary>
    public string ToText(CultureInfo culture) =>
        $"{Rule.Id} {string.Format(CultureInfo.InvariantCulture, Rule.MessageTemplate(culture), [.. Arguments.Prepend(Subject)])}";

    internal bool IsSameAs(ReportFinding other) => Rule == other.Rule && Subject == other.Subject && Arguments.SequenceEqual(other.Arguments);
}

/// <summary>The rules of documents (审核公式) by their ids.</summary>
public static class ReportRules
{
    private static readonly ResourceManager Resources = new("FinalAccounts.Reporting.Findings.ReportRules", typeof(ReportRules).Assembly);

    /// <summary>A written reason speaks of the opposite of what happened.</summary>
    public static readonly ReportRule ReasonContradicts = new("R-REASON-01", FindingSeverity.Error, ["subject", "value", "base", "words"]);

    /// <summary>An explanation has a subject that the form does not know, so that it is printed nowhere.</summary>
    public static readonly ReportRule SubjectUnknown = new("R-REASON-02", FindingSeverity.Error, ["subject"]);

    /// <summary>An explanation has a subject of the form that this document does not print.</summary>
    public static readonly ReportRule SubjectNotAsked = new("R-REASON-03", FindingSeverity.Warning, ["subject"]);

    /// <summary>What a year was opened with is not what the year before carried over.</summary>
    public static readonly ReportRule OpeningDiffers = new("R-OPEN-01", FindingSeverity.Error, ["balance", "year", "opening", "carried", "difference"]);

    /// <summary>Last year's figures come from books that are not closed.</summary>
    public static readonly ReportRule PriorYearOpen = new("R-PRIOR-01", FindingSeverity.Warning, ["year"]);

    /// <summary>A reported score is not what the scoring rules of the form pack allow.</summary>
    public static readonly ReportRule ScoreDiffers = new("R-SCORE-01", FindingSeverity.Warning, ["score", "reported", "computed", "how"]);

    /// <summary>A reported total score is not the sum of the reported scores.</summary>
    public static readonly ReportRule TotalScoreDiffers = new("R-SCORE-02", FindingSeverity.Warning, ["score", "reported", "sum"]);

    /// <summary>A reported grade is not the one that the reported total score earns.</summary>
    public static readonly ReportRule GradeDiffers = new("R-SCORE-03", FindingSeverity.Warning, ["score", "grade", "reported", "earned"]);

    /// <summary>All rules, in the order of their listing.</summary>
    public static readonly IReadOnlyList<ReportRule> All = [ReasonContradicts, SubjectUnknown, SubjectNotAsked, OpeningDiffers, PriorYearOpen, ScoreDiffers, TotalScoreDiffers, GradeDiffers];

    /// <summary>The text of docs/report-rules.md.</summary>
    public static string ToMarkdown()
    {
        var (chinese, english) = (CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("en"));
        System.Text.StringBuilder text = new();
        text.Append("# The rules of documents\n\n");
        text.Append("Generated from the code (`ReportRules.ToMarkdown`); do not edit. `fa report` lists what breaks them; a document with an error\n");
        text.Append("is not published. `{name}` is filled with the case's own value; amounts are in 元.\n");
        foreach (var rule in All)
        {
            object[] names = [.. rule.Parameters.Select(p => $"`{{{p}}}`")];
            text.Append(chinese, $"\n## {rule.Id}\n\n{rule.Demand(chinese)}<br>\n{rule.Demand(english)}\n\n");
            text.Append(chinese, $"- Severity: {(rule.Severity == FindingSeverity.Error ? "error" : "warning")}\n");
            text.Append(chinese, $"- Message: {string.Format(chinese, rule.MessageTemplate(chinese), names)} · {string.Format(chinese, rule.MessageTemplate(english), names)}\n");
            text.Append(chinese, $"- What to do: {rule.Remedy(chinese)} · {rule.Remedy(english)}\n");
        }

        return text.ToString();
    }

    internal static string Text(string key, CultureInfo culture) =>
        Resources.GetString(key, culture) ?? throw new MissingManifestResourceException(key);
}
