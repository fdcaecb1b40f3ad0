using FinalAccounts.Ledger.Closing;
using NodaTime;

namespace FinalAccounts.Ledger.Disclosure;

/// <summary>The reason for a figure or the text of a section was written; it replaces an earlier one on the same subject.</summary>
/// <param name="Subject">What it explains, in the words of the form pack: <c>收入总计/比上年</c>, <c>2080101/比年初预算</c>.</param>
/// <param name="Text">The reason as it goes into the sentence, without a full stop.</param>
/// <param name="Author">The office or post that wrote it.</param>
public sealed record ExplanationWritten(LocalDate Date, string Subject, string Text, string Author) : LedgerEvent(Date);

/// <summary>A figure of an earlier year, from before the system.</summary>
/// <param name="Quantity">The quantity's name in the form pack.</param>
public sealed record Comparative(string Quantity, Money Amount);

/// <summary>Last year's published figures were imported (上年数). What they do not cover stays unknown.</summary>
/// <param name="Year">The year that the figures are of.</param>
/// <param name="Source">Where they were taken from.</param>
public sealed record ComparativesImported(
    LocalDate Date, FiscalYear Year, string Source, IReadOnlyList<Comparative> Items) : LedgerEvent(Date);

/// <summary>The disclosure was published (决算公开).</summary>
/// <param name="DocumentSha256">SHA-256 of the bytes of disclosure.json, 64 lower-case hexadecimal digits.</param>
/// <param name="Seal">The log's position and hash that the document was built from.</param>
public sealed record DisclosurePublished(LocalDate Date, string DocumentSha256, Seal Seal) : LedgerEvent(Date);
