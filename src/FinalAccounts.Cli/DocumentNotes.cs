using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using Spectre.Console;

namespace FinalAccounts.Cli;

/// <summary>Shows what a document lacks and which rules it breaks.</summary>
internal static class DocumentNotes
{
    /// <summary>Rows of each table on the terminal; <c>--json</c> has all of them.</summary>
    private const int RowsShown = 50;

    /// <summary>Findings and missing things, each as a table; nothing when there is nothing to say.</summary>
    public static void Write(Session session, DisclosureDocument document)
    {
        foreach (var finding in document.Findings)
        {
            Session.WriteLine(session.Words[finding.Rule.Severity == FindingSeverity.Error ? "DocumentError" : "Warning", DocumentTexts.Describe(finding, session.Words)]);
        }

        if (document.Missing.Count == 0)
        {
            return;
        }

        var words = session.Words;
        var table = new Table { Title = new TableTitle(Markup.Escape(words["MissingTitle", document.Missing.Count])) }.Border(TableBorder.Simple)
            .AddColumns(words["ColumnKind"], words["ColumnName"], words["ColumnPlace"], words["ColumnSupply"]);
        foreach (var item in document.Missing.Take(RowsShown))
        {
            table.AddRow(new[] { DocumentTexts.Kind(item, words), item.Name, item.Place, DocumentTexts.Supply(item, words) }.Select(t => new Text(t)));
        }

        session.Terminal.Write(table);
        if (document.Missing.Count > RowsShown)
        {
            Session.WriteLine(words["MissingMore", document.Missing.Count - RowsShown]);
        }
    }

    public static object Json(DisclosureDocument document, Words words) => new
    {
        Missing = document.Missing.Select(m => new
        {
            Kind = m.Kind.ToString().ToLowerInvariant(),
            m.Name,
            m.Place,
            m.IsDrafted,
            m.PreventsPublication,
            Supply = DocumentTexts.Supply(m, words),
        }),
        Findings = document.Findings.Select(f => new
        {
            Rule = f.Rule.Id,
            Severity = f.Rule.Severity.ToString().ToLowerInvariant(),
            f.Subject,
            f.Arguments,
            Text = f.ToText(words.Culture),
            Remedy = f.Rule.Remedy(words.Culture),
        }),
    };

    /// <summary>What is wrong between a year's books and those of the year before; printed as warnings where somebody enters or closes them.</summary>
    public static async Task WarnOfBooksAsync(Session session, RegionLog log, DepartmentCode code, FiscalYear year, CancellationToken cancellationToken)
    {
        foreach (var finding in BooksCheck.Check(await ReportedYear.ReadWithoutVouchersAsync(log, code, year, cancellationToken)))
        {
            await Console.Error.WriteLineAsync(session.Words["Warning", DocumentTexts.Describe(finding, session.Words)]);
        }
    }
}
