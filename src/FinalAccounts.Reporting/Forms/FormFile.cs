namespace FinalAccounts.Reporting.Forms;

/// <summary>The file of a part of the kind <c>form</c>: a form with labels and what is filled in beside them.</summary>
public sealed class FormFile : Placed
{
    /// <summary>What the addresses of its numbers begin with. A template; unique in the document.</summary>
    public string? Id { get; set; }

    /// <summary>附件2: printed above the title. A template.</summary>
    public PackText? Attachment { get; set; }

    /// <summary>A template.</summary>
    public PackText? Title { get; set; }

    /// <summary>Relative widths: of the labels (two when any section has a group, otherwise one), then of the columns beside them.</summary>
    public List<int>? Widths { get; set; }

    public List<FormSectionFile>? Sections { get; set; }

    /// <summary>Templates, printed below the grid.</summary>
    public List<PackText>? Notes { get; set; }

    /// <summary>The line for 填表人, 填报日期 and 签字. A template.</summary>
    public PackText? Signature { get; set; }

    /// <summary>Every template of the form.</summary>
    internal IEnumerable<PackText> Templates =>
    [
        .. new[] { Attachment, Title, Signature }.OfType<PackText>(),
        .. Notes ?? [],
        .. (Sections ?? []).SelectMany(s => new[] { s.Label, s.Text }.Concat((s.Fields ?? []).SelectMany(f => new[] { f.Name, f.Text }))).OfType<PackText>(),
    ];

    /// <summary>How many columns stand before what is filled in.</summary>
    internal int LabelColumns => (Sections ?? []).Exists(s => s.Group is not null) ? 2 : 1;

    /// <summary>How many columns stand beside the labels: as many as every section can share out evenly.</summary>
    internal int FieldColumns => (Sections ?? []).Select(s => s.ColumnCount).Where(n => n > 0).Aggregate(1, LeastCommonMultiple);

    private static int LeastCommonMultiple(int a, int b)
    {
        var (x, y) = (a, b);
        while (y != 0)
        {
            (x, y) = (y, x % y);
        }

        return a / x * b;
    }
}

/// <summary>A section of a form: fields, lines of amounts, or a text.</summary>
public sealed class FormSectionFile : Placed
{
    /// <summary>Its name in disclosure.json; left out where its members stand in the form itself.</summary>
    public string? Key { get; set; }

    /// <summary>Of a text: what it and its neighbours belong to.</summary>
    public string? Group { get; set; }

    /// <summary>A template.</summary>
    public PackText? Label { get; set; }

    public List<FormFieldFile>? Fields { get; set; }

    /// <summary>True when the fields are a list that may have any number of rows.</summary>
    public bool List { get; set; }

    /// <summary>True when the fields are those of the section above, whose names serve for both.</summary>
    public bool SameFields { get; set; }

    public FormLinesFile? Lines { get; set; }

    /// <summary>A template; paragraphs are separated by a blank line.</summary>
    public PackText? Text { get; set; }

    internal int ColumnCount => Fields?.Count ?? Lines?.Columns.Count ?? 1;
}

/// <summary>A named field.</summary>
public sealed class FormFieldFile : Placed
{
    /// <summary>A template.</summary>
    public PackText? Name { get; set; }

    /// <summary>A template; left out for a field that the department leaves blank.</summary>
    public PackText? Text { get; set; }
}

/// <summary>Lines of amounts, as in a table of the shape <c>lines</c>.</summary>
public sealed class FormLinesFile : Placed
{
    public List<ColumnFile> Columns { get; set; } = [];

    public List<RowFile> Rows { get; set; } = [];

    public ZeroRule? Zero { get; set; }

    /// <summary>The number format of the cells.</summary>
    public string? Format { get; set; }
}
