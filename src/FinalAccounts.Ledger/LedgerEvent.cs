using System.Globalization;
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

    /// <summary>True for the stream of any department's given year.</summary>
    public static bool IsYear(string stream, FiscalYear year) => stream.Split('/') is ["year", _, var last] && last == year.ToString();

    /// <summary>The fiscal year that a stream is of; null for a department's master data.</summary>
    public static FiscalYear? YearOf(string stream) => stream.Split('/') is ["year", _, var year] ? new(int.Parse(year, CultureInfo.InvariantCulture)) : null;

    /// <summary>The department that a stream is of.</summary>
    /// <exception cref="FormatException">It is the stream of no department.</exception>
    public static DepartmentCode DepartmentOf(string stream) => stream.Split('/') switch
    {
        ["department", var code] => new(code),
        ["year", var code, _] => new(code),
        _ => throw new FormatException($"'{stream}' is no department's stream."),
    };
}
