using System.Globalization;
using System.Resources;

namespace FinalAccounts.Reporting.Forms;

/// <summary>The rules that a form pack must keep. The names are the keys of their messages.</summary>
public enum PackRule
{
    /// <summary>The pack does not exist.</summary>
    PackMissing,

    /// <summary>A pack extends itself, directly or through others.</summary>
    ExtendsCycle,

    /// <summary>A file that neither the pack nor a pack that it extends has.</summary>
    FileMissing,

    FileEmpty,

    /// <summary>Not YAML, an unknown key, a key twice, a value of the wrong kind.</summary>
    NotReadable,

    /// <summary>A key that must be given and is not.</summary>
    KeyMissing,

    /// <summary>A key whose value is not one of the terms that it can have.</summary>
    TermUnknown,

    /// <summary>An id, term or name that stands twice in a list.</summary>
    Repeated,

    /// <summary>A name that is neither a quantity nor a statistic nor a standard of the pack.</summary>
    QuantityUnknown,

    /// <summary>A quantity that is a part of itself.</summary>
    QuantityCycle,

    /// <summary>A quantity that has both or neither of <c>measures</c> and <c>sum</c>.</summary>
    QuantityShape,

    /// <summary>A number format that the pack does not define.</summary>
    FormatUnknown,

    /// <summary>A code that is not of the form of the classification.</summary>
    CodeMalformed,

    /// <summary>A name of a column that the table does not have.</summary>
    ColumnUnknown,

    /// <summary>The relative widths are not as many as the drawn columns.</summary>
    WidthsCount,

    /// <summary>A block of counts that has not the two heads of name and number, or more cells side by side than the table has columns.</summary>
    StatisticsShape,

    /// <summary>A comparison whose base does not say where the quantity's name stands.</summary>
    ComparisonBase,

    /// <summary>A section of a form that has none or several of <c>fields</c>, <c>lines</c> and <c>text</c>.</summary>
    FormSectionShape,

    /// <summary>A template that the template engine does not accept.</summary>
    TemplateWrong,
}

/// <summary>A mistake in a form pack: the rule, file and line, and what is wrong.</summary>
public sealed record FormPackProblem(PackRule Rule, PackPlace Place, params IReadOnlyList<object> Arguments)
{
    private static readonly ResourceManager Resources = new("FinalAccounts.Reporting.Forms.PackMessages", typeof(FormPackProblem).Assembly);

    /// <summary>File, line and rule in words of a language; Chinese in the invariant culture.</summary>
    public string ToText(CultureInfo culture) =>
        $"{Place}  {string.Format(CultureInfo.InvariantCulture, Resources.GetString(Rule.ToString(), culture)!, [.. Arguments])}";
}

/// <summary>A form pack is wrong.</summary>
public sealed class FormPackException : Exception
{
    public FormPackException(params IReadOnlyList<FormPackProblem> problems)
        : base(string.Join('\n', problems.Select(p => p.ToText(CultureInfo.InvariantCulture)))) => Problems = problems;

    public FormPackException(FormPackProblem problem, Exception inner)
        : base(problem.ToText(CultureInfo.InvariantCulture), inner) => Problems = [problem];

    public IReadOnlyList<FormPackProblem> Problems { get; }
}
