using System.Globalization;
using System.Text.Json;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>
/// Reads the forms of a transcription: self-evaluations (<c>performance</c>, <c>selfEvaluations</c>), base data, and a project's
/// report. What a transcriber noted of his own work (line numbers, OCR, guesses) is left alone.
/// </summary>
internal static class PublishedForms
{
    private static readonly string[] Evaluations = ["performance", "selfEvaluations"];
    private static readonly string[] Labelled = ["baseData", "projectReport"];

    public static IReadOnlyList<ComparedForm> Read(JsonElement root) =>
    [
        .. from key in Labelled
           where root.TryGetProperty(key, out _)
           select LabelledForm(key, root.GetProperty(key)),
        .. from key in Evaluations
           where root.TryGetProperty(key, out _)
           from form in root.GetProperty(key).EnumerateArray()
           select Evaluation(form),
    ];

    /// <summary>A form of sections. Texts in a list of sections are compared as texts, with the numbers in them.</summary>
    private static ComparedForm LabelledForm(string key, JsonElement form)
    {
        List<ComparedField> fields = [new(FormPlaces.Title, Text(form, "title"))];
        fields.AddRange(Section(form));
        foreach (var section in form.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Object))
        {
            fields.AddRange(Section(section.Value));
        }

        fields.Add(new(FormPlaces.Notes, Text(form, "note")));
        fields.Add(new(FormPlaces.Signature, Text(form, "signature")));
        return new(key, Text(form, "attachment") ?? Text(form, "title")!, "", FormPlaces.Unique(fields), []);
    }

    /// <summary>Lines of amounts, rows of fields, a passage, or single fields: what the section has says which.</summary>
    private static IEnumerable<ComparedField> Section(JsonElement section)
    {
        if (Text(section, "label") is not { } label)
        {
            return [];
        }

        if (section.TryGetProperty("rows", out var rows))
        {
            return rows.EnumerateArray().Index().SelectMany(row => row.Item.TryGetProperty("cells", out var cells)
                ? Members(cells, FormPlaces.In(label, Text(row.Item, "name")!))
                : Members(row.Item, FormPlaces.In(label, Number(row.Index + 1))));
        }

        return section.TryGetProperty("text", out var text)
            ? [new(FormPlaces.In(label), text.GetString())]
            : Members(section, FormPlaces.In(label)).Where(f => f.Place != FormPlaces.In(label, "label"));
    }

    private static ComparedForm Evaluation(JsonElement form)
    {
        var project = Text(form, "project") ?? Text(form, "projectName");
        var title = Text(form, "title") ?? Text(form, "formTitle");
        List<ComparedField> fields =
        [
            new(FormPlaces.Title, title),
            new(FormPlaces.Project, project),
            new(FormPlaces.ResponsibleDepartment, Text(form, "departmentInCharge") ?? Text(form, "authority")),
            new(FormPlaces.ImplementingUnit, Text(form, "implementingUnit") ?? Text(form, "unitName")),
            .. Funds(form.GetProperty("funds")),
            new(FormPlaces.Expected, Text(form.GetProperty("goals"), "expected")),
            new(FormPlaces.Actual, Text(form.GetProperty("goals"), "actual")),
            .. Total(form),
            new(FormPlaces.Notes, Text(form, "note")),
            new(FormPlaces.Signature, Text(form, "signature")),
        ];
        return new(
            FormPlaces.Evaluations, Text(form, "attachment") ?? project ?? title!, project ?? "", FormPlaces.Unique(fields),
            [.. form.GetProperty("indicators").EnumerateArray().Select(Indicator)]);
    }

    /// <summary>Rows of money, either as they are or under <c>rows</c> with the money by its nature beside them.</summary>
    private static IEnumerable<ComparedField> Funds(JsonElement funds)
    {
        if (funds.ValueKind == JsonValueKind.Array)
        {
            return funds.EnumerateArray().SelectMany(row => Members(row, FormPlaces.In(Text(row, "name")!)).Where(f => !IsNote(f.Place)));
        }

        return
        [
            .. funds.GetProperty("rows").EnumerateArray().SelectMany(row => Members(row.GetProperty("cells"), FormPlaces.In(Text(row, "name")!))),
            .. Split("byRevenue"), .. Split("byExpenditure"),
        ];

        IEnumerable<ComparedField> Split(string key) => funds.TryGetProperty(key, out var rows)
            ? rows.EnumerateArray().Select(row => new ComparedField(FormPlaces.In(Text(funds, $"{key}Label")!, Text(row, "name")!), Text(row, "printed")))
            : [];

        static bool IsNote(string place) => place.EndsWith("/name", StringComparison.Ordinal) || place.EndsWith("/ocr", StringComparison.Ordinal);
    }

    private static IEnumerable<ComparedField> Total(JsonElement form)
    {
        var total = form.TryGetProperty("total", out var own) ? own : form.GetProperty("printedTotal");
        yield return new(FormPlaces.In(FormPlaces.Total, FormPlaces.Weight), Text(total, "weight"));
        yield return new(FormPlaces.In(FormPlaces.Total, FormPlaces.Score), Text(total, "score"));
    }

    /// <summary>
    /// A row of indicators. A label over several rows stands in the middle of them, and the conversion to text put it beside some
    /// other row; where the transcriber repaired that, his reading counts.
    /// </summary>
    private static ComparedIndicator Indicator(JsonElement row)
    {
        var levels = row.TryGetProperty("repaired", out var repaired) ? repaired : row;
        return FormPlaces.Indicator(
            Level("level1"), Level("level2"), Text(row, "level3") ?? "", Text(row, "target"),
            Text(row, "actual"), Text(row, "weight"), Text(row, "score"), Text(row, "deviation"));

        string? Level(string key) => FormPlaces.Level(
            Text(levels, key) ?? Text(row, key), Text(row, $"{key}Printed") ?? Text(row, $"printed{char.ToUpperInvariant(key[0])}{key[1..]}"));
    }

    private static IEnumerable<ComparedField> Members(JsonElement element, string place) =>
        element.EnumerateObject().Where(m => m.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
            .Select(m => new ComparedField(FormPlaces.In(place, m.Name), m.Value.GetString()));

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
