using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FinalAccounts.Documents.Json;

/// <summary>JSON with an object's members and an array's items written in place: two spaces, line feeds, Chinese as it is.</summary>
internal sealed class JsonText
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly Utf8JsonWriter writer;

    public JsonText() => writer = new(bytes, new JsonWriterOptions
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        // A JSON file is not put into a page as it is, so nothing but what JSON itself asks for is escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public byte[] ToUtf8()
    {
        writer.Flush();
        return [.. bytes.WrittenSpan, (byte)'\n'];
    }

    /// <summary>An object; <paramref name="members"/> writes names and values.</summary>
    public void Object(Action members)
    {
        writer.WriteStartObject();
        members();
        writer.WriteEndObject();
    }

    public void Array<T>(IEnumerable<T> items, Action<T> item)
    {
        writer.WriteStartArray();
        foreach (var i in items)
        {
            item(i);
        }

        writer.WriteEndArray();
    }

    public JsonText Name(string name)
    {
        writer.WritePropertyName(name);
        return this;
    }

    public void Value(string? value) => writer.WriteStringValue(value);

    /// <summary>A whole number of any size, as digits.</summary>
    public void Value(Int128 value) => writer.WriteRawValue(value.ToString(CultureInfo.InvariantCulture));
}
