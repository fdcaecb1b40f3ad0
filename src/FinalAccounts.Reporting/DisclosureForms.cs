namespace FinalAccounts.Reporting;

/// <summary>A part that consists of forms (表), each on pages of its own.</summary>
/// <param name="Key">Its name in disclosure.json: <c>baseData</c>, <c>projectReport</c>.</param>
/// <param name="Forms">One, or one for each thing that is reported on; none when there is nothing to report on.</param>
public sealed record FormsPart(string Title, string Key, IReadOnlyList<DisclosureForm> Forms) : DisclosurePart(Title);

/// <summary>A form: labels and what is filled in beside or below them. How it is drawn does not depend on what kind it is.</summary>
/// <param name="Id">What the addresses of its numbers begin with; unique in the document.</param>
/// <param name="Attachment">附件2, where the form is an attachment; printed above the title.</param>
/// <param name="Notes">Printed below the grid, a paragraph each.</param>
/// <param name="Signature">The line with 填表人, 填报日期, 联系电话 and 单位负责人签字; null where the form has none.</param>
/// <param name="Layout">The grid. Forms have no header rows: a label belongs to what stands beside it.</param>
public abstract record DisclosureForm(
    string Id, string? Attachment, string Title, IReadOnlyList<string> Notes, string? Signature, TableLayout Layout)
{
    /// <summary>The line below the title: （2024年度）; null where the form has none.</summary>
    public virtual string? Subtitle => null;
}

/// <summary>A form whose sections follow each other.</summary>
public sealed record LabelledForm(
    string Id,
    string? Attachment,
    string Title,
    IReadOnlyList<FormSection> Sections,
    IReadOnlyList<string> Notes,
    string? Signature,
    TableLayout Layout) : DisclosureForm(Id, Attachment, Title, Notes, Signature, Layout);

/// <summary>A section of a form.</summary>
/// <param name="Key">Its name in disclosure.json; null where its members stand in the form itself.</param>
public abstract record FormSection(string? Key, string Label);

/// <summary>Named fields with a value each.</summary>
/// <param name="IsList">True when there may be any number of rows of them, false for exactly one.</param>
/// <param name="Columns">The names of the fields.</param>
/// <param name="Rows">The values in the order of the names.</param>
/// <param name="HasNamesAbove">True when the names are printed in the section above and are not repeated.</param>
public sealed record FormFields(
    string? Key,
    string Label,
    bool IsList,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<FormText>> Rows,
    bool HasNamesAbove = false) : FormSection(Key, Label);

/// <summary>Lines of amounts.</summary>
/// <param name="Columns">The heads of the amount columns.</param>
public sealed record FormLines(
    string? Key, string Label, string UnitOfAmount, IReadOnlyList<string> Columns, IReadOnlyList<FormLine> Rows) : FormSection(Key, Label);

/// <summary>A line of amounts.</summary>
/// <param name="Level">From 1: what is part of the line above has a level more.</param>
public sealed record FormLine(string Name, int Level, IReadOnlyList<TableCell> Cells);

/// <summary>A text beside its label.</summary>
/// <param name="Group">What several labels belong to; null for none.</param>
public sealed record FormPassage(string? Key, string? Group, string Label, FormText Text) : FormSection(Key, Label);

/// <summary>What is filled in: a text with the numbers in it.</summary>
/// <param name="Text">Paragraphs separated by a line feed; empty when nothing is filled in.</param>
/// <param name="Figures">Where in the text each number stands.</param>
/// <param name="Drafts">Passages that nobody has written or approved yet.</param>
public sealed record FormText(string Text, IReadOnlyList<PlacedFigure> Figures, IReadOnlyList<TextSpan> Drafts)
{
    /// <summary>Nothing filled in.</summary>
    public static readonly FormText Empty = new("", [], []);
}
