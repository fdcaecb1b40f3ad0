using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace FinalAccounts.Import;

/// <summary>How the bytes of a list are to be read.</summary>
/// <param name="Start">The offset of the first byte of text: behind a byte order mark.</param>
internal sealed record TextFormat(Encoding Encoding, int Start);

/// <summary>
/// Turns the bytes of a list into text. Accepted are UTF-8 with or without a byte order mark and GB18030 (with its subsets
/// GBK and GB2312), which is what spreadsheet programs on Chinese machines write. Broken bytes are an error, never a
/// replacement character: an unnoticed one would end up in a published document.
/// </summary>
internal static class TextFile
{
    private const int MostMarkBytes = 3;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictGb18030 =
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The text; null when an error was added.</summary>
    /// <param name="marks">Words of which a list of this kind has at least one. GB18030 gives almost any bytes some meaning,
    /// so that only these words tell a GB18030 file from a UTF-8 file with broken bytes.</param>
    public static string? Decode(byte[] bytes, string file, IReadOnlyCollection<string> marks, ImportErrors errors)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return Detect(stream, file, marks, errors) is { } format ? format.Encoding.GetString(bytes.AsSpan(format.Start)) : null;
    }

    /// <summary>Goes through a whole file to see how it is to be read; null when an error was added. Holds a piece of it at a time.</summary>
    /// <param name="content">Seekable; left anywhere.</param>
    /// <param name="marks">As in <see cref="Decode"/>.</param>
    public static TextFormat? Detect(Stream content, string file, IReadOnlyCollection<string> marks, ImportErrors errors)
    {
        Span<byte> first = stackalloc byte[MostMarkBytes];
        first = first[..content.ReadAtLeast(first, MostMarkBytes, throwOnEndOfStream: false)];
        if (first is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            errors.Add(ImportRule.EncodingUnsupported, file, null, null, null, "UTF-16");
            return null;
        }

        var start = first is [0xEF, 0xBB, 0xBF] ? MostMarkBytes : 0;
        var (encoding, name) = (StrictUtf8, "UTF-8");
        var broken = FirstBroken(content, start, FirstBrokenUtf8Byte);
        if (broken is not null && !broken.Value.IsLineTooLong)
        {
            var isGb18030 = false;
            var other = FirstBroken(content, start, lines =>
            {
                // An exception tells where; what stands before it may still have a mark.
                var index = FirstBrokenGb18030Byte(lines);
                isGb18030 = isGb18030 || marks.Any(StrictGb18030.GetString(index < 0 ? lines : lines[..WholeLines(lines, index)]).Contains);
                return index;
            });
            (encoding, name, broken) = isGb18030 ? (StrictGb18030, "GB18030", other) : (encoding, name, broken);
        }

        switch (broken)
        {
            case { IsLineTooLong: true } line:
                errors.Add(ImportRule.LineTooLong, file, line.Line, null, null, $"{ImportLimits.LineBytes / 1024 / 1024}");
                return null;
            case { } at:
                errors.Add(ImportRule.EncodingBroken, file, at.Line, null, $"0x{at.Byte:X2}", name, (at.Offset + 1).ToString(CultureInfo.InvariantCulture));
                return null;
        }

        // Both encodings have the control characters as single bytes, and these bytes nowhere else.
        if (FirstBroken(content, start, lines => lines.IndexOfAnyInRange((byte)0x00, (byte)0x08)) is { } control)
        {
            errors.Add(ImportRule.ControlCharacter, file, control.Line, null, $"U+{control.Byte:X4}");
            return null;
        }

        return new(encoding, start);
    }

    private delegate int FirstBrokenByte(ReadOnlySpan<byte> lines);

    private readonly record struct BrokenPlace(long Offset, int Line, byte Byte, bool IsLineTooLong = false);

    /// <summary>The first place that a look at whole lines finds something at; null when it finds nothing.</summary>
    private static BrokenPlace? FirstBroken(Stream content, int start, FirstBrokenByte find)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ImportLimits.LineBytes);
        try
        {
            content.Position = start;
            var (offset, line, held) = ((long)start, 1, 0);
            for (var atEnd = false; !atEnd;)
            {
                var read = content.ReadAtLeast(buffer.AsSpan(held, ImportLimits.LineBytes - held), ImportLimits.LineBytes - held, throwOnEndOfStream: false);
                held += read;
                atEnd = held < ImportLimits.LineBytes;
                var lines = buffer.AsSpan(0, atEnd ? held : WholeLines(buffer.AsSpan(0, held), held));
                if (lines.IsEmpty && !atEnd)
                {
                    return new(offset, line, 0, IsLineTooLong: true);
                }

                var broken = find(lines);
                if (broken >= 0)
                {
                    return new(offset + broken, line + lines[..broken].Count((byte)'\n'), lines[broken]);
                }

                offset += lines.Length;
                line += lines.Count((byte)'\n');
                buffer.AsSpan(lines.Length, held - lines.Length).CopyTo(buffer);
                held -= lines.Length;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The offset of the first byte that is no valid UTF-8, or -1.</summary>
    private static int FirstBrokenUtf8Byte(ReadOnlySpan<byte> bytes)
    {
        var offset = Utf8.IsValid(bytes) ? bytes.Length : 0;
        while (offset < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[offset..], out _, out var length) != OperationStatus.Done)
            {
                return offset;
            }

            offset += length;
        }

        return -1;
    }

    private static int FirstBrokenGb18030Byte(ReadOnlySpan<byte> bytes)
    {
        try
        {
            StrictGb18030.GetCharCount(bytes);
            return -1;
        }
        catch (DecoderFallbackException e)
        {
            return e.Index;
        }
    }

    /// <summary>The length of the lines that end before the offset, which hold no broken byte.</summary>
    private static int WholeLines(ReadOnlySpan<byte> bytes, int offset) => bytes[..offset].LastIndexOf((byte)'\n') + 1;
}
