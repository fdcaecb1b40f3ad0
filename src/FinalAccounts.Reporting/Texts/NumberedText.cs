using System.Text.RegularExpressions;

namespace FinalAccounts.Reporting;

/// <summary>A written text whose parts have numbered headings on lines of their own: <c>1.…</c>, <c>2.…</c>.</summary>
internal static partial class NumberedText
{
    /// <summary>The parts in order; what stands before the first heading is a part with an empty heading.</summary>
    public static IReadOnlyList<(string Heading, string Body)> Read(string text)
    {
        List<(string Heading, string Body)> parts = [];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Heading().IsMatch(line))
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
    private static partial Regex Heading();
}
