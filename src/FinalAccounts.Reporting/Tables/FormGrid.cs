namespace FinalAccounts.Reporting;

/// <summary>Draws the sections of a form below each other in one grid: labels at the left, what is filled in beside them.</summary>
/// <param name="labels">The columns of the labels, 1 or 2.</param>
/// <param name="fields">The columns beside them; every section's columns divide it.</param>
internal sealed class FormGrid(int labels, int fields)
{
    private readonly List<List<LayoutCell>> rows = [];

    /// <summary>The group of the last passage, and the row where it began.</summary>
    private (string Name, int Row)? group;

    public IReadOnlyList<IReadOnlyList<LayoutCell>> Rows => [.. rows];

    /// <summary>Draws a section; lines of amounts are drawn from their table.</summary>
    public void Add(FormSection section)
    {
        switch (section)
        {
            case FormFields named:
                Fields(named);
                break;
            case FormPassage passage:
                Passage(passage);
                break;
        }
    }

    /// <summary>Draws lines of amounts with the cells of their table: a name and an amount in each column.</summary>
    public void Lines(string label, DisclosureTable table)
    {
        group = null;
        var span = fields / table.Columns.Count;
        rows.Add([Label(label, labels), .. table.Columns.Select(c => Label(c, span))]);
        foreach (var row in table.Layout.Body)
        {
            rows.Add([row[0] with { ColumnSpan = labels }, .. row.Skip(1).Select(c => c with { ColumnSpan = span })]);
        }
    }

    private void Fields(FormFields section)
    {
        group = null;
        var span = fields / section.Columns.Count;
        List<List<LayoutCell>> drawn = section.HasNamesAbove ? [] : [[.. section.Columns.Select(c => Label(c, span))]];
        drawn.AddRange(section.Rows.Select(row => row.Select(text => Filled(text, LayoutCellKind.Value, span)).ToList()));
        drawn[0].Insert(0, Label(section.Label, labels, drawn.Count));
        rows.AddRange(drawn);
    }

    private void Passage(FormPassage passage)
    {
        var text = Filled(passage.Text, LayoutCellKind.Text, fields);
        if (passage.Group is null)
        {
            group = null;
            rows.Add([Label(passage.Label, labels), text]);
        }
        else if (group is { } open && open.Name == passage.Group)
        {
            // The group's cell stands in the row where it began and grows.
            var first = rows[open.Row][0];
            rows[open.Row][0] = first with { RowSpan = first.RowSpan + 1 };
            rows.Add([Label(passage.Label, 1), text]);
        }
        else
        {
            group = (passage.Group, rows.Count);
            rows.Add([Label(passage.Group, 1), Label(passage.Label, 1), text]);
        }
    }

    private static LayoutCell Label(string text, int columns, int height = 1) => new(text, LayoutCellKind.Label, columns, height);

    private static LayoutCell Filled(FormText text, LayoutCellKind kind, int columns) =>
        new(text.Text, kind, columns, Figures: text.Figures, Drafts: text.Drafts);
}
