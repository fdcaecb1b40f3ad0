using FinalAccounts.Documents.Json;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents;

/// <summary>Writes disclosure.json: the document for programs, with the exact value behind every printed number.</summary>
public static class JsonWriter
{
    /// <summary>The document as JSON in UTF-8; the same document gives the same bytes. Its shape is described in docs/documents.md.</summary>
    public static byte[] Write(DisclosureDocument document)
    {
        var json = new JsonText();
        json.Object(() =>
        {
            Unit(json, document.Unit);
            json.Name("tables").Object(() =>
            {
                foreach (var table in document.Tables)
                    Table(json, table);
            });
            foreach (var texts in document.Parts.OfType<TextPart>().GroupBy(p => p.Key))
                json.Name(texts.Key).Array(texts.SelectMany(p => p.Blocks), block => Block(json, block));
            foreach (var forms in document.Parts.OfType<FormsPart>().GroupBy(p => p.Key))
                FormJson.Write(json, forms.Key, [.. forms.SelectMany(p => p.Forms)]);
            json.Name("glossary").Array(document.Parts.OfType<GlossaryPart>().SelectMany(p => p.Entries), entry => Entry(json, entry));
            json.Name("attachments").Array(document.Parts.OfType<AttachmentsPart>().SelectMany(p => p.Titles), json.Value);
            var places = FigurePlaces.Of(document);
            json.Name("figures").Array(document.Figures, figure => Figure(json, figure, places[figure.Address]));
        });
        return json.ToUtf8();
    }

    private static void Unit(JsonText json, DisclosureUnit unit) => json.Name("unit").Object(() =>
    {
        json.Name("name").Value(unit.Name);
        json.Name("year").Value(unit.Year);
        json.Name("region").Value(unit.Region);
        json.Name("title").Value(unit.Title);
    });

    private static void Table(JsonText json, DisclosureTable table) => json.Name(table.Id).Object(() =>
    {
        json.Name("title").Value(table.Title);
        json.Name("unitOfAmount").Value(table.UnitOfAmount);
        json.Name("columns").Array(table.Columns, json.Value);
        json.Name("rows").Array(table.Rows, row => Row(json, row));
        json.Name("notes").Array(table.Notes, json.Value);
        if (table.Statistics is { } statistics)
            json.Name("statistics").Object(() => Statistics(json, statistics));
    });

    private static void Statistics(JsonText json, TableStatistics statistics)
    {
        json.Name("columns").Array(statistics.Columns, json.Value);
        json.Name("rows").Array(statistics.Items, item => json.Object(() =>
        {
            json.Name("name").Value(item.Name);
            json.Name("value").Value(item.Text);
        }));
    }

    private static void Row(JsonText json, TableRow row) => json.Object(() =>
    {
        if (row.Side is { } side)
            json.Name("side").Value(side);
        if (row.Code is { } code)
            json.Name("code").Value(code);
        if (row.Name is { } name)
            json.Name("name").Value(name);
        if (row.Line is { } line)
            json.Name("line").Value(line);
        json.Name("cells").Object(() =>
        {
            foreach (var cell in row.Cells)
                json.Name(cell.Column).Value(cell.Text);
        });
    });

    private static void Block(JsonText json, TextBlock block) => json.Object(() =>
    {
        json.Name("heading").Value(block.Heading);
        json.Name("level").Value(block.Level);
        json.Name("text").Value(block.Text);
        if (block.Drafts.Count > 0)
            json.Name("drafts").Array(block.Drafts, span => json.Object(() => Span(json, span)));
    });

    private static void Entry(JsonText json, GlossaryEntry entry) => json.Object(() =>
    {
        json.Name("term").Value(entry.Term);
        json.Name("definition").Value(entry.Definition);
    });

    private static void Figure(JsonText json, Figure figure, IEnumerable<FigurePlace> places) => json.Object(() =>
    {
        json.Name("address").Value(figure.Address);
        json.Name("name").Value(figure.Name);
        json.Name("unit").Value(figure.Unit);
        json.Name("exact").Object(() => Exact(json, figure));
        json.Name("printed").Value(figure.Printed);
        json.Name("rounding").Value(figure.Rounding);
        json.Name("where").Array(places, place => Place(json, place));
    });

    private static void Exact(JsonText json, Figure figure)
    {
        if (figure.IsMoney)
        {
            json.Name("fen").Value(figure.Exact.Numerator);
            return;
        }

        json.Name("numerator").Value(figure.Exact.Numerator);
        json.Name("denominator").Value(figure.Exact.Denominator);
    }

    private static void Place(JsonText json, FigurePlace place) => json.Object(() =>
    {
        switch (place)
        {
            case CellPlace cell:
                json.Name("table").Value(cell.Table);
                json.Name("row").Value(cell.Row);
                json.Name("column").Value(cell.Column);
                break;
            case StatisticPlace count:
                json.Name("table").Value(count.Table);
                json.Name("statistic").Value(count.Row);
                break;
            case SpanPlace text:
                json.Name("part").Value(text.Part);
                json.Name("block").Value(text.Block);
                json.Name("heading").Value(text.Heading);
                if (text.IsInHeading)
                    json.Name("in").Value("heading");
                Span(json, text.Span);
                break;
            case GridPlace grid:
                json.Name("form").Value(grid.Form);
                json.Name("row").Value(grid.Row);
                json.Name("column").Value(grid.Column);
                if (grid.Span is { } within)
                    Span(json, within);
                break;
        }
    });

    private static void Span(JsonText json, TextSpan span)
    {
        json.Name("start").Value(span.Start);
        json.Name("length").Value(span.Length);
    }
}
