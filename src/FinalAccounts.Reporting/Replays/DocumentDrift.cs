using System.Text.Json;
using FinalAccounts.Reporting.Fidelity;

namespace FinalAccounts.Reporting.Replays;

/// <summary>What kind of thing differs between two versions of a document.</summary>
public enum MovedKind
{
    /// <summary>A number: its exact value, its printed text, its unit, its name or its rounding.</summary>
    Figure,

    /// <summary>The text of a cell of a table.</summary>
    Cell,

    /// <summary>A sentence, a heading, or any other text or place.</summary>
    Text,

    /// <summary>Nothing that is said, only how the file writes it.</summary>
    Bytes,
}

/// <summary>A place at which a document differs from what was published.</summary>
/// <param name="Where">The figure's address; of a cell table, row and column; of a text the names on the way to it.</param>
/// <param name="Published">Null where there was nothing.</param>
/// <param name="Now">Null where there is nothing any more.</param>
public sealed record Moved(MovedKind Kind, string Where, string? Published, string? Now);

/// <summary>Says what moved between two disclosure.json: figures, cells and sentences, not bytes.</summary>
public static class DocumentDrift
{
    private const string Figures = "figures";
    private const string Places = "where";

    // What names a thing in a list, in the order of trying.
    private static readonly string[] Names = ["address", "code", "line", "key", "term", "heading", "label", "title", "name", "seq"];

    /// <summary>What moved, in the order of the document; empty when the bytes are the same.</summary>
    /// <exception cref="JsonException">One of them is not JSON.</exception>
    public static IReadOnlyList<Moved> Between(ReadOnlyMemory<byte> published, ReadOnlyMemory<byte> now)
    {
        if (published.Span.SequenceEqual(now.Span))
        {
            return [];
        }

        using var was = JsonDocument.Parse(published);
        using var isNow = JsonDocument.Parse(now);
        var moved = new List<Moved>();
        foreach (var member in Members(was.RootElement, isNow.RootElement))
        {
            var (a, b) = (Member(was.RootElement, member), Member(isNow.RootElement, member));
            if (member == Figures && a is { ValueKind: JsonValueKind.Array } left && b is { ValueKind: JsonValueKind.Array } right)
            {
                CompareFigures(left, right, moved);
            }
            else
            {
                Compare(member == "tables" ? "" : member, a, b, isCell: false, moved);
            }
        }

        // Where a figure stands in its sentence follows from the sentence; alone it is worth telling.
        if (moved.Count == 0)
        {
            Compare("", was.RootElement, isNow.RootElement, isCell: false, moved);
        }

        return moved.Count > 0 ? moved : [new(MovedKind.Bytes, "disclosure.json", null, null)];
    }

    private static void CompareFigures(JsonElement published, JsonElement now, List<Moved> moved)
    {
        var (was, isNow) = (ByAddress(published), ByAddress(now));
        foreach (var address in was.Keys.Union(isNow.Keys))
        {
            var (a, b) = (was.GetValueOrDefault(address), isNow.GetValueOrDefault(address));
            if (a is null || b is null)
            {
                moved.Add(new(MovedKind.Figure, address, Printed(a), Printed(b)));
                continue;
            }

            var changed = Members(a.Value, b.Value).Where(m => m != Places && !Same(Member(a.Value, m), Member(b.Value, m))).ToList();
            if (changed.Count > 0)
            {
                // The printed text says it best; where that is the same, what else differs.
                var shown = changed.Contains("printed") ? "printed" : changed[0];
                moved.Add(new(MovedKind.Figure, address, Text(Member(a.Value, shown)), Text(Member(b.Value, shown))));
            }
        }

        static Dictionary<string, JsonElement?> ByAddress(JsonElement figures) => figures.EnumerateArray()
            .GroupBy(f => Text(Member(f, "address")) ?? "").ToDictionary(g => g.Key, g => (JsonElement?)g.First(), StringComparer.Ordinal);

        static string? Printed(JsonElement? figure) => figure is { } there ? Text(Member(there, "printed")) : null;
    }

    private static void Compare(string where, JsonElement? published, JsonElement? now, bool isCell, List<Moved> moved)
    {
        if (Same(published, now))
        {
            return;
        }

        if (published is { ValueKind: JsonValueKind.Object } a && now is { ValueKind: JsonValueKind.Object } b)
        {
            foreach (var member in Members(a, b))
            {
                // "cells" and "rows" say nothing to a reader: the table, the row and the column do.
                Compare(member is "cells" or "rows" or "text" ? where : Join(where, member), Member(a, member), Member(b, member), isCell || member == "cells", moved);
            }
        }
        else if (published is { ValueKind: JsonValueKind.Array } left && now is { ValueKind: JsonValueKind.Array } right)
        {
            CompareLists(where, [.. left.EnumerateArray()], [.. right.EnumerateArray()], isCell, moved);
        }
        else if (!isCell && published is { ValueKind: JsonValueKind.String } and var oldText && now is { ValueKind: JsonValueKind.String } and var newText)
        {
            CompareSentences(where, Sentences(oldText.GetString()!), Sentences(newText.GetString()!), moved);
        }
        else
        {
            moved.Add(new(isCell ? MovedKind.Cell : MovedKind.Text, where, Text(published), Text(now)));
        }
    }

    private static void CompareLists(string where, List<JsonElement> published, List<JsonElement> now, bool isCell, List<Moved> moved)
    {
        // Equal ones first; between them those of the same name; what is left over on both sides alike corresponds in order.
        foreach (var pair in Alignment.Paired(Alignment.Of(published, now, (a, b) => Label(a) is { } label ? label == Label(b) : JsonElement.DeepEquals(a, b))))
        {
            JsonElement? a = pair.Left is { } l ? published[l] : null;
            JsonElement? b = pair.Right is { } r ? now[r] : null;
            var name = (a is { } there ? Label(there) : null) ?? (b is { } here ? Label(here) : null) ?? $"{1 + (pair.Left ?? pair.Right)}";
            Compare(Join(where, name), a, b, isCell, moved);
        }
    }

    private static void CompareSentences(string where, List<string> published, List<string> now, List<Moved> moved)
    {
        foreach (var pair in Alignment.Paired(Alignment.Of(published, now, (a, b) => a == b)))
        {
            var (a, b) = (pair.Left is { } l ? published[l] : null, pair.Right is { } r ? now[r] : null);
            if (a != b)
            {
                moved.Add(new(MovedKind.Text, where, a, b));
            }
        }
    }

    /// <summary>A text cut behind its full stops and line ends.</summary>
    private static List<string> Sentences(string text)
    {
        List<string> sentences = [];
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '。' or '\n' || i == text.Length - 1)
            {
                sentences.Add(text[from..(i + 1)]);
                from = i + 1;
            }
        }

        return sentences;
    }

    /// <summary>What a thing in a list is called; null when it has no name.</summary>
    private static string? Label(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // A row of a table is told from others by its side, its code and its name together.
        var row = string.Join(' ', new[] { "side", "code", "name" }.Select(m => Text(Member(element, m))).Where(t => t is { Length: > 0 }));
        return row.Length > 0 ? row : Names.Select(m => Text(Member(element, m))).FirstOrDefault(t => t is { Length: > 0 });
    }

    private static IEnumerable<string> Members(JsonElement a, JsonElement b) =>
        a.EnumerateObject().Select(m => m.Name).Union(b.EnumerateObject().Select(m => m.Name), StringComparer.Ordinal);

    private static JsonElement? Member(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value : null;

    private static bool Same(JsonElement? a, JsonElement? b) => a is { } left && b is { } right ? JsonElement.DeepEquals(left, right) : a is null && b is null;

    private static string? Text(JsonElement? element) => element switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
    };

    private static string Join(string where, string name) => where.Length == 0 ? name : $"{where}/{name}";
}
