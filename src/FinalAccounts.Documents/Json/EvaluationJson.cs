using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Json;

/// <summary>A self-evaluation form in disclosure.json; docs/documents.md describes the members.</summary>
internal static class EvaluationJson
{
    /// <summary>The members of the form that other forms do not have.</summary>
    public static void Write(JsonText json, EvaluationForm form)
    {
        json.Name("kind").Value(form.Kind);
        if (form.Period is { } period)
            json.Name("year").Value(period.Trim('（', '）', '(', ')'));
        if (form.Project is { } project)
            json.Name("project").Value(project);
        if (form.ResponsibleDepartment is { } department)
            json.Name("departmentInCharge").Value(department);
        json.Name("implementingUnit").Value(form.ImplementingUnit);
        json.Name("unitOfAmount").Value(form.UnitOfAmount);
        json.Name("funds").Array(form.Funds, row => json.Object(() =>
        {
            json.Name("name").Value(row.Name);
            foreach (var cell in row.Cells)
                json.Name(cell.Column).Value(cell.Text);
        }));
        if (form.Splits.Count > 0)
            json.Name("splits").Array(form.Splits, split => Split(json, split));
        json.Name("goals").Object(() =>
        {
            json.Name("expected").Value(form.Expected.Text);
            json.Name("actual").Value(form.Actual.Text);
        });
        json.Name("indicators").Array(form.Indicators.Index(), indicator => Indicator(json, indicator.Index + 1, indicator.Item));
        json.Name("total").Object(() =>
        {
            json.Name("label").Value(form.Total.Label);
            json.Name("weight").Value(form.Total.Weight.Text);
            json.Name("score").Value(form.Total.Score.Text);
        });
    }

    private static void Split(JsonText json, EvaluationSplit split) => json.Object(() =>
    {
        json.Name("label").Value(split.Label);
        json.Name("rows").Array(split.Rows, row => json.Object(() =>
        {
            json.Name("printed").Value(row.Printed);
            json.Name("name").Value(row.Name);
            json.Name("amount").Value(row.Amount.Text);
        }));
    });

    private static void Indicator(JsonText json, int number, EvaluationIndicator indicator) => json.Object(() =>
    {
        json.Name("seq").Value(number);
        json.Name("level1").Value(indicator.Level1);
        json.Name("level2").Value(indicator.Level2);
        json.Name("level3").Value(indicator.Level3);
        json.Name("target").Value(indicator.Target);
        json.Name("actual").Value(indicator.Actual);
        json.Name("weight").Value(indicator.Weight.Text);
        json.Name("score").Value(indicator.Score.Text);
        json.Name("deviation").Value(indicator.Deviation);
        json.Name("printedLevel1").Value(indicator.PrintedLevel1);
        json.Name("printedLevel2").Value(indicator.PrintedLevel2);
    });
}
