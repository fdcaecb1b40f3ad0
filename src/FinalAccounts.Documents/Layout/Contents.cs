using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Layout;

/// <summary>A line of the contents.</summary>
/// <param name="Level">1 for a part, 2 for what stands in it.</param>
/// <param name="Target">The <see cref="DisclosurePart"/>, <see cref="TextBlock"/> or <see cref="DisclosureTable"/> it leads to.</param>
internal sealed record ContentsEntry(int Level, string Text, object Target);

/// <summary>目录: the parts, the tables and the sections of the first level, in order.</summary>
internal static class Contents
{
    // 目录 with the space below it and before the parts.
    private const int HeadingTwips = 1700;
    private const int SmallestLine = 340;
    private const int LargestLine = 520;

    public static IReadOnlyList<ContentsEntry> Of(DisclosureDocument document)
    {
        var tableNumber = 0;
        var entries = new List<ContentsEntry>();
        foreach (var part in document.Parts)
        {
            entries.Add(new(1, part.Title, part));
            switch (part)
            {
                case TextPart text:
                    entries.AddRange(text.Blocks.Where(b => b.Level <= 1 && b.Heading.Length > 0).Select(b => new ContentsEntry(2, b.Heading, b)));
                    break;
                case TablesPart tables:
                    entries.AddRange(tables.Tables.Select(
                        t => new ContentsEntry(2, DocumentText.TableEntry(++tableNumber, t.Title, t.IsEmpty), t)));
                    break;
            }
        }

        return entries;
    }

    /// <summary>The line height with which so many entries stand on one page below the heading, as far as they can be read.</summary>
    public static int LineTwips(int entries) =>
        Math.Clamp((Paper.Text.TextHeight - HeadingTwips) / Math.Max(entries, 1), SmallestLine, LargestLine);

    /// <summary>
    /// The number of each target's entry, from 1. By reference: two sections may have the same words.
    /// </summary>
    public static IReadOnlyDictionary<object, int> Numbers(IReadOnlyList<ContentsEntry> entries)
    {
        var numbers = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        foreach (var (index, entry) in entries.Index())
            numbers[entry.Target] = index + 1;
        return numbers;
    }
}
