using System.Text;
using FinalAccounts.Documents.Layout;

namespace FinalAccounts.Documents.Html;

/// <summary>
/// Writes HTML that is well-formed XML too, so that it can be checked and taken apart by ordinary tools. Everything that is not
/// markup goes through the encoder here.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    public void DocumentType() => _text.Append("<!DOCTYPE html>\n");

    /// <summary>An element with content; attributes whose value is null are left out.</summary>
    public void Element(string name, IEnumerable<(string Name, string? Value)> attributes, Action content)
    {
        Start(name, attributes);
        _text.Append('>');
        content();
        _text.Append("</").Append(name).Append('>');
    }

    public void Element(string name, IEnumerable<(string Name, string? Value)> attributes, string text) =>
        Element(name, attributes, () => Text(text));

    public void Element(string name, string text) => Element(name, [], text);

    /// <summary>An element that never has content: meta, col, br.</summary>
    public void Void(string name, params IEnumerable<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        _text.Append("/>");
    }

    /// <summary>Text; a line feed breaks the line.</summary>
    public void Text(string text)
    {
        var lines = PrintableText.Clean(text).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                Void("br");
            Encode(lines[i]);
        }
    }

    /// <summary>Our own style sheet, as it is; it has no character that XML or HTML reads as markup.</summary>
    public void StyleSheet(string css)
    {
        if (css.AsSpan().ContainsAny('<', '&'))
            throw new ArgumentException("The style sheet has a character of markup.", nameof(css));
        _text.Append("<style>\n").Append(css).Append("</style>");
    }

    public void NewLine() => _text.Append('\n');

    private void Start(string name, IEnumerable<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is null)
                continue;
            _text.Append(' ').Append(attribute).Append("=\"");
            Encode(PrintableText.Clean(value));
            _text.Append('"');
        }
    }

    private void Encode(string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '\n' => _text.Append("&#10;"),
                _ => _text.Append(c),
            };
        }
    }
}
