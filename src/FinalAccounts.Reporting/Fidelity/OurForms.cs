using System.Globalization;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>The forms of our document as they are compared.</summary>
internal static class OurForms
{
    public static IReadOnlyList<ComparedForm> Of(DisclosureDocument document) =>
    [
        .. from part in document.Parts.OfType<FormsPart>()
           from form in part.Forms
           select form switch
           {
               LabelledForm labelled => Labelled(part.Key, labelled),
               EvaluationForm evaluation => Evaluation(evaluation),
               _ => throw new ArgumentOutOfRangeException(nameof(document), form.GetType().Name, "There is no comparison for this kind of form."),
           },
    ];

    private static ComparedForm Labelled(string key, LabelledForm form) => new(
        key, form.Attachment ?? form.Title, "",
        FormPlaces.Unique(
        [
            new(FormPlaces.Title, form.Title),
            .. form.Sections.SelectMany(Section),
            new(FormPlaces.Notes, string.Join('\n', form.Notes)),
            new(FormPlaces.Signature, form.Signature),
        ]),
        []);

    private static ComparedForm Evaluation(EvaluationForm form)
    {
        List<ComparedField> fields =
        [
            new(FormPlaces.Title, form.Title),
            new(FormPlaces.Project, form.Project),
            new(FormPlaces.ResponsibleDepartment, form.ResponsibleDepartment),
            new(FormPlaces.ImplementingUnit, form.ImplementingUnit),
            .. form.Funds.SelectMany(row => row.Cells.Select(c => new ComparedField(FormPlaces.In(row.Name, c.Column), c.Text))),
            .. form.Splits.SelectMany(split => split.Rows.Select(row => new ComparedField(FormPlaces.In(split.Label, row.Name), row.Printed))),
            new(FormPlaces.Expected, form.Expected.Text),
            new(FormPlaces.Actual, form.Actual.Text),
            new(FormPlaces.In(FormPlaces.Total, FormPlaces.Weight), form.Total.Weight.Text),
            new(FormPlaces.In(FormPlaces.Total, FormPlaces.Score), form.Total.Score.Text),
            new(FormPlaces.Notes, string.Join('\n', form.Notes)),
            new(FormPlaces.Signature, form.Signature),
        ];
        return new(
            FormPlaces.Evaluations, form.Attachment ?? form.Project ?? form.Title, form.Project ?? "", FormPlaces.Unique(fields),
            [.. form.Indicators.Select(i => FormPlaces.Indicator(
                FormPlaces.Level(i.Level1, i.PrintedLevel1), FormPlaces.Level(i.Level2, i.PrintedLevel2), i.Level3, i.Target, i.Actual, i.Weight.Text, i.Score.Text, i.Deviation))]);
    }

    private static IEnumerable<ComparedField> Section(FormSection section) => section switch
    {
        FormLines lines => lines.Rows.SelectMany(row => row.Cells.Select(c => new ComparedField(FormPlaces.In(lines.Label, row.Name, c.Column), c.Text))),
        FormFields { IsList: false } fields => fields.Columns.Zip(fields.Rows[0], (c, text) => new ComparedField(FormPlaces.In(fields.Label, c), text.Text)),
        FormFields fields => fields.Rows.Index().SelectMany(row => fields.Columns.Zip(
            row.Item, (c, text) => new ComparedField(FormPlaces.In(fields.Label, (row.Index + 1).ToString(CultureInfo.InvariantCulture), c), text.Text))),

        // Passages in a list are texts.
        FormPassage { Key: null } => [],
        FormPassage passage => [new(FormPlaces.In(passage.Label), passage.Text.Text)],
        _ => throw new ArgumentOutOfRangeException(nameof(section), section.GetType().Name, "There is no comparison for this kind of section."),
    };
}
