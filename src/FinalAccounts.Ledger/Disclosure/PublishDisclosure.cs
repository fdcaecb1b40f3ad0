using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>Publish the disclosure of a closed year (决算公开). The fields are those of <see cref="DisclosurePublished"/>.</summary>
public sealed record PublishDisclosure(
    LocalDate Date, string DocumentSha256, Seal Seal, PublishedForm? FormPack = null, string? Program = null) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        if (year.Closing is not { } closing)
        {
            checks.Refuse(LedgerRules.PublishedBeforeClose, Place.Whole);
        }
        else if (Date < closing.Date)
        {
            checks.Refuse(LedgerRules.DateBeforeClose, Place.Of(nameof(Date)), Checklist.Iso(Date), Checklist.Iso(closing.Date));
        }

        if (!SealRules.IsSha256(DocumentSha256))
        {
            checks.Refuse(LedgerRules.DocumentHashMalformed, Place.Of(nameof(DocumentSha256)), DocumentSha256);
        }

        checks.Seal(Seal);
        if (FormPack is { } pack)
        {
            var place = Place.Of(nameof(FormPack));
            checks.Name(pack.Name, place.At(nameof(pack.Name)));
            if (!SealRules.IsSha256(pack.Sha256))
            {
                checks.Refuse(LedgerRules.DocumentHashMalformed, place.At(nameof(pack.Sha256)), pack.Sha256);
            }
        }

        checks.OptionalName(Program, Place.Of(nameof(Program)));
        return checks.Decide(new DisclosurePublished(Date, DocumentSha256, Seal, FormPack, Program));
    }

    internal override bool IsIn(YearState year) => year.Published is { } found && found.DocumentSha256 == DocumentSha256;
}

/// <summary>The disclosure was published (决算公开). What it was made with is there from the day on that documents are kept.</summary>
/// <param name="DocumentSha256">SHA-256 of the bytes of disclosure.json, 64 lower-case hexadecimal digits.</param>
/// <param name="Seal">The log's position and hash that the document was built from.</param>
/// <param name="FormPack">The form pack as it was then; with it the document and the list of the pack's files are kept beside the log.</param>
/// <param name="Program">Version of the program that made the document.</param>
public sealed record DisclosurePublished(
    LocalDate Date, string DocumentSha256, Seal Seal, PublishedForm? FormPack = null, string? Program = null) : LedgerEvent(Date)
{
    /// <summary>SHA-256 of the documents that must be kept beside the log; none of a publication from before there were any.</summary>
    public IReadOnlyList<string> KeptDocuments() => FormPack is { } pack ? [DocumentSha256, pack.Sha256] : [];
}

/// <summary>A form pack (报表格式) as it was when a disclosure was published with it.</summary>
/// <param name="Name">The pack's name.</param>
/// <param name="Sha256">SHA-256 of the list of the pack's files, those of the packs that it extends among them: a line per file with its
/// SHA-256, two spaces, and its path. The list is kept beside the log, and so are the files, by their hashes.</param>
public sealed record PublishedForm(string Name, string Sha256);
