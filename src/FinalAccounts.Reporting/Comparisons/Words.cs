using System.Text.RegularExpressions;

namespace FinalAccounts.Reporting.Comparisons;

/// <summary>
/// What is a document's own wherever it says it: its year, the year before, its department's name. Documents of two years or
/// departments are compared with it left aside.
/// </summary>
internal sealed class OwnWords
{
    private readonly Dictionary<string, string> words;

    private OwnWords(Dictionary<string, string> words) => this.words = words;

    /// <summary>Nothing is left aside: of two points in time even the year would be a difference.</summary>
    public static OwnWords None { get; } = new([]);

    /// <summary>The department's name; empty for none.</summary>
    public string Name { get; private init; } = "";

    public static OwnWords Of(DisclosureUnit unit) => new(new()
    {
        [Text(unit.Year)] = "\uE010",
        [Text(unit.Year - 1)] = "\uE011",
        [unit.Name] = "\uE012",
    })
    { Name = unit.Name };

    /// <summary>A word, or what stands for it.</summary>
    public string Normal(string word) => words.GetValueOrDefault(word, word);

    /// <summary>A whole text with what stands for its own words.</summary>
    public string NormalText(string text) => words.Count == 0 ? text : string.Concat(Words.Split(text, this).Select(Normal));

    private static string Text(int year) => year.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The words of a sentence: numbers, words in Latin letters, and single characters otherwise.</summary>
internal sealed partial class Words
{
    private readonly IReadOnlyList<string> words;

    private Words(IReadOnlyList<string> words, OwnWords own)
    {
        this.words = words;
        Normals = [.. words.Select(own.Normal)];
        Normal = string.Concat(Normals);
        Whole = string.Concat(words);
    }

    public int Count => words.Count;

    public string Whole { get; }

    /// <summary>The words with what stands for the document's own.</summary>
    public IReadOnlyList<string> Normals { get; }

    /// <summary>The same as one text.</summary>
    public string Normal { get; }

    public string this[int index] => words[index];

    /// <summary>The sentences of a text, each with the mark that ends it; they join to the text.</summary>
    public static IReadOnlyList<Words> Sentences(string text, OwnWords own)
    {
        List<Words> sentences = [];
        List<string> words = [];
        foreach (var word in Split(text, own))
        {
            words.Add(word);
            if (word is "。" or "；" or "！" or "？" or "\n")
            {
                sentences.Add(new(words, own));
                words = [];
            }
        }

        if (words.Count > 0)
        {
            sentences.Add(new(words, own));
        }

        return sentences;
    }

    public static string Text(IReadOnlyList<Words> sentences) => string.Concat(sentences.Select(s => s.Whole));

    /// <summary>True for sentences of which at least half the words are the same, wherever they stand.</summary>
    public static bool AreAlike(Words left, Words right)
    {
        var counts = left.Normals.GroupBy(w => w).ToDictionary(g => g.Key, g => g.Count());
        var shared = 0;
        foreach (var word in right.Normals)
        {
            if (counts.GetValueOrDefault(word) > 0)
            {
                counts[word]--;
                shared++;
            }
        }

        return shared * 2 >= Math.Max(left.Count, right.Count);
    }

    /// <summary>The words of a text; they join to the text.</summary>
    public static IEnumerable<string> Split(string text, OwnWords own)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = own.Name.Length > 0 && string.CompareOrdinal(text, at, own.Name, 0, own.Name.Length) == 0
                ? own.Name.Length
                : Word().Match(text, at).Length;
            yield return text.Substring(at, length);
            at += length;
        }
    }

    [GeneratedRegex(@"\G(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[A-Za-z]+|[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S])")]
    private static partial Regex Word();
}
