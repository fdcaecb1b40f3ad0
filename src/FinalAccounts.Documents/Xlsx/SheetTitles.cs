using System.Globalization;
using FinalAccounts.Documents.Layout;

namespace FinalAccounts.Documents.Xlsx;

/// <summary>The names of the sheets: number and title of the table, as far as spreadsheets allow.</summary>
internal static class SheetTitles
{
    /// <summary>The limit of the format, in UTF-16 units.</summary>
    public const int MaxLength = 31;

    private const string Forbidden = ":\\/?*[]";

    /// <summary>A name for each number and title: at most 31 units, no forbidden character, no two alike (upper and lower case are alike).</summary>
    public static IReadOnlyList<string> Of(IEnumerable<(string Number, string Title)> sheets)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>();
        foreach (var (number, title) in sheets)
        {
            var clean = Clean($"{number} {title}");
            var name = Cut(clean, MaxLength);
            for (var copy = 2; !taken.Add(name); copy++)
            {
                var suffix = string.Create(CultureInfo.InvariantCulture, $"~{copy}");
                name = Cut(clean, MaxLength - suffix.Length) + suffix;
            }

            names.Add(name);
        }

        return names;
    }

    private static string Clean(string text)
    {
        var allowed = PrintableText.Clean(text).Select(c => Forbidden.Contains(c) || char.IsControl(c) ? '_' : c);
        // An apostrophe may stand inside a name only.
        return string.Concat(allowed).Trim('\'', ' ');
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end].TrimEnd('\'', ' ');
    }
}
