using System.Globalization;
using System.Text;

namespace FinalAccounts.Documents.Json;

/// <summary>
/// Writes JSON: two spaces of indentation, line feeds, and every character that JSON allows as itself. The framework's writer
/// decides by its Unicode tables what to escape, so that its output changes with the framework; this one depends on the text only.
/// </summary>
internal sealed class JsonText
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _first = true;
    private bool _named;

    public byte[] ToUtf8()
    {
        if (_depth != 0)
            throw new InvalidOperationException("An object or array is still open.");
        return Encoding.UTF8.GetBytes(_text.ToString() + "\n");
    }

    /// <summary>An object; <paramref name="members"/> writes names and values.</summary>
    public void Object(Action members) => Nest('{', '}', members);

    public void Array<T>(IEnumerable<T> items, Action<T> item) => Nest('[', ']', () =>
    {
        foreach (var i in items)
            item(i);
    });

    public JsonText Name(string name)
    {
        Separate();
        Quote(name);
        _text.Append(": ");
        _named = true;
        return this;
    }

    public void Value(string? value)
    {
        Separate();
        if (value is null)
            _text.Append("null");
        else
            Quote(value);
    }

    /// <summary>A whole number of any size, as digits.</summary>
    public void Value(Int128 value)
    {
        Separate();
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    private void Nest(char open, char close, Action content)
    {
        Separate();
        _text.Append(open);
        (_depth, _first) = (_depth + 1, true);
        content();
        _depth--;
        if (!_first)
            NewLine();
        _text.Append(close);
        _first = false;
    }

    private void Separate()
    {
        if (_named)
        {
            _named = false;
            return;
        }

        if (!_first)
            _text.Append(',');
        if (_depth > 0)
            NewLine();
        _first = false;
    }

    private void NewLine() => _text.Append('\n').Append(' ', 2 * _depth);

    private void Quote(string value)
    {
        _text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '"' or '\\')
                _text.Append('\\').Append(c);
            else if (c == '\n')
                _text.Append("\\n");
            else if (c is < ' ' or '\u007F' or '\u2028' or '\u2029')
                _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                _text.Append(c).Append(value[++i]);
            else
                _text.Append(char.IsSurrogate(c) ? '\uFFFD' : c);
        }

        _text.Append('"');
    }
}
