using FinalAccounts.Reporting;

namespace FinalAccounts.Server.Books;

/// <summary>What stands open in a year's document.</summary>
/// <param name="Errors">Rules that it breaks and that keep it from being published.</param>
/// <param name="Warnings">What somebody should look at.</param>
/// <param name="Missing">What the document needs and the books do not have.</param>
/// <param name="Preventing">How many of those keep it from being published.</param>
public sealed record YearFindings(int Errors, int Warnings, int Missing, int Preventing)
{
    public static YearFindings Of(DisclosureDocument document) => new(
        document.Findings.Count(f => f.Rule.Severity == FindingSeverity.Error),
        document.Findings.Count(f => f.Rule.Severity == FindingSeverity.Warning),
        document.Missing.Count,
        document.Missing.Count(m => m.PreventsPublication));
}
