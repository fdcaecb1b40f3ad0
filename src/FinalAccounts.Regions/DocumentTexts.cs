using FinalAccounts.Reporting;

namespace FinalAccounts.Regions;

/// <summary>What a document lacks and which rules it breaks, in words.</summary>
public static class DocumentTexts
{
    /// <summary>What keeps a document from being published, a line each; empty when nothing does.</summary>
    public static IReadOnlyList<string> Obstacles(DisclosureDocument document, Words words) =>
    [
        .. Errors(document).Select(f => Describe(f, words)),
        .. document.Missing.Where(m => m.PreventsPublication).Select(m => $"{m.Place}  {Kind(m, words)}  {m.Name}  {Supply(m, words)}"),
    ];

    public static IEnumerable<ReportFinding> Errors(DisclosureDocument document) =>
        document.Findings.Where(f => f.Rule.Severity == FindingSeverity.Error);

    /// <summary>A broken rule, in words, with what to do.</summary>
    public static string Describe(ReportFinding finding, Words words) =>
        words["Finding", finding.ToText(words.Culture), finding.Rule.Remedy(words.Culture)];

    /// <summary>What sort of thing is missing.</summary>
    public static string Kind(MissingItem item, Words words) => words[$"Missing{item.Kind}"];

    /// <summary>How to supply it.</summary>
    public static string Supply(MissingItem item, Words words) => words[item.IsDrafted ? "SupplyDrafted" : $"Supply{item.Kind}"];
}
