using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Docx;

/// <summary>The text of the Word document, from the cover to the attachments.</summary>
internal sealed class DocxBody(DisclosureDocument document)
{
    public const string TextFooterId = "rId4";
    public const string TableFooterId = "rId5";

    private readonly Body _body = new();
    private readonly Contents _contents = new(document);

    // What the paragraphs since the last section break are to be printed on; null on the cover.
    private Paper? _page;
    private bool _numbered;

    public Document Write()
    {
        Cover();
        StartPages(Paper.Text);
        ContentsField();
        foreach (var part in document.Parts)
            Part(part);
        _body.Append(Section(_page));
        return new Document(_body);
    }

    private void Cover()
    {
        var lines = CoverTitle.Lines(document.Unit);
        var title = Paragraph(DocxStyles.CoverTitle);
        title.ParagraphProperties!.Append(new SpacingBetweenLines { Before = "2800" });
        foreach (var (index, line) in lines.Index())
        {
            if (index > 0)
                title.Append(new Run(new Break()));
            title.Append(Run(line));
        }

        var unit = Paragraph(DocxStyles.CoverUnit);
        unit.ParagraphProperties!.Append(new SpacingBetweenLines { Before = Number(7600 - (960 * lines.Count)) });
        unit.Append(Run(document.Unit.Name));
        _body.Append(title, unit);
    }

    /// <summary>
    /// The contents as a field that Word can update, filled in already. Switches: headings 1 and 2 and TC fields of tables, as links,
    /// without page numbers.
    /// </summary>
    private void ContentsField()
    {
        var content = new SdtContentBlock();
        var heading = Paragraph(DocxStyles.ContentsTitle);
        heading.Append(Run(DocumentText.ContentsTitle));
        content.Append(heading);
        var spacing = new SpacingBetweenLines
        {
            Line = Number(_contents.LineTwips),
            LineRule = LineSpacingRuleValues.Exact,
        };
        foreach (var (index, entry) in _contents.Entries.Index())
        {
            var line = Paragraph(DocxStyles.Contents(entry.Level));
            line.ParagraphProperties!.Append(spacing.CloneNode(true));
            if (index == 0)
            {
                line.Append(
                    new Run(new FieldChar { FieldCharType = FieldCharValues.Begin }),
                    new Run(new FieldCode(""" TOC \o "1-2" \h \n \f t """) { Space = SpaceProcessingModeValues.Preserve }),
                    new Run(new FieldChar { FieldCharType = FieldCharValues.Separate }));
            }

            line.Append(new Hyperlink(Run(entry.Text)) { Anchor = Bookmark(index + 1), History = true });
            if (index == _contents.Entries.Count - 1)
                line.Append(new Run(new FieldChar { FieldCharType = FieldCharValues.End }));
            content.Append(line);
        }

        _body.Append(new SdtBlock(
            new SdtProperties(new SdtContentDocPartObject(
                new DocPartGallery { Val = "Table of Contents" }, new DocPartUnique())),
            content));
    }

    private void Part(DisclosurePart part)
    {
        if (part is FormsPart { Forms: [var only] })
        {
            Form(only, part);
            return;
        }

        StartPages(Paper.Text);
        var heading = Paragraph(DocxStyles.Heading(1));
        heading.ParagraphProperties!.Append(new PageBreakBefore());
        // The tables' title stands in the middle of a page of its own, so that each table has a whole page.
        if (part is TablesPart)
            heading.ParagraphProperties.Append(new SpacingBetweenLines { Before = "5200" });
        AppendMarked(heading, part, Run(part.Title));
        _body.Append(heading);
        switch (part)
        {
            case TextPart text:
                foreach (var block in text.Blocks)
                    Block(block);
                break;
            case TablesPart tables:
                if (tables.Note is { } note)
                    _body.Append(Note(note, centred: true));
                foreach (var table in tables.Tables)
                    Table(table);
                break;
            case FormsPart forms:
                foreach (var form in forms.Forms)
                    Form(form, form);
                break;
            case GlossaryPart glossary:
                foreach (var entry in glossary.Entries)
                    Text(DocumentText.GlossaryEntry(entry.Term, entry.Definition));
                break;
            case AttachmentsPart { Titles.Count: 0 }:
                Text(DocumentText.NoAttachments);
                break;
            case AttachmentsPart attachments:
                foreach (var title in attachments.Titles)
                    Text(title);
                break;
        }
    }

    private void Block(TextBlock block)
    {
        if (block.Heading.Length > 0)
        {
            var heading = Paragraph(DocxStyles.Heading(Math.Clamp(block.Level, 1, 3) + 1));
            AppendMarked(heading, block, Run(block.Heading));
            _body.Append(heading);
        }

        foreach (var runs in TextRuns.Paragraphs(block))
        {
            var paragraph = Paragraph(DocxStyles.Body);
            paragraph.Append(Runs(runs));
            _body.Append(paragraph);
        }
    }

    private void Text(string text)
    {
        var paragraph = Paragraph(DocxStyles.Body);
        paragraph.Append(Run(text));
        _body.Append(paragraph);
    }

    private void Table(DisclosureTable table)
    {
        var fit = TableFit.Of(table);
        var newSection = StartPages(fit.Page);
        var title = Paragraph(DocxStyles.TableTitle);
        if (!newSection)
            title.ParagraphProperties!.Append(new PageBreakBefore());
        AppendMarked(title, table, [.. ContentsMark(EntryOf(table)), Run(table.Title)]);

        var form = Paragraph(DocxStyles.FormNumber);
        form.Append(Run(table.FormNumber));

        var line = Paragraph(DocxStyles.TableLine);
        line.ParagraphProperties!.Append(new Tabs(new TabStop { Val = TabStopValues.Right, Position = fit.Page.TextWidth }));
        line.Append(
            Run(DocumentText.Department(table.Department)), new Run(new TabChar()), Run(DocumentText.UnitOfAmount(table.UnitOfAmount)));

        _body.Append(title, form, line, DocxTable.Of(table, fit));
        Below(table.Notes);
    }

    /// <param name="target">What the contents may have an entry for: the form, or the part that is nothing else.</param>
    private void Form(DisclosureForm form, object target)
    {
        var fit = TableFit.Of(form);
        var newSection = StartPages(fit.Page);
        var title = Paragraph(DocxStyles.TableTitle);
        AppendMarked(title, target, [.. _contents.NumberOf(target) is null ? [] : ContentsMark(EntryOf(target)), Run(form.Title)]);
        var first = title;
        if (form.Attachment is { } attachment)
        {
            first = Paragraph(DocxStyles.FormAttachment);
            first.Append(Run(attachment));
            _body.Append(first);
        }

        if (!newSection)
            first.ParagraphProperties!.Append(new PageBreakBefore());
        _body.Append(title);
        if (form.Subtitle is { } subtitle)
        {
            var below = Paragraph(DocxStyles.FormPeriod);
            below.Append(Run(subtitle));
            _body.Append(below);
        }

        _body.Append(DocxTable.Of(form, fit));
        Below(form.Signature is { } signature ? [.. form.Notes, signature] : form.Notes);
    }

    /// <summary>The lines below a table.</summary>
    private void Below(IReadOnlyList<string> notes)
    {
        foreach (var note in notes)
            _body.Append(Note(note, centred: false));

        // Word wants a paragraph after a table, and the section break needs one to stand in.
        if (notes.Count == 0)
            _body.Append(Paragraph(DocxStyles.TableNote));
    }

    private ContentsEntry EntryOf(object target) => _contents.Entries[_contents.NumberOf(target)!.Value - 1];

    private static Paragraph Note(string note, bool centred)
    {
        var paragraph = Paragraph(DocxStyles.TableNote);
        if (centred)
            paragraph.ParagraphProperties!.Append(new Justification { Val = JustificationValues.Center });
        paragraph.Append(Run(note));
        return paragraph;
    }

    /// <summary>A TC field: the table's line in the contents, with its number and （空表）, which its title does not have.</summary>
    private static IEnumerable<OpenXmlElement> ContentsMark(ContentsEntry entry)
    {
        var text = PrintableText.Clean(entry.Text)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        yield return Hidden(new FieldChar { FieldCharType = FieldCharValues.Begin });
        yield return Hidden(new FieldCode($" TC \"{text}\" \\f t \\l {entry.Level} ") { Space = SpaceProcessingModeValues.Preserve });
        yield return Hidden(new FieldChar { FieldCharType = FieldCharValues.End });
    }

    private static Run Hidden(OpenXmlElement content) => new(new RunProperties(new Vanish()), content);

    /// <summary>Ends the section where the kind of page changes. True if the next paragraph is the first of a section.</summary>
    private bool StartPages(Paper page)
    {
        if (ReferenceEquals(page, _page))
            return false;
        // The contents and tables are no paragraph that the break could stand in.
        if (_body.LastChild is not Paragraph { })
            _body.Append(Paragraph(DocxStyles.TableNote));
        ((Paragraph)_body.LastChild!).ParagraphProperties!.Append(Section(_page));
        _page = page;
        return true;
    }

    /// <summary>The properties of the section that ends here.</summary>
    private SectionProperties Section(Paper? page)
    {
        var section = new SectionProperties();
        if (page is not null)
        {
            section.Append(new FooterReference
            {
                Type = HeaderFooterValues.Default,
                Id = ReferenceEquals(page, Paper.Text) ? TextFooterId : TableFooterId,
            });
        }

        var paper = page ?? Paper.Text;
        section.Append(
            new SectionType { Val = SectionMarkValues.NextPage },
            new PageSize
            {
                Width = (uint)paper.Width,
                Height = (uint)paper.Height,
                Orient = paper.Landscape ? PageOrientationValues.Landscape : PageOrientationValues.Portrait,
            },
            new PageMargin
            {
                Top = paper.Top,
                Right = (uint)paper.Right,
                Bottom = paper.Bottom,
                Left = (uint)paper.Left,
                Header = 400,
                Footer = (uint)(paper.Bottom > 1500 ? 1500 : 400),
                Gutter = 0,
            });
        if (page is not null && !_numbered)
        {
            // The cover is not counted.
            section.Append(new PageNumberType { Start = 1 });
            _numbered = true;
        }

        return section;
    }

    /// <summary>Adds runs to a paragraph, inside the bookmark that the contents point to if it has an entry there.</summary>
    private void AppendMarked(Paragraph paragraph, object target, params IReadOnlyList<OpenXmlElement> runs)
    {
        if (_contents.NumberOf(target) is not { } number)
        {
            paragraph.Append(runs);
            return;
        }

        paragraph.Append(new BookmarkStart { Id = Number(number), Name = Bookmark(number) });
        paragraph.Append(runs);
        paragraph.Append(new BookmarkEnd { Id = Number(number) });
    }

    private static Paragraph Paragraph(string style) => new(new ParagraphProperties(new ParagraphStyleId { Val = style }));

    private static Run DraftRun(string text, bool bold)
    {
        var run = Run(text);
        run.RunProperties ??= new RunProperties();
        run.RunProperties.RunStyle = new RunStyle { Val = DocxStyles.Draft };
        run.RunProperties.Bold = bold ? new Bold() : null;
        return run;
    }

    /// <summary>The runs of a paragraph; a draft begins with its mark.</summary>
    internal static IEnumerable<OpenXmlElement> Runs(IReadOnlyList<TextRun> runs)
    {
        foreach (var run in runs)
        {
            if (run.StartsDraft)
                yield return DraftRun(DocumentText.Draft, bold: true);
            yield return run.IsDraft ? DraftRun(run.Text, bold: false) : Run(run.Text);
        }
    }

    internal static Run Run(string text)
    {
        var run = new Run();
        // Latin fonts have these as well, but narrow: “三公” takes the Chinese ones.
        if (text.AsSpan().ContainsAny("“”‘’—…·×"))
            run.RunProperties = new RunProperties(new RunFonts { Hint = FontTypeHintValues.EastAsia });
        foreach (var (index, line) in PrintableText.Clean(text).Split('\n').Index())
        {
            if (index > 0)
                run.Append(new Break());
            run.Append(new Text(line) { Space = SpaceProcessingModeValues.Preserve });
        }

        return run;
    }

    private static string Bookmark(int number) => string.Create(CultureInfo.InvariantCulture, $"_Toc{number:000000}");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
