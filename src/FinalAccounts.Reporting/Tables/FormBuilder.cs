using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>Builds the forms of a form pack from the books.</summary>
internal sealed class FormBuilder(FormPack pack, TableBuilder tables, TextRenderer texts)
{
    /// <summary>The forms of a part: one, or one for each evaluated project.</summary>
    public IReadOnlyList<DisclosureForm> Build(PartFile part)
    {
        var file = pack.Forms[part.Key!];
        return part.Each is null
            ? [Build(file, [])]
            : [.. texts.EvaluatedProjects().Select(project => Build(file, [.. project.Select(p => (p.Key, p.Value))]))];
    }

    private LabelledForm Build(FormFile file, (string, object?)[] values)
    {
        var id = texts.Plain(new(file.Id!, file.Place.File, file.Place.Line), values);
        var title = texts.PlainAt($"{id}/{PlacedText.Title}", file.Title!, values);
        FormGrid grid = new(file.LabelColumns, file.FieldColumns);
        List<FormSection> sections = [];
        foreach (var section in file.Sections!)
        {
            var label = texts.Plain(section.Label!, values);
            FormSection built = section switch
            {
                { Fields: { } fields } => Fields(id, section, label, fields, values),
                { Lines: { } lines } => Lines(id, title, section, label, lines, grid),
                _ => new FormPassage(section.Key, section.Group, label, Text($"{id}/{label}", section.Text, values)),
            };
            sections.Add(built);
            grid.Add(built);
        }

        return new(
            id,
            file.Attachment is { } attachment ? texts.PlainAt($"{id}/{PlacedText.AttachmentNumber}", attachment, values) : null,
            title,
            sections,
            [.. (file.Notes ?? []).Select(note => texts.PlainAt($"{id}/{PlacedText.Notes}", note, values))],
            file.Signature is { } signature ? texts.PlainAt($"{id}/{PlacedText.Signature}", signature, values) : null,
            new(false, file.Widths!, [], grid.Rows));
    }

    private FormFields Fields(string id, FormSectionFile section, string label, List<FormFieldFile> fields, (string, object?)[] values)
    {
        var names = fields.ConvertAll(f => texts.Plain(f.Name!, values));
        return new(section.Key, label, section.List, names, [[.. fields.Zip(names, (f, name) => Text($"{id}/{name}", f.Text, values))]], section.SameFields);
    }

    private FormLines Lines(string id, string title, FormSectionFile section, string label, FormLinesFile lines, FormGrid grid)
    {
        var table = tables.Build(new()
        {
            Id = id,
            Title = title,
            Shape = TableShape.Lines,
            Widths = [.. Enumerable.Repeat(1, lines.Columns.Count + 1)],
            Sections = [new() { Stub = [label], Columns = lines.Columns, Rows = lines.Rows, Place = lines.Place }],
            ColumnNumbers = false,
            Zero = lines.Zero,
            Format = lines.Format,
            Place = lines.Place,
        });
        grid.Lines(label, table);
        return new(
            section.Key, label, table.UnitOfAmount, table.Columns,
            [.. table.Rows.Zip(table.Layout.Body, (row, drawn) => new FormLine(row.Name ?? "", drawn[0].Indent + 1, row.Cells))]);
    }

    private FormText Text(string address, PackText? template, (string, object?)[] values)
    {
        if (template is null)
        {
            return FormText.Empty;
        }

        var (text, figures, drafts) = texts.Block(address, template, values);
        return new(text, figures, drafts);
    }
}
