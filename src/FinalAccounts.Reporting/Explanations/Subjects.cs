using FinalAccounts.Ledger;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>What the word after the slash of a subject (<c>收入总计/比上年</c>) compares with; data of the form pack.</summary>
/// <param name="Base">The base's name, with <c>{}</c> where the quantity's stands: <c>{}@上年</c>.</param>
/// <param name="Of">The quantity of a subject that begins with a functional code: <c>2080101/比年初预算</c>.</param>
/// <param name="Against">Its base; <paramref name="Base"/> of the quantity when null.</param>
public sealed record Comparison(string Base, string? Of, string? Against);

/// <summary>Finds what the subject of an explanation is about.</summary>
internal sealed class Subjects(FormPack pack, ReportBooks books, Quantities quantities)
{
    /// <summary>The two sums that a subject compares; null when it is not a comparison, or one of them is not known.</summary>
    public (SumQuery Value, SumQuery Base)? Compared(string subject, Narrowing narrowing)
    {
        if (Names(subject) is not { } names)
        {
            return null;
        }

        var narrowed = names.Function is { } function ? narrowing.And(new(Function: function)) : narrowing;
        return quantities.Find(names.Value, narrowed) is { } value && quantities.Find(names.Base, narrowed) is { } @base ? (value, @base) : null;
    }

    /// <summary>The change that a subject is about; null when there is none, or it is not known.</summary>
    public Change? ChangeOf(string subject, Narrowing narrowing) =>
        Compared(subject, narrowing) is { } compared ? ExplainingChange.Explain(compared.Value, compared.Base, books) : null;

    /// <summary>True for a subject that the form pack can ask for, whether or not this document does.</summary>
    public bool Knows(string subject)
    {
        var slash = subject.LastIndexOf('/');
        return Names(subject) is not null
            || pack.Subjects.Contains(subject)

            // Put together in a template: (concat name "/内容").
            || (slash >= 0 && !pack.Comparisons.ContainsKey(subject[(slash + 1)..]) && pack.Subjects.Contains(subject[slash..]));
    }

    private (string Value, string Base, FunctionCode? Function)? Names(string subject)
    {
        var slash = subject.LastIndexOf('/');
        if (slash < 0 || !pack.Comparisons.TryGetValue(subject[(slash + 1)..], out var comparison))
        {
            return null;
        }

        var about = subject[..slash];
        return pack.Knows(about) ? Checked(about, Base(about), null)
            : comparison.Of is { } of && FunctionCode.IsValid(about) ? Checked(of, comparison.Against ?? Base(of), new FunctionCode(about))
            : null;

        string Base(string quantity) => comparison.Base.Replace("{}", quantity, StringComparison.Ordinal);

        (string, string, FunctionCode?)? Checked(string value, string @base, FunctionCode? function) =>
            pack.Knows(@base) ? (value, @base, function) : null;
    }
}
