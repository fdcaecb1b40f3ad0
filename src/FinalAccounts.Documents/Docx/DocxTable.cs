using System.Globalization;
using DocumentFormat.OpenXml.Wordprocessing;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;
using Word = DocumentFormat.OpenXml.Wordprocessing;

namespace FinalAccounts.Documents.Docx;

/// <summary>A disclosure table as a Word table with merged cells and a header that repeats on every page.</summary>
internal static class DocxTable
{
    public static Table Of(DisclosureTable table, TableFit fit) => Of(table.Title, table.Layout, fit);

    public static Table Of(DisclosureForm form, TableFit fit) => Of(form.Title, form.Layout, fit);

    private static Table Of(string title, Reporting.TableLayout layout, TableFit fit)
    {
        var result = new Table(
            new TableProperties(
                new TableStyle { Val = DocxStyles.TableGrid },
                new TableWidth { Width = Number(fit.Page.TextWidth), Type = TableWidthUnitValues.Dxa },
                new TableJustification { Val = TableRowAlignmentValues.Center },
                new Word.TableLayout { Type = TableLayoutValues.Fixed },
                new TableCaption { Val = PrintableText.Clean(title) }),
            new TableGrid(fit.ColumnTwips.Select(width => new GridColumn { Width = Number(width) })));
        Append(result, layout.Header, fit, header: true);
        Append(result, layout.Body, fit, header: false);
        return result;
    }

    private static void Append(Table table, IReadOnlyList<IReadOnlyList<LayoutCell>> rows, TableFit fit, bool header)
    {
        var places = GridPlaces.Place(rows, fit.ColumnTwips.Count);
        for (var number = 0; number < rows.Count; number++)
        {
            var properties = new TableRowProperties();
            // A passage may be longer than a page.
            if (fit.OnePage || !places.Any(p => p.Row <= number && number <= p.LastRow && p.Cell.Kind == LayoutCellKind.Text))
                properties.Append(new CantSplit());
            properties.Append(new TableRowHeight { Val = (uint)fit.RowTwips, HeightType = HeightRuleValues.AtLeast });
            if (header)
                properties.Append(new TableHeader());
            var row = new Word.TableRow(properties);
            // A cell over several rows appears in each of them: first to begin the merge, then to go on with it.
            foreach (var place in places.Where(p => p.Row <= number && number <= p.LastRow).OrderBy(p => p.Column))
                row.Append(Cell(place, fit, isFirstRow: place.Row == number));
            table.Append(row);
        }
    }

    private static Word.TableCell Cell(PlacedCell place, TableFit fit, bool isFirstRow)
    {
        var cell = place.Cell;
        var width = fit.ColumnTwips.Skip(place.Column).Take(cell.ColumnSpan).Sum();
        var properties = new TableCellProperties(new TableCellWidth { Width = Number(width), Type = TableWidthUnitValues.Dxa });
        if (cell.ColumnSpan > 1)
            properties.Append(new GridSpan { Val = cell.ColumnSpan });
        if (cell.RowSpan > 1)
            properties.Append(new VerticalMerge { Val = isFirstRow ? MergedCellValues.Restart : MergedCellValues.Continue });
        properties.Append(new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center });

        var paragraph = new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = DocxStyles.Cell(cell.Kind, fit.HalfPoints) }));
        if (cell.Indent > 0)
            paragraph.ParagraphProperties!.Append(new Indentation { Left = Number(cell.Indent * fit.HalfPoints * 10) });
        if (isFirstRow)
        {
            foreach (var (index, line) in TextRuns.Lines(cell).Index())
            {
                if (index > 0)
                    paragraph.Append(new Run(new Break()));
                paragraph.Append(DocxBody.Runs(line));
            }
        }

        return new(properties, paragraph);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
