using System.Globalization;

namespace FinalAccounts.Reporting;

/// <summary>What sort of text stands at a place of a document.</summary>
public enum TextKind
{
    /// <summary>Title, unit and region of the cover.</summary>
    Cover,

    /// <summary>The title of a part, or its note.</summary>
    Part,

    /// <summary>The heading of a block.</summary>
    Heading,

    /// <summary>The text below it.</summary>
    Text,

    /// <summary>Title, unit, column heads and notes of a table or form.</summary>
    Label,

    /// <summary>What a row of a table is called.</summary>
    Row,

    /// <summary>What is filled in in a form; its amounts are figures.</summary>
    Field,

    /// <summary>A term of the glossary.</summary>
    Term,

    /// <summary>The title of an attached document.</summary>
    Attachment,
}

/// <summary>A text of a document with its place.</summary>
/// <param name="Place">Unique in the document; the same in another document of the same form.</param>
/// <param name="Address">Of a rendered text, what it was made from is found by: the key of <see cref="DisclosureDocument.Sources"/>. Null for others.</param>
/// <param name="Owner">The table or form that it belongs to; null for none.</param>
/// <param name="Figures">The addresses of the figures that stand in it or, of a row, beside it.</param>
public sealed record PlacedText(
    string Place, TextKind Kind, string Text, string? Address, string? Owner, IReadOnlyList<string> Figures)
{
    // What the texts around a table or form are called in places and in addresses.
    internal const string Title = "标题";
    internal const string AttachmentNumber = "附件";
    internal const string Period = "时间";
    internal const string Notes = "注";
    internal const string Signature = "签章";

    /// <summary>Every text of a document, in its order.</summary>
    public static IReadOnlyList<PlacedText> Of(DisclosureDocument document)
    {
        Dictionary<string, int> seen = [];
        return [.. All(document).Select(text =>
        {
            var n = seen[text.Place] = seen.GetValueOrDefault(text.Place) + 1;
            return n == 1 ? text : text with { Place = $"{text.Place}#{n.ToString(CultureInfo.InvariantCulture)}" };
        })];
    }

    private static IEnumerable<PlacedText> All(DisclosureDocument document) =>
    [
        Plain("封面/标题", TextKind.Cover, document.Unit.Title),
        Plain("封面/单位", TextKind.Cover, document.Unit.Name),
        Plain("封面/地区", TextKind.Cover, document.Unit.Region),
        .. document.Parts.SelectMany((part, i) => OfPart(part).Prepend(Plain($"第{ChineseNumeral.Of(i + 1)}部分", TextKind.Part, part.Title))),
    ];

    private static IEnumerable<PlacedText> OfPart(DisclosurePart part) => part switch
    {
        TextPart text => text.Blocks.SelectMany(OfBlock),
        TablesPart tables => tables.Tables.SelectMany(OfTable).Prepend(Plain($"{tables.Title}/说明", TextKind.Part, tables.Note ?? "")),
        FormsPart forms => forms.Forms.SelectMany(OfForm),
        GlossaryPart glossary => glossary.Entries.Select(e => Plain($"名词解释/{e.Term}", TextKind.Term, e.Definition)),
        AttachmentsPart attachments => attachments.Titles.Select((title, i) => Plain($"附件/{Number(i + 1)}", TextKind.Attachment, title)),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part.GetType().Name, "There are no texts of this kind of part."),
    };

    private static IEnumerable<PlacedText> OfBlock(TextBlock block) =>
    [
        new($"{block.Address}/标题", TextKind.Heading, block.Heading, block.Address, null, Addresses(block.HeadingFigures)),
        new(block.Address, TextKind.Text, block.Text, block.Address, null, Addresses(block.Figures)),
    ];

    private static IEnumerable<PlacedText> OfTable(DisclosureTable table) =>
    [
        Label(table.Id, Title, table.Title),
        Label(table.Id, "单位", table.UnitOfAmount),
        Label(table.Id, "栏目", string.Join('\n', [.. table.Columns, .. table.Statistics?.Columns ?? []])),
        .. table.Rows.Select(row => new PlacedText(
            string.Join('/', ((string?[])[table.Id, "行", row.Side, row.Line is { } line ? Number(line) : row.Code ?? row.Name]).OfType<string>()),
            TextKind.Row, string.Join(' ', ((string?[])[row.Code, row.Name]).OfType<string>()), null, table.Id, Addresses(row.Cells))),
        .. (table.Statistics?.Items ?? []).Select(s => new PlacedText(
            $"{table.Id}/行/{s.Name}", TextKind.Row, s.Name, null, table.Id, s.Address is { } address ? [address] : [])),
        Label(table.Id, Notes, string.Join('\n', table.Notes)),
    ];

    private static IEnumerable<PlacedText> OfForm(DisclosureForm form) =>
    [
        Label(form.Id, Title, form.Title),
        Label(form.Id, AttachmentNumber, form.Attachment ?? ""),
        Label(form.Id, Period, form.Subtitle ?? ""),
        .. form switch
        {
            LabelledForm labelled => labelled.Sections.SelectMany(s => OfSection(form.Id, s)),
            EvaluationForm evaluation => OfEvaluation(evaluation),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form.GetType().Name, "There are no texts of this kind of form."),
        },
        Label(form.Id, Notes, string.Join('\n', form.Notes)),
        Label(form.Id, Signature, form.Signature ?? ""),
    ];

    private static IEnumerable<PlacedText> OfSection(string form, FormSection section) => section switch
    {
        FormFields fields => fields.Rows.SelectMany(row => fields.Columns.Zip(row, (name, text) => Field(form, name, text))),
        FormLines lines => lines.Rows.Select(row => new PlacedText($"{form}/行/{row.Name}", TextKind.Row, row.Name, null, form, Addresses(row.Cells))),
        FormPassage passage => [Field(form, passage.Label, passage.Text)],
        _ => throw new ArgumentOutOfRangeException(nameof(section), section.GetType().Name, "There are no texts of this kind of section."),
    };

    private static IEnumerable<PlacedText> OfEvaluation(EvaluationForm form)
    {
        return
        [
            Said("项目", form.Project),
            Said("主管部门", form.ResponsibleDepartment),
            Said("实施单位", form.ImplementingUnit),
            .. form.Funds.Select(row => Row(row.Name, row.Cells)),
            .. form.Splits.SelectMany(split => split.Rows.Select(row => Row($"{split.Label}/{row.Name}", [row.Amount]))),
            Field(form.Id, "预期目标", form.Expected),
            Field(form.Id, "实际完成情况", form.Actual),
            .. form.Indicators.SelectMany((indicator, i) => OfIndicator($"指标{Number(i + 1)}", indicator)),
        ];

        PlacedText Said(string name, string? text) => new($"{form.Id}/{name}", TextKind.Field, text ?? "", null, form.Id, []);

        PlacedText Row(string name, IEnumerable<TableCell> cells) => new($"{form.Id}/行/{name}", TextKind.Row, name, null, form.Id, Addresses(cells));

        IEnumerable<PlacedText> OfIndicator(string name, EvaluationIndicator indicator) =>
        [
            Said($"{name}/一级指标", indicator.Level1), Said($"{name}/二级指标", indicator.Level2),
            Row($"{name}/{indicator.Level3}", [indicator.Weight, indicator.Score]), Said($"{name}/指标值", indicator.Target),
            Said($"{name}/完成值", indicator.Actual), Said($"{name}/偏差原因", indicator.Deviation),
        ];
    }

    private static PlacedText Field(string form, string name, FormText text) =>
        new($"{form}/{name}", TextKind.Field, text.Text, $"{form}/{name}", form, Addresses(text.Figures));

    private static PlacedText Label(string owner, string name, string text) => new($"{owner}/{name}", TextKind.Label, text, $"{owner}/{name}", owner, []);

    private static PlacedText Plain(string place, TextKind kind, string text) => new(place, kind, text, null, null, []);

    private static IReadOnlyList<string> Addresses(IEnumerable<PlacedFigure> figures) => [.. figures.Select(f => f.Address)];

    private static IReadOnlyList<string> Addresses(IEnumerable<TableCell> cells) => [.. cells.Select(c => c.Address).OfType<string>()];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
