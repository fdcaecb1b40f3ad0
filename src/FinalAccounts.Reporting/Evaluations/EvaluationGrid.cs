using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// Draws a self-evaluation form row by row. The grid has a column for the labels at the left and one for each column of the
/// indicators; the money stands under the last of these, its names under the first.
/// </summary>
internal sealed class EvaluationGrid(EvaluationFile file)
{
    private readonly List<IReadOnlyList<LayoutCell>> rows = [];

    /// <summary>How many columns stand beside the labels at the left.</summary>
    private int Fields => file.Indicators!.Columns!.Count;

    public TableLayout Layout() => new(Landscape: false, file.Widths!, [], rows);

    /// <summary>A row of labels with what stands beside each, the second half under the second half of the grid.</summary>
    public void Head(IReadOnlyList<(string Label, string Text)> pairs)
    {
        List<LayoutCell> row = [];
        for (var i = 0; i < pairs.Count; i++)
        {
            // The first label has the column at the left; the others take one from their share.
            var share = Share(i, pairs.Count);
            row.Add(Label(pairs[i].Label, i == 0 ? 1 : LabelSpan));
            row.Add(new(pairs[i].Text, LayoutCellKind.Value, i == 0 ? share : share - LabelSpan));
        }

        rows.Add(row);
    }

    public void MoneyHead(string label, IReadOnlyList<string> columns, int height) => rows.Add(
    [
        Label(label, rows: height),
        new("", LayoutCellKind.Label, Fields - columns.Count),
        .. columns.Select(c => Label(c)),
    ]);

    public void Money(string name, IReadOnlyList<LayoutCell> cells) =>
        rows.Add([new(name, LayoutCellKind.Name, Fields - cells.Count), .. cells]);

    /// <summary>The rows of splits side by side; a shorter one is filled up with blanks.</summary>
    public void Splits(IReadOnlyList<IReadOnlyList<LayoutCell>> splits)
    {
        for (var i = 0; i < splits.Max(s => s.Count); i++)
        {
            rows.Add([.. splits.Select((split, side) =>
                (i < split.Count ? split[i] : new LayoutCell("", LayoutCellKind.Text)) with { ColumnSpan = Share(side, splits.Count) })]);
        }
    }

    public void Goals(FormText expected, FormText actual)
    {
        var (left, right) = (Share(0, 2), Share(1, 2));
        rows.Add([Label(file.Goals!.Label!, rows: 2), Label(file.Goals.Expected!, left), Label(file.Goals.Actual!, right)]);
        rows.Add([Text(expected, left), Text(actual, right)]);
    }

    public void IndicatorHead(int height) =>
        rows.Add([Label(file.Indicators!.Label!, rows: height), .. file.Indicators.Columns!.Select(c => Label(c))]);

    public void Indicator(IReadOnlyList<LayoutCell> cells) => rows.Add(cells);

    /// <summary>总分, its points under those of the indicators, and a blank for the last column.</summary>
    public void Total(string label, LayoutCell weight, LayoutCell score) =>
        rows.Add([Label(label, Fields - 2), weight, score, new("", LayoutCellKind.Text)]);

    public static LayoutCell Label(string text, int columns = 1, int rows = 1) => new(text, LayoutCellKind.Label, columns, rows);

    private static LayoutCell Text(FormText text, int columns) =>
        new(text.Text, LayoutCellKind.Text, columns, Figures: text.Figures, Drafts: text.Drafts);

    private int LabelSpan => Fields >= 8 ? 2 : 1;

    /// <summary>The columns beside the left labels that the side of a number of sides has.</summary>
    private int Share(int side, int sides) => ((side + 1) * Fields / sides) - (side * Fields / sides);
}
