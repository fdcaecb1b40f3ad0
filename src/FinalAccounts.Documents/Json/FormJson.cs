using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Json;

/// <summary>Forms in disclosure.json: what is filled in under the names of what it is filled in for, not as it is drawn.</summary>
internal static class FormJson
{
    /// <summary>The forms of a key: the form itself when there is one, otherwise an array; self-evaluations are always an array.</summary>
    public static void Write(JsonText json, string key, IReadOnlyList<DisclosureForm> forms)
    {
        json.Name(key);
        if (forms is [var only and not EvaluationForm])
            Form(json, only);
        else
            json.Array(forms, form => Form(json, form));
    }

    private static void Form(JsonText json, DisclosureForm form) => json.Object(() =>
    {
        if (form.Attachment is { } attachment)
            json.Name("attachment").Value(attachment);
        json.Name("title").Value(form.Title);
        switch (form)
        {
            case LabelledForm labelled:
                Sections(json, labelled.Sections);
                break;
            case EvaluationForm evaluation:
                EvaluationJson.Write(json, evaluation);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(form), form.GetType().Name, "There is no JSON for this kind of form.");
        }

        if (form.Notes.Count > 0)
            json.Name("note").Value(string.Join('\n', form.Notes));
        if (form.Signature is { } signature)
            json.Name("signature").Value(signature);
    });

    private static void Sections(JsonText json, IReadOnlyList<FormSection> sections)
    {
        foreach (var section in sections.Where(s => s is not FormPassage { Key: null }))
        {
            if (section.Key is { } key)
                json.Name(key).Object(() => Section(json, section));
            else
                Section(json, section);
        }

        // Passages without a key of their own are a list.
        var passages = sections.OfType<FormPassage>().Where(p => p.Key is null).ToList();
        if (passages.Count > 0)
            json.Name("sections").Array(passages, passage => json.Object(() => Section(json, passage)));
    }

    private static void Section(JsonText json, FormSection section)
    {
        switch (section)
        {
            case FormFields fields:
                json.Name("label").Value(fields.Label);
                Fields(json, fields);
                break;
            case FormLines lines:
                json.Name("unitOfAmount").Value(lines.UnitOfAmount);
                json.Name("label").Value(lines.Label);
                json.Name("columns").Array(lines.Columns, json.Value);
                json.Name("rows").Array(lines.Rows, line => Line(json, line));
                break;
            case FormPassage passage:
                if (passage.Group is { } group)
                    json.Name("group").Value(group);
                json.Name("label").Value(passage.Label);
                json.Name("text").Value(passage.Text.Text);
                break;
        }
    }

    private static void Fields(JsonText json, FormFields fields)
    {
        if (!fields.IsList)
        {
            Row(fields.Rows[0]);
            return;
        }

        json.Name("columns").Array(fields.Columns, json.Value);
        json.Name("rows").Array(fields.Rows, row => json.Object(() => Row(row)));

        void Row(IReadOnlyList<FormText> row)
        {
            foreach (var (column, text) in fields.Columns.Zip(row))
                json.Name(column).Value(text.Text.Length == 0 ? null : text.Text);
        }
    }

    private static void Line(JsonText json, FormLine line) => json.Object(() =>
    {
        json.Name("name").Value(line.Name);
        json.Name("level").Value(line.Level);
        json.Name("cells").Object(() =>
        {
            foreach (var cell in line.Cells)
                json.Name(cell.Column).Value(cell.Text);
        });
    });
}
