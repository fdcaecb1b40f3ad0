using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>Builds the self-evaluation forms of a form pack from the books.</summary>
internal sealed class EvaluationBuilder(
    FormPack pack, ReportBooks books, Quantities quantities, FigureBook book, TextRenderer texts, Scorer scorer)
{
    public IReadOnlyList<EvaluationForm> Build(EvaluationFile file) =>
        [.. EvaluatedThing.All(books.Current).Where(e => e.Project is null == (file.Of == EvaluationScope.Whole)).Select(e => Form(file, e))];

    private EvaluationForm Form(EvaluationFile file, EvaluatedThing evaluated)
    {
        var id = Messages.Text("EvaluationAddress", evaluated.Name);
        var values = Values(evaluated);
        EvaluationGrid grid = new(file);
        foreach (var row in file.Heads ?? [])
        {
            grid.Head([.. row.Select(h => (h.Label!, texts.Plain(h.Text!, values)))]);
        }

        var funds = new EvaluationMoney(pack, books, quantities, book, scorer, evaluated, id, file);
        var expected = Written(id, file.Goals!.Expected!, evaluated.Targets?.Goal);
        var actual = Written(id, file.Goals.Actual!, evaluated.Results?.GoalCompletion ?? evaluated.Results?.Achievements);
        var rows = funds.Rows(grid);
        var splits = funds.Splits(grid);
        grid.Goals(expected, actual);
        var indicators = new EvaluationIndicators(books, book, texts, evaluated, id, file).Build(grid, out var total);
        return new(
            id, Plain(PlacedText.AttachmentNumber, file.Attachment), Plain(PlacedText.Title, file.Title)!, Messages.Text(evaluated.Project is null ? "WholeSpending" : "ProjectSpending"),
            Plain(PlacedText.Period, file.Period), evaluated.Project, evaluated.Targets?.ResponsibleDepartment, Implementing(evaluated), pack.Unit, rows, splits, expected, actual,
            indicators, total, [.. (file.Notes ?? []).Select(n => Plain(PlacedText.Notes, n)!)], Plain(PlacedText.Signature, file.Signature), grid.Layout());

        string? Plain(string place, PackText? template) => template is null ? null : texts.PlainAt($"{id}/{place}", template, values);
    }

    private string Implementing(EvaluatedThing evaluated) => evaluated.Targets?.ImplementingUnit ?? books.Current.Department!.Name;

    /// <summary>The names that the form's templates may use besides those of every template.</summary>
    private (string Name, object? Value)[] Values(EvaluatedThing evaluated)
    {
        var date = evaluated.Evaluation?.Date;
        return
        [
            ("project", evaluated.Project ?? ""),
            ("responsibleDepartment", evaluated.Targets?.ResponsibleDepartment ?? ""),
            ("implementingUnit", Implementing(evaluated)),
            ("grade", evaluated.Evaluation?.Grade ?? ""),
            ("isEvaluated", date is not null),
            ("evaluationYear", date?.Year),
            ("evaluationMonth", date?.Month),
            ("evaluationDay", date?.Day),
        ];
    }

    private FormText Written(string id, string label, string? text)
    {
        if (text is null)
        {
            return FormText.Empty;
        }

        var (written, figures, drafts) = texts.Written($"{id}/{label}", text);
        return new(written, figures, drafts);
    }
}
