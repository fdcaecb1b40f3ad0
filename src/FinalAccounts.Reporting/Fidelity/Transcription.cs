using System.Text.Json;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Reads a transcription (published.json). What it holds besides the compared parts (<c>other</c>) is left alone.</summary>
public static class Transcription
{
    /// <summary>The first part of the places of differences in the narrative.</summary>
    internal const string Narrative = "说明";

    /// <summary>The first part of the places of differences in attached reports.</summary>
    internal const string Attachment = "附件";

    /// <param name="json">UTF-8.</param>
    /// <exception cref="TranscriptionException">It is not a transcription; the message says what is missing or malformed.</exception>
    public static PublishedDocument Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new TranscriptionException($"{e.LineNumber + 1}:{e.BytePositionInLine + 1}", e.Message, e);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TranscriptionException("1:1", e.Message, e);
        }
    }

    private static PublishedDocument Read(JsonElement root)
    {
        var unit = Member(root, "unit");
        return new(
            new(Text(unit, "name"), Member(unit, "year").GetInt32(), Text(unit, "region"), Text(unit, "title")),
            root.TryGetProperty("tables", out var tables) ? [.. tables.EnumerateObject().Select(t => Table(t.Name, t.Value))] : [],
            [.. Items(root, "narrative").Select(b => Block(Narrative, b)), .. Reports(root)],
            [.. Items(root, "numbers").Select(Number)],
            [.. Items(root, "glossary").Select(g => new GlossaryEntry(Text(g, "term"), Text(g, "definition")))])
        {
            Forms = PublishedForms.Read(root),
        };
    }

    private static PublishedTable Table(string id, JsonElement table)
    {
        List<string> columns = [.. Items(table, "columns").Select(c => c.GetString()!)];
        List<TableRow> rows = [.. Items(table, "rows").Select(Row)];
        if (table.TryGetProperty("statistics", out var statistics))
        {
            List<string> heads = [.. Items(statistics, "columns").Select(c => c.GetString()!)];
            columns.AddRange(heads);
            rows.AddRange(Items(statistics, "rows").Select(s =>
                new TableRow(null, null, Text(s, "name"), null, [new(heads[^1], Optional(s, "value"), null)])));
        }

        return new(id, Text(table, "title"), Text(table, "unitOfAmount"), columns, rows, [.. Items(table, "notes").Select(n => n.GetString()!)]);
    }

    private static TableRow Row(JsonElement row) => new(
        Optional(row, "side"),
        Optional(row, "code"),
        // A row with a line number alone: some transcriptions give it an empty name, some none.
        Optional(row, "name") is { Length: > 0 } name ? name : null,
        row.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Number ? line.GetInt32() : null,
        [.. Member(row, "cells").EnumerateObject().Select(c => new TableCell(c.Name, c.Value.GetString(), null))]);

    private static PublishedText Block(string area, JsonElement block) =>
        new(area, Optional(block, "heading") ?? "", Member(block, "level").GetInt32(), Text(block, "text"));

    /// <summary>The texts of an attached report, and of a project's report, which is a form with a label for each text.</summary>
    private static IEnumerable<PublishedText> Reports(JsonElement root)
    {
        if (root.TryGetProperty("attachment", out var attachment))
        {
            foreach (var section in Items(attachment, "sections"))
            {
                yield return Block(Attachment, section);
            }
        }

        if (root.TryGetProperty("projectReport", out var report))
        {
            foreach (var section in Items(report, "sections"))
            {
                yield return new(Attachment, Text(section, "label"), 1, Text(section, "text"));
            }
        }
    }

    private static PublishedNumber Number(JsonElement number) => new(
        Text(number, "section"), Text(number, "sentence"), Text(number, "quantity"), Optional(number, "value"), Text(number, "unit"));

    private static IEnumerable<JsonElement> Items(JsonElement element, string key) =>
        element.TryGetProperty(key, out var items) ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string Text(JsonElement element, string key) => Optional(element, key) ?? throw Missing(element, key);

    private static string? Optional(JsonElement element, string key) => element.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static JsonElement Member(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) ? value : throw Missing(element, key);

    private static KeyNotFoundException Missing(JsonElement element, string key)
    {
        var json = element.GetRawText();
        return new($"'{key}' is missing in {(json.Length <= 80 ? json : json[..80] + "…")}");
    }
}
