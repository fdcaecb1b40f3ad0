using System.Text;

namespace FinalAccounts.Reporting;

/// <summary>
/// Marks numbers and drafts in a rendered text with characters of Unicode's private use area, so that their places are
/// known when the sentence is complete. Written texts are cleaned of these characters before they come in.
/// </summary>
internal static class Marks
{
    private const char FigureStart = '\uE000';
    private const char FigureText = '\uE001';
    private const char FigureEnd = '\uE002';
    private const char DraftStart = '\uE003';
    private const char DraftEnd = '\uE004';

    public static string Figure(string address, string text) => $"{FigureStart}{address}{FigureText}{text}{FigureEnd}";

    public static string Draft(string text) => $"{DraftStart}{text}{DraftEnd}";

    /// <summary>The text without marks and without control characters, which no document may carry.</summary>
    public static string Clean(string text) =>
        text.Any(IsForeign) ? string.Concat(text.Where(c => !IsForeign(c))) : text;

    public static string Strip(string marked) => Read(marked).Text;

    /// <summary>The text, and where in it the numbers and drafts stand.</summary>
    public static (string Text, IReadOnlyList<PlacedFigure> Figures, IReadOnlyList<TextSpan> Drafts) Read(string marked)
    {
        StringBuilder text = new();
        List<PlacedFigure> figures = [];
        List<TextSpan> drafts = [];
        var address = "";
        var (figureAt, draftAt) = (0, 0);
        for (var i = 0; i < marked.Length; i++)
        {
            switch (marked[i])
            {
                case FigureStart:
                    var end = marked.IndexOf(FigureText, i);
                    address = marked[(i + 1)..end];
                    figureAt = text.Length;
                    i = end;
                    break;
                case FigureEnd:
                    figures.Add(new(new(figureAt, text.Length - figureAt), address));
                    break;
                case DraftStart:
                    draftAt = text.Length;
                    break;
                case DraftEnd:
                    drafts.Add(new(draftAt, text.Length - draftAt));
                    break;
                default:
                    text.Append(marked[i]);
                    break;
            }
        }

        return (text.ToString(), figures, drafts);
    }

    private static bool IsForeign(char c) => c is (>= '\uE000' and <= '\uF8FF') || (char.IsControl(c) && c != '\n');
}
