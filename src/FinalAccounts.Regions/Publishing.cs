using System.Security.Cryptography;
using FinalAccounts.Documents;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Reporting;
using NodaTime;

namespace FinalAccounts.Regions;

/// <summary>A document has errors or gaps that keep it from being published.</summary>
public sealed class UnpublishableException(DisclosureDocument document) : Exception("The document can't be published.")
{
    public DisclosureDocument Document { get; } = document;

    public string ToText(Words words)
    {
        var obstacles = DocumentTexts.Obstacles(Document, words);
        return words["PublishRefused", obstacles.Count, string.Join('\n', obstacles)];
    }
}

/// <summary>Publishes a department's disclosure (决算公开).</summary>
public static class Publishing
{
    /// <summary>True when nothing keeps the document from being published.</summary>
    public static bool IsPublishable(DisclosureDocument document) =>
        !DocumentTexts.Errors(document).Any() && !document.Missing.Any(m => m.PreventsPublication);

    /// <summary>Records that the document is published as it is.</summary>
    /// <param name="reported">The department's own document as of now, without its units.</param>
    /// <returns>The position of the event.</returns>
    /// <exception cref="UnpublishableException">The document has errors or gaps.</exception>
    /// <exception cref="RulesException">A rule refuses it: the year is not closed.</exception>
    public static async Task<long> PublishAsync(
        RegionLog log, ReportedYear reported, Recording recording, LocalDate today, CancellationToken cancellationToken)
    {
        if (!IsPublishable(reported.Document))
        {
            throw new UnpublishableException(reported.Document);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonWriter.Write(reported.Document)));
        var publication = new PublishDisclosure(today, hash, reported.Seal);
        var (result, _) = await log.DecideAsync(
            recording, reported.Department, reported.Year, _ => Task.FromResult<YearCommand>(publication), cancellationToken);
        return result.LastPosition;
    }
}
