using System.Globalization;
using System.Reflection;
using System.Text;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Html;

/// <summary>One document on its way to HTML, from top to bottom.</summary>
/// <param name="embedding">Null for a file of its own.</param>
internal sealed class HtmlPage(DisclosureDocument document, HtmlEmbedding? embedding = null)
{
    private readonly Markup _html = new();
    private readonly Contents _contents = new(document);
    private readonly Dictionary<string, Figure> _figures = document.Figures.ToDictionary(f => f.Address);
    private readonly HashSet<string> _ids = [];

    public byte[] Write()
    {
        _ids.UnionWith(_contents.Entries.Select(entry => Anchor(entry.Target)!));
        _html.DocumentType();
        _html.Element("html", [("lang", "zh-Hans")], () =>
        {
            Head();
            _html.NewLine();
            _html.Element("body", [], Body);
        });
        _html.NewLine();
        return _html.ToUtf8();
    }

    /// <summary>What stands in the body, for a page that has a head, a main element and a style sheet already.</summary>
    public string WriteFragment()
    {
        _ids.UnionWith(_contents.Entries.Select(entry => Anchor(entry.Target)!));
        if (embedding!.HasFront)
        {
            Cover();
            ContentsList();
        }

        Parts();
        return _html.ToString();
    }

    private void Head() => _html.Element("head", [], () =>
    {
        _html.Void("meta", ("charset", "utf-8"));
        _html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        // Nothing may be loaded or run, even if some text should ever slip through unencoded.
        _html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"));
        _html.Element("title", document.Unit.Title);
        _html.StyleSheet(StyleSheet());
    });

    private void Body()
    {
        Cover();
        ContentsList();
        _html.NewLine();
        _html.Element("main", [], Parts);
    }

    private void Parts()
    {
        foreach (var part in document.Parts)
        {
            _html.NewLine();
            _html.Element("section", [("class", part is TablesPart ? "part tables" : "part")], () => Part(part));
        }
    }

    private void Cover() => _html.Element("header", [("class", "cover")], () =>
    {
        _html.Element("h1", [], () =>
        {
            foreach (var line in CoverTitle.Lines(document.Unit))
                _html.Element("span", line);
        });
        _html.Element("p", [("class", "cover-unit")], document.Unit.Name);
    });

    private void ContentsList()
    {
        _html.NewLine();
        _html.Element("nav", [("class", "contents"), ("aria-labelledby", "contents")], () =>
        {
            _html.Element("h2", [("id", "contents")], DocumentText.ContentsTitle);
            _html.Element("ul", Look(null, Invariant($"--line:{_contents.LineTwips / 20}pt"), null), () =>
            {
                foreach (var entry in _contents.Entries)
                {
                    _html.NewLine();
                    _html.Element("li", [("class", $"level-{entry.Level}")], () =>
                        _html.Element("a", [("href", "#" + Anchor(entry.Target))], entry.Text));
                }
            });
        });
    }

    private void Part(DisclosurePart part)
    {
        if (part is FormsPart { Forms: [var form] })
        {
            Form(form, "h2", Anchor(part));
            return;
        }

        _html.Element("h2", [("id", Anchor(part))], part.Title);
        switch (part)
        {
            case TextPart text:
                foreach (var block in text.Blocks)
                    Block(block);
                break;
            case TablesPart tables:
                if (tables.Note is { } note)
                    _html.Element("p", [("class", "part-note")], note);
                foreach (var table in tables.Tables)
                    Table(table);
                break;
            case FormsPart forms:
                foreach (var each in forms.Forms)
                    Form(each, "h3", Anchor(each));
                break;
            case GlossaryPart glossary:
                foreach (var entry in glossary.Entries)
                    _html.Element("p", DocumentText.GlossaryEntry(entry.Term, entry.Definition));
                break;
            case AttachmentsPart { Titles.Count: 0 }:
                _html.Element("p", DocumentText.NoAttachments);
                break;
            case AttachmentsPart attachments:
                foreach (var title in attachments.Titles)
                    _html.Element("p", title);
                break;
        }
    }

    private void Block(TextBlock block)
    {
        _html.NewLine();
        if (block.Heading.Length > 0)
        {
            _html.Element($"h{Math.Clamp(block.Level, 1, 4) + 2}", [("id", Anchor(block))], () =>
            {
                foreach (var run in TextRuns.Heading(block))
                    Run(run);
            });
        }

        foreach (var paragraph in TextRuns.Paragraphs(block))
        {
            _html.NewLine();
            _html.Element("p", [], () =>
            {
                foreach (var run in paragraph)
                    Run(run);
            });
        }
    }

    private void Run(TextRun run)
    {
        if (!run.IsDraft)
        {
            FigureOrText(run);
            return;
        }

        _html.Element("mark", [("class", "draft"), ("title", DocumentText.DraftHint)], () =>
        {
            if (run.StartsDraft)
                _html.Element("span", [("class", "draft-mark")], DocumentText.Draft);
            FigureOrText(run);
        });
    }

    private void FigureOrText(TextRun run)
    {
        if (run.Address is { } address)
            Number(address, run.Text);
        else
            _html.Text(run.Text);
    }

    private void Table(DisclosureTable table)
    {
        var fit = TableFit.Of(table);
        _html.NewLine();
        _html.Element("section", Look(fit.Page.Landscape ? "table landscape" : "table", Style(fit), Columns(fit.ColumnTwips.Count)), () =>
        {
            _html.Element("h3", [("id", Anchor(table))], table.Title);
            _html.Element("p", [("class", "form-number")], table.FormNumber);
            _html.Element("p", [("class", "table-line")], () =>
            {
                _html.Element("span", DocumentText.Department(table.Department));
                _html.Element("span", DocumentText.UnitOfAmount(table.UnitOfAmount));
            });
            var caption = DocumentText.TableCaption(table.Title, table.FormNumber, table.UnitOfAmount);
            Grid(table.Title, caption, table.Layout, fit);
            foreach (var note in table.Notes)
                _html.Element("p", [("class", "note")], note);
        });
    }

    private void Form(DisclosureForm form, string heading, string? anchor)
    {
        var fit = TableFit.Of(form);
        _html.NewLine();
        _html.Element("section", Look(fit.Page.Landscape ? "table form landscape" : "table form", Style(fit), Columns(fit.ColumnTwips.Count)), () =>
        {
            if (form.Attachment is { } attachment)
                _html.Element("p", [("class", "attachment")], attachment);
            _html.Element(heading, [("id", anchor)], form.Title);
            if (form.Subtitle is { } subtitle)
                _html.Element("p", [("class", "subtitle")], subtitle);
            Grid(form.Title, form.Title, form.Layout, fit);
            foreach (var note in form.Notes)
                _html.Element("p", [("class", "note")], note);
            if (form.Signature is { } signature)
                _html.Element("p", [("class", "note signature")], signature);
        });
    }

    /// <summary>A table in a region that scrolls; that one must be reachable with the keyboard.</summary>
    private void Grid(string title, string caption, TableLayout layout, TableFit fit) =>
        _html.Element("div", [("class", "scroll"), ("role", "region"), ("aria-label", title), ("tabindex", "0")], () =>
            _html.Element("table", [], () =>
            {
                _html.Element("caption", caption);
                Columns(fit);
                if (layout.Header.Count > 0)
                    Rows("thead", layout.Header, header: true);
                Rows("tbody", layout.Body, header: false);
            }));

    private static string Style(TableFit fit) => Invariant(
        $"--size:{fit.HalfPoints / 2}.{fit.HalfPoints % 2 * 5}pt;--row:{fit.RowTwips / 20}pt;--columns:{fit.ColumnTwips.Count}");

    private void Columns(TableFit fit) => _html.Element("colgroup", [], () =>
    {
        foreach (var twips in fit.ColumnTwips)
        {
            var hundredths = twips * 10_000L / fit.Page.TextWidth;
            var width = Invariant($"{hundredths / 100}.{hundredths % 100:00}%");
            _html.Void("col", embedding is null ? ("style", "width:" + width) : ("width", width));
        }
    });

    private void Rows(string element, IReadOnlyList<IReadOnlyList<LayoutCell>> rows, bool header) => _html.Element(element, [], () =>
    {
        foreach (var row in rows)
        {
            _html.NewLine();
            _html.Element("tr", [], () =>
            {
                foreach (var cell in row)
                    Cell(cell, header);
            });
        }
    });

    private void Cell(LayoutCell cell, bool header)
    {
        var (element, scope) = (header, cell.Kind) switch
        {
            (true, _) => ("th", cell.ColumnSpan > 1 ? "colgroup" : "col"),
            (false, LayoutCellKind.Name or LayoutCellKind.Total) when cell.Text.Length > 0 => ("th", "row"),
            // What a label is for stands beside it in one place and below it in another: no scope.
            (false, LayoutCellKind.Label) when cell.Text.Length > 0 => ("th", null),
            _ => ("td", null),
        };
        List<(string, string?)> attributes =
        [
            ("scope", scope),
            ("colspan", cell.ColumnSpan > 1 ? Invariant($"{cell.ColumnSpan}") : null),
            ("rowspan", cell.RowSpan > 1 ? Invariant($"{cell.RowSpan}") : null),
        ];
        var isMarked = cell.Address is { } marked && embedding?.Marks.ContainsKey(marked) == true;
        attributes.InsertRange(0, Look(
            isMarked ? Class(cell.Kind) + " changed" : Class(cell.Kind),
            cell.Indent > 0 ? Invariant($"--indent:{cell.Indent}") : null,
            cell.Indent > 0 ? Invariant($"indent-{cell.Indent}") : null));
        if (cell.Address is { } linked && embedding is not null)
        {
            _html.Element(element, attributes, () => Number(linked, cell.Text));
            return;
        }

        if (cell.Address is { } address)
            attributes.AddRange(FigureAttributes(address));
        if (cell.Figures is null && cell.Drafts is null)
        {
            _html.Element(element, attributes, cell.Text);
            return;
        }

        _html.Element(element, attributes, () =>
        {
            foreach (var (index, line) in TextRuns.Lines(cell).Index())
            {
                if (index > 0)
                    _html.Void("br");
                foreach (var run in line)
                    Run(run);
            }
        });
    }

    /// <summary>A number with its address: in a file of its own to be linked to, in a page a link to what it comes from.</summary>
    private void Number(string address, string text)
    {
        if (embedding is null)
        {
            _html.Element("span", [("class", "figure"), .. FigureAttributes(address)], text);
            return;
        }

        var mark = embedding.Marks.GetValueOrDefault(address);
        if (text.Length == 0)
        {
            // A blank cell is no link, but it may have lost its number.
            if (mark is not null)
                _html.Element("span", [("class", "changed"), ("title", mark)], DocumentText.Blank);
            return;
        }

        _html.Element(
            "a",
            [
                ("class", mark is null ? "figure" : "figure changed"),
                ("id", embedding.HasAnchors && _ids.Add(Id(address)) ? Id(address) : null),
                ("title", mark ?? (_figures.TryGetValue(address, out var figure) ? Hint(figure) : null)),
                ("href", embedding.Link(address)),
            ],
            text);
    }

    /// <summary>How an element looks: by its own style in a file, by classes alone in a page, which allows no styles in its text.</summary>
    private IEnumerable<(string, string?)> Look(string? classes, string? style, string? classesInstead) => embedding is null
        ? [("class", classes), ("style", style)]
        : [("class", string.Join(' ', new[] { classes, classesInstead }.OfType<string>()) is { Length: > 0 } all ? all : null)];

    private static string Columns(int count) => Invariant($"columns-{count}");

    /// <summary>
    /// The address, the anchor (once for each address: an id must be unique), and what the number is, to be shown on demand.
    /// </summary>
    private IEnumerable<(string, string?)> FigureAttributes(string address)
    {
        yield return ("data-figure", address);
        if (_ids.Add(Id(address)))
            yield return ("id", Id(address));
        if (_figures.TryGetValue(address, out var figure) && figure.Printed is not null)
            yield return ("title", Hint(figure));
    }

    private static string Hint(Figure figure) =>
        figure.IsMoney && Int128.Abs(figure.Exact.Numerator) <= long.MaxValue
            ? DocumentText.ExactAmount(figure.Name, new Money((long)figure.Exact.Numerator).ToYuan())
            : figure.Name;

    /// <summary>An id may hold any character but white space.</summary>
    private static string Id(string address)
    {
        var id = new StringBuilder();
        foreach (var c in address)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
                id.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            else
                id.Append(c);
        }

        return id.ToString();
    }

    private string? Anchor(object target) => _contents.NumberOf(target) is { } number ? Invariant($"section-{number}") : null;

    private static string Class(LayoutCellKind kind) => kind switch
    {
        LayoutCellKind.Header => "head",
        LayoutCellKind.Code => "code",
        LayoutCellKind.Name => "name",
        LayoutCellKind.Line => "line",
        LayoutCellKind.Total => "total",
        LayoutCellKind.Amount => "amount",
        LayoutCellKind.Label => "label",
        LayoutCellKind.Value => "value",
        LayoutCellKind.Text => "text",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string StyleSheet() => Read("page.css") + ContentStyles();

    /// <summary>The styles of what stands in the body.</summary>
    internal static string ContentStyles() => Read("disclosure.css");

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // A checkout on Windows may have turned the line ends.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
