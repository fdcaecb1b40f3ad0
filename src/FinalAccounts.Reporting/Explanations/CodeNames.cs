using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting;

/// <summary>Names of codes by this year's chart, and by last year's for codes that are no more.</summary>
public static class CodeNames
{
    /// <summary>The name; the code itself when no chart has it.</summary>
    public static string Of(ReportBooks books, FunctionCode code) =>
        Charts(books).Select(c => c.TryGetName(code, out var name) ? name : null).FirstOrDefault(n => n is not null) ?? code.ToString();

    /// <inheritdoc cref="Of(ReportBooks, FunctionCode)"/>
    public static string Of(ReportBooks books, EconomicCode code) =>
        Charts(books).Select(c => c.TryGetName(code, out var name) ? name : null).FirstOrDefault(n => n is not null) ?? code.ToString();

    private static IEnumerable<ChartOfAccounts> Charts(ReportBooks books) => new[] { books.Current.Year, books.Prior?.Year }
        .Select(year => year is { } known && ChartOfAccounts.TryFor(known, out var chart) ? chart : null).OfType<ChartOfAccounts>();
}
