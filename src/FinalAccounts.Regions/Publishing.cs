using System.Reflection;
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

    /// <summary>Version of the program, with the commit that it was built from where that is known.</summary>
    public static string Program { get; } =
        typeof(Publishing).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>
    /// Records that the document is published as it is, and keeps its bytes and the files of its form pack, so that it can be replayed
    /// and held against them for ever.
    /// </summary>
    /// <param name="reported">The department's own document as of now, without its units, built with the form packs of the program.</param>
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

        // Before the event that names them: what an event names is there.
        var pack = ReportedYear.Pack(reported.Books.Current.Opened!);
        foreach (var file in pack.Contents.Files)
        {
            await log.Documents.StoreAsync(file.Bytes, "application/yaml", cancellationToken);
        }

        var form = new PublishedForm(pack.Name, await log.Documents.StoreAsync(pack.Contents.List(), "text/plain; charset=utf-8", cancellationToken));
        var document = await log.Documents.StoreAsync(JsonWriter.Write(reported.Document), "application/json", cancellationToken);
        var publication = new PublishDisclosure(today, document, reported.Seal, form, Program);
        var (result, _) = await log.DecideAsync(
            recording, reported.Department, reported.Year, _ => Task.FromResult<YearCommand>(publication), cancellationToken);
        return result.LastPosition;
    }

    /// <summary>The publication that stands, when it is of just this document; null otherwise.</summary>
    public static async Task<DisclosurePublished?> FindAsync(RegionLog log, ReportedYear reported, CancellationToken cancellationToken) =>
        (await log.ReadYearAsync(reported.Department.Code, reported.Year, cancellationToken)).State.Published is { } published
        && published.DocumentSha256 == Convert.ToHexStringLower(SHA256.HashData(JsonWriter.Write(reported.Document)))
            ? published
            : null;
}
