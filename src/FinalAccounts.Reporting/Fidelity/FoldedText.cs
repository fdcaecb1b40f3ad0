using System.Text;
using System.Text.RegularExpressions;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>
/// A text as it is compared. The published documents were converted from PDF and Word files, which moved white space about
/// and made some punctuation half-width; so white space is left out, and a full-width form of an ASCII character
/// (U+FF01–U+FF5E: ，：；（）！？％．) counts as that character. It also set a hyphen before numbered lines (<c>- 1、</c>), which is
/// left out. Nothing else is evened out.
/// </summary>
internal sealed partial class FoldedText
{
    private const char FirstWide = '\uFF01';
    private const char LastWide = '\uFF5E';
    private const int WideToAscii = FirstWide - '!';

    private readonly int[] foldedAt;

    public FoldedText(string text)
    {
        StringBuilder kept = new(text.Length);
        foldedAt = new int[text.Length + 1];
        var marks = ListMark().Matches(text).Select(m => m.Index).ToHashSet();
        for (var i = 0; i < text.Length; i++)
        {
            foldedAt[i] = kept.Length;
            if (!char.IsWhiteSpace(text[i]) && !marks.Contains(i))
            {
                kept.Append(text[i]);
            }
        }

        foldedAt[text.Length] = kept.Length;
        Kept = kept.ToString();
        Folded = string.Create(Kept.Length, Kept, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is >= FirstWide and <= LastWide ? (char)(source[i] - WideToAscii) : source[i];
            }
        });
    }

    /// <summary>What is compared.</summary>
    public string Folded { get; }

    /// <summary>The same without white space but with its own characters: the same length as <see cref="Folded"/>.</summary>
    public string Kept { get; }

    public static string Of(string text) => new FoldedText(text).Folded;

    /// <summary>True when both are the same folded; two nulls are, null and a text are not.</summary>
    public static bool Same(string? left, string? right) => left is null || right is null ? left == right : left == right || Of(left) == Of(right);

    /// <summary>True when both are the same but for white space, the width of characters included.</summary>
    public static bool SameWidth(string? left, string? right) =>
        left == right || (left is not null && right is not null && new FoldedText(left).Kept == new FoldedText(right).Kept);

    /// <summary>Where a stretch of the original stands in the folded text.</summary>
    public TextSpan Map(TextSpan span) => new(foldedAt[span.Start], foldedAt[span.Start + span.Length] - foldedAt[span.Start]);

    /// <summary>A hyphen at the beginning of a line before a number with 、; a negative number has none.</summary>
    [GeneratedRegex("(?<=^|\\n)-(?=\\s*[0-9]+、)")]
    private static partial Regex ListMark();
}
