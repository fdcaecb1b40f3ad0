using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.EventLog.Archives;

/// <summary>A year that stands in a file.</summary>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="FileName">The file's name as it was written, without a folder.</param>
public sealed record ArchivedYear(FiscalYear Year, Instant ArchivedAt, long Events, string Sha256, string FileName);
