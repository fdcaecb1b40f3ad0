using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Layout;

/// <summary>A line of the contents.</summary>
/// <param name="Level">1 for a part, 2 for what stands in it.</param>
/// <param name="Target">The <see cref="DisclosurePart"/>, <see cref="TextBlock"/>, <see cref="DisclosureTable"/> or
/// <see cref="DisclosureForm"/> it leads to.</param>
internal sealed record ContentsEntry(int Level, string Text, object Target);

/// <summary>目录: the parts, the tables and the sections of the first level, in order.</summary>
internal sealed class Contents
{
    // 目录 with the space below it and before the parts.
    private const int HeadingTwips = 1700;
    private const int SmallestLine = 340;
    private const int LargestLine = 520;

    // As the styles of the contents have them.
    private const int PartHalfPoints = 30;
    private const int SectionHalfPoints = 28;
    private const int SectionIndent = 560;

    // By reference: two sections may have the same words.
    private readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);

    public Contents(DisclosureDocument document)
    {
        Entries = [.. EntriesOf(document)];
        foreach (var (index, entry) in Entries.Index())
            _numbers[entry.Target] = index + 1;
    }

    public IReadOnlyList<ContentsEntry> Entries { get; }

    /// <summary>The line height with which all entries stand on one page below the heading, as far as they can still be read.</summary>
    public int LineTwips => Math.Clamp((Paper.Text.TextHeight - HeadingTwips) / Math.Max(Entries.Sum(Lines), 1), SmallestLine, LargestLine);

    /// <summary>How many lines an entry takes: a long heading takes two.</summary>
    private static int Lines(ContentsEntry entry) => entry.Level == 1
        ? TableFit.LineCount(entry.Text, PartHalfPoints, Paper.Text.TextWidth)
        : TableFit.LineCount(entry.Text, SectionHalfPoints, Paper.Text.TextWidth - SectionIndent);

    /// <summary>The number of the entry that leads to a target, from 1; null if none does.</summary>
    public int? NumberOf(object target) => _numbers.TryGetValue(target, out var number) ? number : null;

    private static IEnumerable<ContentsEntry> EntriesOf(DisclosureDocument document)
    {
        var table = 0;
        foreach (var part in document.Parts)
        {
            yield return new(1, part.Title, part);
            var below = part switch
            {
                TextPart text => text.Blocks.Where(b => text.ListsHeadings && b.Level <= 1 && b.Heading.Length > 0)
                    .Select(b => new ContentsEntry(2, b.Heading, b)),
                TablesPart tables => tables.Tables
                    .Select(t => new ContentsEntry(2, DocumentText.TableEntry(++table, t.Title, t.IsEmpty), t)),
                // A part that is one form is that form; forms of one title are one line, which leads to the first.
                FormsPart { Forms.Count: not 1 } forms => forms.Forms.DistinctBy(f => f.Title).Select(f => new ContentsEntry(2, f.Title, f)),
                _ => [],
            };
            foreach (var entry in below)
                yield return entry;
        }
    }
}
