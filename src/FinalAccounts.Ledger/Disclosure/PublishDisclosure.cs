using FinalAccounts.Ledger.Closing;
using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>Publish the disclosure of a closed year (决算公开). The fields are those of <see cref="DisclosurePublished"/>.</summary>
public sealed record PublishDisclosure(LocalDate Date, string DocumentSha256, Seal Seal) : YearCommand(Date);

/// <summary>The disclosure was published (决算公开).</summary>
/// <param name="DocumentSha256">SHA-256 of the bytes of disclosure.json, 64 lower-case hexadecimal digits.</param>
/// <param name="Seal">The log's position and hash that the document was built from.</param>
public sealed record DisclosurePublished(LocalDate Date, string DocumentSha256, Seal Seal) : LedgerEvent(Date);
