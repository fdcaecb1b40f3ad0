using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Layout;

/// <summary>The title as the lines of a cover: what stands before the unit's name, the name, what stands after it.</summary>
internal static class CoverTitle
{
    /// <summary>One to three lines that together are the title; one line where the name does not occur in it.</summary>
    public static IReadOnlyList<string> Lines(DisclosureUnit unit)
    {
        var at = unit.Name.Length == 0 ? -1 : unit.Title.IndexOf(unit.Name, StringComparison.Ordinal);
        if (at < 0)
            return [unit.Title];
        string[] lines = [unit.Title[..at], unit.Name, unit.Title[(at + unit.Name.Length)..]];
        return [.. lines.Where(line => line.Length > 0)];
    }
}
