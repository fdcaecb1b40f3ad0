using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>Publish the disclosure of a closed year (决算公开). The fields are those of <see cref="DisclosurePublished"/>.</summary>
public sealed record PublishDisclosure(LocalDate Date, string DocumentSha256, Seal Seal) : YearCommand(Date)
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
        return checks.Decide(new DisclosurePublished(Date, DocumentSha256, Seal));
    }

    internal override bool IsIn(YearState year) => year.Published is { } found && found.DocumentSha256 == DocumentSha256;
}

/// <summary>The disclosure was published (决算公开).</summary>
/// <param name="DocumentSha256">SHA-256 of the bytes of disclosure.json, 64 lower-case hexadecimal digits.</param>
/// <param name="Seal">The log's position and hash that the document was built from.</param>
public sealed record DisclosurePublished(LocalDate Date, string DocumentSha256, Seal Seal) : LedgerEvent(Date);
