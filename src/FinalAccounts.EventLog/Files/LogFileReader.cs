using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime.Text;

namespace FinalAccounts.EventLog.Files;

/// <summary>Reads what <see cref="LogFileWriter"/> writes, and checks positions and the chain of hashes on the way.</summary>
public sealed class LogFileReader : IAsyncDisposable
{
    /// <summary>Longest line: a body whose every character is written as an escape, and the rest of an event.</summary>
    private const int LineBytes = (6 * LogLimits.BodyBytes) + (1 << 16);

    private readonly Stream unpacked;
    private readonly bool isCompressed;
    private readonly List<LogFileRun> runs = [];
    private readonly EventHash.Chain chain = new();
    private byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private LogFileContents? contents;

    private LogFileReader(Stream input, bool isCompressed)
    {
        this.isCompressed = isCompressed;
        unpacked = isCompressed ? new GZipStream(input, CompressionMode.Decompress, leaveOpen: true) : input;
    }

    /// <summary>The line read last, unpacked, from 1.</summary>
    public long Line { get; private set; }

    public LogFileHeader Header { get; private set; } = null!;

    /// <summary>What the file holds; known when all events have been read.</summary>
    /// <exception cref="InvalidOperationException">Not all events have been read.</exception>
    public LogFileContents Contents => contents ?? throw new InvalidOperationException("The file is not read to its end.");

    /// <param name="input">Stays the caller's.</param>
    /// <exception cref="LogFileException">It is no log file.</exception>
    public static Task<LogFileReader> OpenAsync(Stream input, CancellationToken cancellationToken) => OpenAsync(input, isCompressed: true, cancellationToken);

    /// <inheritdoc cref="OpenAsync(Stream, CancellationToken)"/>
    /// <param name="isCompressed">False for the bare lines.</param>
    public static async Task<LogFileReader> OpenAsync(Stream input, bool isCompressed, CancellationToken cancellationToken)
    {
        var reader = new LogFileReader(input, isCompressed);
        try
        {
            reader.Header = await reader.ReadHeaderAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>The events in order; to be asked for once.</summary>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = 0L;
        var hash = Array.Empty<byte>();
        while (await NextAsync(cancellationToken) is { } text)
        {
            switch (Parse(text))
            {
                case EventLine e:
                    Require(runs.Count > 0 && e.Event.Position == runs[^1].Last.Position + 1, LogFileProblem.PositionMissing, e.Event.Position);
                    chain.Next(hash, e.Event);
                    Require(hash.AsSpan().SequenceEqual(e.Event.Hash), LogFileProblem.HashMismatch, e.Event.Position);
                    runs[^1] = runs[^1] with { Last = new(e.Event.Position, Convert.ToHexStringLower(hash)) };
                    events++;
                    yield return e.Event;
                    break;
                case RunLine run:
                    Require(runs.Count == 0 || run.After.Position > runs[^1].Last.Position, LogFileProblem.PositionMissing, run.After.Position);
                    Require(
                        run.After.Position > 0 || run.After.Hash == Convert.ToHexStringLower(EventHash.Genesis(Header.Region)),
                        LogFileProblem.HashMismatch, run.After.Position);
                    runs.Add(new(run.After, run.After));
                    hash = Convert.FromHexString(run.After.Hash);
                    break;
                case EndLine last:
                    Require(last.Events == events && last.Last == (runs.Count > 0 ? runs[^1].Last : null), LogFileProblem.CountMismatch);
                    contents = new(Header, events, runs);
                    Require(await NextAsync(cancellationToken) is null, LogFileProblem.TextBehindEnd);
                    yield break;
            }
        }

        throw new LogFileException(LogFileProblem.CutOff, Line);
    }

    public ValueTask DisposeAsync() => isCompressed ? unpacked.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<LogFileHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var text = await NextAsync(cancellationToken) ?? throw new LogFileException(LogFileProblem.CutOff, Line);
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            Require(root.GetProperty("format").GetString() == LogFileWriter.Format, LogFileProblem.NotALogFile);
            return new(
                new RegionCode(root.GetProperty("region").GetString()!),
                root.TryGetProperty("year", out var year) ? new FiscalYear(year.GetInt32()) : null);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new LogFileException(LogFileProblem.NotALogFile, Line, null, e);
        }
    }

    private Parsed Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            if (root.TryGetProperty("after", out var after))
            {
                return new RunLine(ReadSeal(after));
            }

            if (root.TryGetProperty("events", out var events))
            {
                return new EndLine(events.GetInt64(), root.TryGetProperty("last", out var last) ? ReadSeal(last) : null);
            }

            return new EventLine(new(
                root.GetProperty("position").GetInt64(),
                root.GetProperty("stream").GetString()!,
                root.GetProperty("version").GetInt64(),
                root.GetProperty("type").GetString()!,
                root.GetProperty("schemaVersion").GetInt32(),
                InstantPattern.ExtendedIso.Parse(root.GetProperty("recordedAt").GetString()!).GetValueOrThrow(),
                LocalDatePattern.Iso.Parse(root.GetProperty("accountingDate").GetString()!).GetValueOrThrow(),
                root.GetProperty("commandId").GetGuid(),
                root.GetProperty("actor").GetString()!,
                Encoding.UTF8.GetBytes(root.GetProperty("body").GetString()!),
                Convert.FromHexString(root.GetProperty("hash").GetString()!)));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new LogFileException(LogFileProblem.LineUnreadable, Line, null, e);
        }
    }

    private static Seal ReadSeal(JsonElement seal)
    {
        var hash = seal.GetProperty("hash").GetString()!;
        return Convert.FromHexString(hash).Length == EventHash.Length
            ? new(seal.GetProperty("position").GetInt64(), hash)
            : throw new FormatException("A hash has 32 bytes.");
    }

    private static bool IsUnreadable(Exception e) => e is JsonException or FormatException or KeyNotFoundException
        or InvalidOperationException or ArgumentException or UnparsableValueException;

    /// <summary>The next line without its end; null when there is none. It is valid until the next call.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        for (var searched = at; ;)
        {
            var length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var text = buffer.AsMemory(at, searched - at + length);
                at = searched + length + 1;
                Line++;
                return text;
            }

            searched = end - at;
            if (!await FillAsync(cancellationToken))
            {
                Line++;
                return at == end ? null : throw new LogFileException(LogFileProblem.CutOff, Line);
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        buffer.AsSpan(at, end - at).CopyTo(buffer);
        (at, end) = (0, end - at);
        if (end == buffer.Length)
        {
            Require(end < LineBytes, LogFileProblem.LineTooLong);
            Array.Resize(ref buffer, Math.Min(2 * buffer.Length, LineBytes));
        }

        try
        {
            var read = await unpacked.ReadAsync(buffer.AsMemory(end), cancellationToken);
            end += read;
            return read > 0;
        }
        catch (InvalidDataException e)
        {
            throw new LogFileException(LogFileProblem.NotCompressed, Line + 1, null, e);
        }
    }

    private void Require(bool holds, LogFileProblem problem, long? position = null)
    {
        if (!holds)
        {
            throw new LogFileException(problem, Line, position);
        }
    }

    private abstract record Parsed;

    private sealed record RunLine(Seal After) : Parsed;

    private sealed record EventLine(StoredEvent Event) : Parsed;

    private sealed record EndLine(long Events, Seal? Last) : Parsed;
}
