namespace FinalAccounts.Reporting;

/// <summary>
/// A reference in a written text, <c>{名称|单位|格式}</c>. Instead of a name there may be a sum, <c>甲＋乙－丙</c>, or a sum divided
/// by a sum, <c>甲÷乙＋丙</c>, which is printed as a percentage. The signs are the full-width ones, so that a name with a hyphen
/// is a name.
/// </summary>
/// <param name="Label">The reference as written, without unit and format.</param>
/// <param name="Base">What the value is divided by; null when it is not.</param>
/// <param name="Unit">Null where the value's own is meant.</param>
/// <param name="Format">The name of a number format; null where the usual one is meant.</param>
internal sealed record Reference(
    string Label,
    IReadOnlyList<(int Sign, string Name)> Value,
    IReadOnlyList<(int Sign, string Name)>? Base,
    string? Unit,
    string? Format)
{
    private const char Plus = '＋';
    private const char Minus = '－';
    private const char Divided = '÷';

    /// <param name="text">What stands between the braces.</param>
    /// <param name="isName">True for a name that is known as it stands, even with a sign in it.</param>
    public static Reference Parse(string text, Func<string, bool> isName)
    {
        var parts = text.Split('|');
        var unit = parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null;
        var format = parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null;
        var label = parts[0];
        if (isName(label))
        {
            return new(label, [(1, label)], null, unit, format);
        }

        var at = label.IndexOf(Divided);
        return at < 0
            ? new(label, Sum(label), null, unit, format)
            : new(label, Sum(label[..at]), Sum(label[(at + 1)..]), unit, format);
    }

    /// <summary>A sum in words.</summary>
    public static string Words(IReadOnlyList<(int Sign, string Name)> sum) =>
        string.Concat(sum.Select((part, i) => part.Sign < 0 ? Minus + part.Name : i == 0 ? part.Name : Plus + part.Name));

    private static IReadOnlyList<(int Sign, string Name)> Sum(string text)
    {
        List<(int, string)> terms = [];
        for (var start = 0; start <= text.Length;)
        {
            var end = text.IndexOfAny([Plus, Minus], start);
            end = end < 0 ? text.Length : end;
            terms.Add((start > 0 && text[start - 1] == Minus ? -1 : 1, text[start..end].Trim()));
            start = end + 1;
        }

        return terms;
    }
}
