using NodaTime;

namespace FinalAccounts.Ledger;

/// <summary>
/// Something that happened to a department's accounts and cannot unhappen. Stored for ever under the alias that
/// <see cref="EventCodec"/> gives its type.
/// </summary>
/// <param name="Date">The accounting date (记账日期) it belongs to; when it was recorded is set by the log.</param>
public abstract record LedgerEvent(LocalDate Date);

/// <summary>The streams of a region's log.</summary>
public static class Streams
{
    /// <summary>The stream of a department's master data.</summary>
    public static string Department(DepartmentCode department) => $"department/{department}";

    /// <summary>The stream of one department's fiscal year.</summary>
    public static string Year(DepartmentCode department, FiscalYear year) => $"year/{department}/{year}";
}
