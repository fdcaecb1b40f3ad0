using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using FinalAccounts.Ledger.Closing;
using NodaTime.Text;

namespace FinalAccounts.EventLog.Files;

/// <summary>
/// Writes events of a log as a text that can be read without this program: JSON Lines in UTF-8, as a rule compressed by gzip. The lines:
/// <list type="number">
/// <item><c>{"format":"FinalAccounts log 1","region":"430900","year":2023}</c>; without <c>year</c> for a whole log;</item>
/// <item><c>{"after":{"position":…,"hash":…}}</c> before each run of positions that follow each other: the event before it;</item>
/// <item>an event: position, stream, version, type, schemaVersion, recordedAt, accountingDate, commandId, actor, body, hash; the body
/// is a text, because the hash covers its very bytes;</item>
/// <item><c>{"events":…,"last":{"position":…,"hash":…}}</c> at the end.</item>
/// </list>
/// The same events always give the same bytes.
/// </summary>
public sealed class LogFileWriter : IAsyncDisposable
{
    internal const string Format = "FinalAccounts log 1";

    /// <summary>Bytes that are gathered before they are written.</summary>
    private const int Gathered = 1 << 16;

    private static readonly JsonWriterOptions Options = new()
    {
        // Chinese stays readable; the file is no web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Stream text;
    private readonly bool isCompressed;
    private readonly MemoryStream line = new();
    private readonly Utf8JsonWriter json;
    private readonly List<LogFileRun> runs = [];
    private readonly LogFileHeader header;
    private long events;

    /// <param name="output">Stays the caller's; it is not flushed to disk here.</param>
    /// <param name="isCompressed">False for the bare lines.</param>
    public LogFileWriter(Stream output, LogFileHeader header, bool isCompressed = true)
    {
        this.header = header;
        this.isCompressed = isCompressed;
        text = isCompressed ? new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true) : output;
        json = new(line, Options);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("region", header.Region.ToString());
        if (header.Year is { } year)
        {
            json.WriteNumber("year", year.Value);
        }

        EndLine();
    }

    /// <summary>Begins a run of positions that follow each other.</summary>
    /// <param name="after">Position and hash of the event before the first one.</param>
    /// <exception cref="ArgumentException">The run does not begin behind what is written.</exception>
    public async Task BeginRunAsync(Seal after, CancellationToken cancellationToken)
    {
        if (runs.Count > 0 && after.Position <= runs[^1].Last.Position)
        {
            throw new ArgumentException($"A run behind {after.Position} does not follow {runs[^1].Last.Position}.", nameof(after));
        }

        runs.Add(new(after, after));
        json.WriteStartObject();
        Write("after", after);
        EndLine();
        await FlushAsync(Gathered, cancellationToken);
    }

    /// <exception cref="ArgumentException">The event does not follow the one before in the run.</exception>
    public async ValueTask WriteAsync(StoredEvent e, CancellationToken cancellationToken)
    {
        if (runs.Count == 0 || e.Position != runs[^1].Last.Position + 1)
        {
            throw new ArgumentException($"Position {e.Position} does not follow what is written.", nameof(e));
        }

        runs[^1] = runs[^1] with { Last = new(e.Position, Convert.ToHexStringLower(e.Hash)) };
        events++;
        json.WriteStartObject();
        json.WriteNumber("position", e.Position);
        json.WriteString("stream", e.Stream);
        json.WriteNumber("version", e.Version);
        json.WriteString("type", e.Type);
        json.WriteNumber("schemaVersion", e.SchemaVersion);
        json.WriteString("recordedAt", InstantPattern.ExtendedIso.Format(e.RecordedAt));
        json.WriteString("accountingDate", LocalDatePattern.Iso.Format(e.AccountingDate));
        json.WriteString("commandId", e.CommandId);
        json.WriteString("actor", e.Actor);
        json.WriteString("body", e.Body);
        json.WriteString("hash", runs[^1].Last.Hash);
        EndLine();
        await FlushAsync(Gathered, cancellationToken);
    }

    /// <summary>Writes the last line; nothing can be written after it.</summary>
    public async Task<LogFileContents> EndAsync(CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteNumber("events", events);
        if (runs.Count > 0)
        {
            Write("last", runs[^1].Last);
        }

        EndLine();
        await FlushAsync(0, cancellationToken);
        await text.FlushAsync(cancellationToken);
        return new(header, events, runs);
    }

    /// <summary>Ends the compression. A file that was not ended before is recognised as cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await json.DisposeAsync();
        if (isCompressed)
        {
            await text.DisposeAsync();
        }

        await line.DisposeAsync();
    }

    private void Write(string name, Seal seal)
    {
        json.WriteStartObject(name);
        json.WriteNumber("position", seal.Position);
        json.WriteString("hash", seal.Hash);
        json.WriteEndObject();
    }

    private void EndLine()
    {
        json.WriteEndObject();
        json.Flush();
        line.WriteByte((byte)'\n');
        json.Reset();
    }

    private async ValueTask FlushAsync(int unless, CancellationToken cancellationToken)
    {
        if (line.Length > unless)
        {
            await text.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancellationToken);
            line.SetLength(0);
        }
    }
}
