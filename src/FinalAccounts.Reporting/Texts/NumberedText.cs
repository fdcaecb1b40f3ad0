using System.Text.RegularExpressions;

namespace FinalAccounts.Reporting;

/// <summary>
/// A written text whose parts have numbered headings on lines of their own: <c>1.…</c>, <c>2.…</c> or <c>（一）…</c>, <c>（二）…</c>. The first
/// heading says which; headings of the other kind are within a part.
/// </summary>
internal static partial class NumberedText
{
    /// <summary>The parts in order; what stands before the first heading is a part with an empty heading.</summary>
    public static IReadOnlyList<(string Heading, string Body)> Read(string text)
    {
        List<(string Heading, string Body)> parts = [];
        Regex? headings = null;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            headings ??= new[] { Arabic(), Chinese() }.FirstOrDefault(kind => kind.IsMatch(line));
            if (headings?.IsMatch(line) ?? false)
            {
                parts.Add((line, ""));
            }
            else if (parts.Count == 0)
            {
                parts.Add(("", line));
            }
            else
            {
                var (heading, body) = parts[^1];
                parts[^1] = (heading, body.Length == 0 ? line : $"{body}\n{line}");
            }
        }

        return parts;
    }

    /// <summary>A number and words that are no sentence.</summary>
    [GeneratedRegex("^[0-9]+[.．、][^。]+$")]
    private static partial Regex Arabic();

    /// <summary>A Chinese number in brackets and words that are no sentence.</summary>
    [GeneratedRegex("^（[一二三四五六七八九十]+）[^。]+$")]
    private static partial Regex Chinese();
}
