using System.Collections.Frozen;

namespace FinalAccounts.Reporting;

/// <summary>
/// A department's disclosure (部门决算公开) as a document: everything that is printed, and behind each number the figure
/// that it comes from. Writers of HTML, DOCX, XLSX and JSON only lay it out.
/// </summary>
/// <param name="Parts">第一部分, 第二部分, … in order.</param>
/// <param name="Figures">Every number of the tables and texts, in order of appearance; addresses are unique.</param>
public sealed record DisclosureDocument(DisclosureUnit Unit, IReadOnlyList<DisclosurePart> Parts, IReadOnlyList<Figure> Figures)
{
    /// <summary>What the document needs and the books do not have, in the order of the document.</summary>
    public IReadOnlyList<MissingItem> Missing { get; init; } = [];

    /// <summary>The rules that the document or the books behind it break.</summary>
    public IReadOnlyList<ReportFinding> Findings { get; init; } = [];

    /// <summary>Reported and computed scores of everything that was evaluated. Their figures are not printed, so they are not among the others.</summary>
    public IReadOnlyList<EvaluationScores> Scores { get; init; } = [];

    /// <summary>What each text was made from, by its address: a block's, or that of a field or passage of a form.</summary>
    public IReadOnlyDictionary<string, TextSources> Sources { get; init; } = FrozenDictionary<string, TextSources>.Empty;

    /// <summary>Every number that can be explained: what is printed, and the computed scores.</summary>
    public IEnumerable<Figure> AllFigures => Figures.Concat(Scores.SelectMany(s => s.Figures));

    public IEnumerable<DisclosureTable> Tables => Parts.OfType<TablesPart>().SelectMany(p => p.Tables);

    public IEnumerable<DisclosureForm> Forms => Parts.OfType<FormsPart>().SelectMany(p => p.Forms);
}

/// <summary>Whose disclosure it is.</summary>
/// <param name="Region">The region in words.</param>
public sealed record DisclosureUnit(string Name, int Year, string Region, string Title);

/// <summary>A part of the document with its heading.</summary>
public abstract record DisclosurePart(string Title);

/// <summary>A part of headings and paragraphs.</summary>
/// <param name="Key">Its name in disclosure.json: <c>overview</c>, <c>narrative</c>.</param>
/// <param name="ListsHeadings">False when the contents name the part only, as that of an attached report.</param>
public sealed record TextPart(string Title, string Key, IReadOnlyList<TextBlock> Blocks, bool ListsHeadings = true) : DisclosurePart(Title);

/// <summary>The part with the tables 公开01 and on.</summary>
/// <param name="Note">What stands below the title and concerns all tables; null when nothing does.</param>
public sealed record TablesPart(string Title, IReadOnlyList<DisclosureTable> Tables, string? Note = null) : DisclosurePart(Title);

/// <summary>名词解释.</summary>
public sealed record GlossaryPart(string Title, IReadOnlyList<GlossaryEntry> Entries) : DisclosurePart(Title);

/// <summary>附件: titles of the attached documents; empty when there are none.</summary>
public sealed record AttachmentsPart(string Title, IReadOnlyList<string> Titles) : DisclosurePart(Title);

/// <summary>A term and what it means; printed as <c>term：definition</c>.</summary>
public sealed record GlossaryEntry(string Term, string Definition);

/// <summary>A heading with the text below it.</summary>
/// <param name="Level">1 for 一、, 2 for （一）, 3 for 1.; all levels up to 1 stand in the contents.</param>
/// <param name="Text">Paragraphs separated by a line feed; empty when only further headings follow.</param>
/// <param name="Figures">Where in the text each number stands.</param>
/// <param name="Drafts">The passages that the program proposes (草稿) because nobody has written an explanation yet.</param>
public sealed record TextBlock(
    string Heading, int Level, string Text, IReadOnlyList<PlacedFigure> Figures, IReadOnlyList<TextSpan> Drafts)
{
    /// <summary>Where in the heading numbers stand: ①某专项20万元，支出20万元.</summary>
    public IReadOnlyList<PlacedFigure> HeadingFigures { get; init; } = [];

    /// <summary>What the addresses of its numbers begin with: 说明/一. Unique among the blocks that the form pack names apart.</summary>
    public string Address { get; init; } = "";
}

/// <summary>The place of a number in a text, in UTF-16 units, and the figure's address.</summary>
public sealed record PlacedFigure(TextSpan Span, string Address);

/// <summary>A stretch of a text, in UTF-16 units.</summary>
public readonly record struct TextSpan(int Start, int Length);

/// <summary>A disclosure table.</summary>
/// <param name="Id">公开01, 公开02, …</param>
/// <param name="FormNumber">As printed at the top right: 公开01表.</param>
/// <param name="IsEmpty">True for a table without data (空表); the contents then say so.</param>
/// <param name="Columns">Paths of the amount columns; header levels joined by a slash.</param>
/// <param name="Rows">The rows by meaning, in order; a two-sided table has its left side first.</param>
/// <param name="Layout">The same table as it is drawn.</param>
/// <param name="Statistics">The counts below the rows; null when the form has none there.</param>
public sealed record DisclosureTable(
    string Id,
    string FormNumber,
    string Title,
    string Department,
    string UnitOfAmount,
    bool IsEmpty,
    IReadOnlyList<string> Columns,
    IReadOnlyList<TableRow> Rows,
    IReadOnlyList<string> Notes,
    TableLayout Layout,
    TableStatistics? Statistics = null);

/// <summary>A block of counts below a table's rows.</summary>
/// <param name="Columns">The heads as drawn: 项目, 统计数, 项目, 统计数.</param>
public sealed record TableStatistics(IReadOnlyList<string> Columns, IReadOnlyList<TableStatistic> Items);

/// <summary>A count of such a block.</summary>
/// <param name="Text">As printed; null for a blank cell.</param>
/// <param name="Address">The figure's address; null when the count was not reported.</param>
public sealed record TableStatistic(string Name, string? Text, string? Address);

/// <summary>A row of a table by its meaning.</summary>
/// <param name="Side">收入 or 支出 in a two-sided table, otherwise null.</param>
/// <param name="Line">行次, where the form has it.</param>
public sealed record TableRow(string? Side, string? Code, string? Name, int? Line, IReadOnlyList<TableCell> Cells);

/// <summary>An amount cell.</summary>
/// <param name="Text">As printed; null for a blank cell.</param>
/// <param name="Address">The figure's address; null where the form has an empty field that means nothing.</param>
public sealed record TableCell(string Column, string? Text, string? Address);

/// <summary>A table as a grid. Cells that a span covers are left out, as in HTML.</summary>
/// <param name="ColumnWidths">Relative widths.</param>
/// <param name="Header">Header rows; to be repeated on every page.</param>
public sealed record TableLayout(
    bool Landscape,
    IReadOnlyList<int> ColumnWidths,
    IReadOnlyList<IReadOnlyList<LayoutCell>> Header,
    IReadOnlyList<IReadOnlyList<LayoutCell>> Body);

/// <summary>What a grid cell is; decides alignment and number format.</summary>
public enum LayoutCellKind
{
    /// <summary>A column head, or 栏次 and its numbers; centred.</summary>
    Header,

    /// <summary>A code; left.</summary>
    Code,

    /// <summary>A name; left, indented by level.</summary>
    Name,

    /// <summary>行次; centred.</summary>
    Line,

    /// <summary>A total row's name; centred.</summary>
    Total,

    /// <summary>An amount; right.</summary>
    Amount,

    /// <summary>What a form asks for or names, in the middle of the grid; centred.</summary>
    Label,

    /// <summary>What is filled in beside a label in a few words; centred.</summary>
    Value,

    /// <summary>Sentences; left, over as many lines as they need.</summary>
    Text,
}

/// <summary>A grid cell.</summary>
/// <param name="Text">As printed; empty for a blank cell.</param>
/// <param name="Indent">Level of indentation of a name, from 0.</param>
/// <param name="Printed">The printed value as hundredths of the table's unit (0.01 万元); null for a blank or a text cell.
/// A spreadsheet gets this number, so that it shows what the page shows.</param>
/// <param name="Figures">Where in the text numbers stand; null when the cell is no text with numbers in it.</param>
/// <param name="Drafts">Passages of the text that nobody has written or approved yet; null for none.</param>
public sealed record LayoutCell(
    string Text,
    LayoutCellKind Kind,
    int ColumnSpan = 1,
    int RowSpan = 1,
    int Indent = 0,
    long? Printed = null,
    string? Address = null,
    IReadOnlyList<PlacedFigure>? Figures = null,
    IReadOnlyList<TextSpan>? Drafts = null);
