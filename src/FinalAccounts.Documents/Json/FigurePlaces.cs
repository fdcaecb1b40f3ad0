using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Json;

/// <summary>Where a figure stands in the document.</summary>
internal abstract record FigurePlace;

/// <summary>In a table; <paramref name="Row"/> is an index into its rows, from 0.</summary>
internal sealed record CellPlace(string Table, int Row, string Column) : FigurePlace;

/// <summary>Among the counts below a table; <paramref name="Row"/> is an index into them, from 0.</summary>
internal sealed record StatisticPlace(string Table, int Row) : FigurePlace;

/// <summary>In a text; <paramref name="Block"/> is an index into the blocks of the part's array, from 0.</summary>
/// <param name="IsInHeading">True when the span is one of the heading, not of the text.</param>
internal sealed record SpanPlace(string Part, int Block, string Heading, bool IsInHeading, TextSpan Span) : FigurePlace;

/// <summary>
/// In a form: <paramref name="Row"/> and <paramref name="Column"/> are the place of a cell in the grid as it is drawn, from 0, and
/// <paramref name="Span"/> the place in its text; null when the number is all of it.
/// </summary>
internal sealed record GridPlace(string Form, int Row, int Column, TextSpan? Span) : FigurePlace;

internal static class FigurePlaces
{
    /// <summary>The places of each address, in the order of the document.</summary>
    public static ILookup<string, FigurePlace> Of(DisclosureDocument document) =>
        Cells(document).Concat(Statistics(document)).Concat(Spans(document)).Concat(Grids(document)).ToLookup(p => p.Address, p => p.Place);

    private static IEnumerable<(string Address, FigurePlace Place)> Cells(DisclosureDocument document) =>
        from table in document.Tables
        from row in table.Rows.Index()
        from cell in row.Item.Cells
        where cell.Address is not null
        select (cell.Address, (FigurePlace)new CellPlace(table.Id, row.Index, cell.Column));

    private static IEnumerable<(string Address, FigurePlace Place)> Statistics(DisclosureDocument document) =>
        from table in document.Tables
        from item in (table.Statistics?.Items ?? []).Index()
        where item.Item.Address is not null
        select (item.Item.Address, (FigurePlace)new StatisticPlace(table.Id, item.Index));

    private static IEnumerable<(string Address, FigurePlace Place)> Spans(DisclosureDocument document) =>
        from part in document.Parts.OfType<TextPart>().GroupBy(p => p.Key)
        from block in part.SelectMany(p => p.Blocks).Index()
        from place in block.Item.HeadingFigures.Select(f => (IsInHeading: true, Figure: f)).Concat(block.Item.Figures.Select(f => (IsInHeading: false, Figure: f)))
        select (place.Figure.Address, (FigurePlace)new SpanPlace(part.Key, block.Index, block.Item.Heading, place.IsInHeading, place.Figure.Span));

    private static IEnumerable<(string Address, FigurePlace Place)> Grids(DisclosureDocument document)
    {
        foreach (var form in document.Forms)
        {
            foreach (var place in GridPlaces.Place([.. form.Layout.Header, .. form.Layout.Body], form.Layout.ColumnWidths.Count))
            {
                if (place.Cell.Address is { } address)
                    yield return (address, new GridPlace(form.Id, place.Row, place.Column, null));
                foreach (var figure in place.Cell.Figures ?? [])
                    yield return (figure.Address, new GridPlace(form.Id, place.Row, place.Column, figure.Span));
            }
        }
    }
}
