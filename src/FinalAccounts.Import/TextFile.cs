using System.Globalization;
using System.Text;

namespace FinalAccounts.Import;

/// <summary>
/// Turns the bytes of a list into text. Accepted are UTF-8 with or without a byte order mark and GB18030 (with its subsets
/// GBK and GB2312), which is what spreadsheet programs on Chinese machines write. Broken bytes are an error, never a
/// replacement character: an unnoticed one would end up in a published document.
/// </summary>
internal static class TextFile
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictGb18030 =
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The text; null when an error was added.</summary>
    /// <param name="marks">Words of which a list of this kind has at least one. GB18030 gives almost any bytes some meaning,
    /// so that only these words tell a GB18030 file from a UTF-8 file with broken bytes.</param>
    public static string? Decode(byte[] bytes, string file, IReadOnlyCollection<string> marks, ImportErrors errors)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            errors.Add(ImportRule.EncodingUnsupported, file, null, null, null, "UTF-16");
            return null;
        }

        var content = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        var brokenUtf8 = FirstBrokenUtf8Byte(content);
        var text = brokenUtf8 < 0 ? StrictUtf8.GetString(content) : null;
        var (name, brokenAt) = ("UTF-8", brokenUtf8);

        if (text == null)
        {
            try
            {
                var candidate = StrictGb18030.GetString(content);
                text = marks.Any(candidate.Contains) ? candidate : null;
            }
            catch (DecoderFallbackException e) when (marks.Any(StrictGb18030.GetString(content[..WholeLines(content, e.Index)]).Contains))
            {
                (name, brokenAt) = ("GB18030", e.Index);
            }
            catch (DecoderFallbackException)
            {
                // Broken as either encoding and recognisable as neither: reported as UTF-8.
            }
        }

        if (text == null)
        {
            var line = content[..brokenAt].Count((byte)'\n') + 1;
            var offset = bytes.Length - content.Length + brokenAt;
            errors.Add(ImportRule.EncodingBroken, file, line, null, $"0x{content[brokenAt]:X2}",
                name, (offset + 1).ToString(CultureInfo.InvariantCulture));
            return null;
        }

        var control = text.AsSpan().IndexOfAnyInRange('\0', '\u0008');
        if (control >= 0)
        {
            errors.Add(ImportRule.ControlCharacter, file, text.AsSpan(0, control).Count('\n') + 1, null, $"U+{(int)text[control]:X4}");
            return null;
        }

        return text;
    }

    /// <summary>The offset of the first byte that is no valid UTF-8, or -1.</summary>
    private static int FirstBrokenUtf8Byte(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (offset < bytes.Length)
        {
            if (bytes[offset] < 0x80)
            {
                offset++;
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes[offset..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return offset;
            }

            offset += length;
        }

        return -1;
    }

    /// <summary>The length of the lines that end before the offset, which hold no broken byte.</summary>
    private static int WholeLines(ReadOnlySpan<byte> bytes, int offset) => bytes[..offset].LastIndexOf((byte)'\n') + 1;
}
