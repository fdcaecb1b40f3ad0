using System.IO.Compression;
using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog.Files;

public sealed class LogFileTest
{
    private static readonly RegionCode Region = new("430900");
    private static readonly LogFileHeader Header = new(Region, new FiscalYear(2023));

    [Fact]
    public async Task What_is_written_is_read_back_byte_for_byte()
    {
        var (events, runs) = Events();

        var file = await WriteAsync(events, runs);
        var (read, contents) = await ReadAsync(file);

        read.Select(Comparable).ShouldBe(events.Select(Comparable));
        contents.Events.ShouldBe(5);
        contents.Header.ShouldBe(Header);
        contents.Runs.Select(r => (r.After.Position, r.Last.Position)).ShouldBe([(0, 2), (4, 7)]);
    }

    [Fact]
    public async Task The_same_events_give_the_same_bytes()
    {
        var (events, runs) = Events();

        (await WriteAsync(events, runs)).ShouldBe(await WriteAsync(events, runs));
    }

    [Fact]
    public async Task A_file_can_be_read_without_this_program()
    {
        var (events, runs) = Events();

        var lines = Encoding.UTF8.GetString(Unpack(await WriteAsync(events, runs))).Split('\n');

        lines[0].ShouldBe("""{"format":"FinalAccounts log 1","region":"430900","year":2023}""");
        lines[2].ShouldBe(
            """{"position":1,"stream":"year/117005/2023","version":1,"type":"tested","schemaVersion":1,"recordedAt":"2024-01-05T08:09:10.123456Z","accountingDate":"2023-12-31","commandId":"00112233-4455-6677-8899-aabbccddeeff","actor":"王","body":"{\"摘要\": \"办公费\"}","hash":"HASH"}"""
                .Replace("HASH", Convert.ToHexStringLower(events[0].Hash), StringComparison.Ordinal));
        lines[^2].ShouldStartWith("""{"events":5,"last":{"position":7,""");
        lines[^1].ShouldBe("");
    }

    [Fact]
    public async Task No_line_can_be_left_out_doubled_or_moved()
    {
        var (events, runs) = Events();
        var lines = Encoding.UTF8.GetString(Unpack(await WriteAsync(events, runs))).Split('\n')[..^1];
        for (var i = 0; i < lines.Length; i++)
        {
            await Refuses([.. lines[..i], .. lines[(i + 1)..]], $"without line {i}");
            await Refuses([.. lines[..i], lines[i], .. lines[i..]], $"line {i} twice");
            for (var j = i + 1; j < lines.Length; j++)
            {
                var moved = lines.ToArray();
                (moved[i], moved[j]) = (moved[j], moved[i]);
                await Refuses(moved, $"lines {i} and {j} for each other");
            }
        }
    }

    [Fact]
    public async Task Every_byte_that_is_changed_is_found_or_says_the_same()
    {
        var (events, runs) = Events();
        var text = Unpack(await WriteAsync(events, runs));
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToArray();
            changed[i] ^= 0x02;
            try
            {
                // What only a reader of the text could notice (a digit of the command id in upper case, say) must not change an event.
                var (read, _) = await ReadAsync(Pack(changed));
                read.Select(Comparable).ShouldBe(events.Select(Comparable), $"byte {i}");
            }
            catch (LogFileException)
            {
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_refused()
    {
        var (events, runs) = Events();
        var file = await WriteAsync(events, runs);
        var text = Unpack(file);

        for (var length = 0; length < text.Length; length += 7)
        {
            await Should.ThrowAsync<LogFileException>(() => ReadAsync(Pack(text[..length])), $"{length} bytes");
        }

        for (var length = 0; length < file.Length; length++)
        {
            try
            {
                // Only the checksum of the compression may be missing: then every line is there.
                (await ReadAsync(file[..length])).Events.Select(Comparable).ShouldBe(events.Select(Comparable));
                length.ShouldBeGreaterThanOrEqualTo(file.Length - 16);
            }
            catch (LogFileException)
            {
            }
        }
    }

    [Fact]
    public async Task Something_else_is_no_log_file()
    {
        (await Should.ThrowAsync<LogFileException>(() => ReadAsync([1, 2, 3, 4]))).Problem.ShouldBe(LogFileProblem.NotCompressed);
        (await Should.ThrowAsync<LogFileException>(() => ReadAsync(Pack("{}\n"u8)))).Problem.ShouldBe(LogFileProblem.NotALogFile);
        (await Should.ThrowAsync<LogFileException>(() => ReadAsync(Pack("""{"format":"FinalAccounts log 2","region":"430900"}"""u8.ToArray().Append((byte)'\n').ToArray()))))
            .Problem.ShouldBe(LogFileProblem.NotALogFile);
        var endless = new byte[8 << 20];
        Array.Fill(endless, (byte)'a');
        (await Should.ThrowAsync<LogFileException>(() => ReadAsync(Pack(endless)))).Problem.ShouldBe(LogFileProblem.LineTooLong);
    }

    [Fact]
    public async Task An_event_that_does_not_follow_is_not_written()
    {
        var (events, _) = Events();
        await using var writer = new LogFileWriter(Stream.Null, Header);

        await Should.ThrowAsync<ArgumentException>(async () => await writer.WriteAsync(events[0], default));
        await writer.BeginRunAsync(new(0, Convert.ToHexStringLower(EventHash.Genesis(Region))), default);
        await Should.ThrowAsync<ArgumentException>(async () => await writer.WriteAsync(events[1], default));
        await writer.WriteAsync(events[0], default);
        await Should.ThrowAsync<ArgumentException>(() => writer.BeginRunAsync(new(1, "00"), default));
    }

    /// <summary>Positions 1, 2 and 5 to 7 of a chain; 3 and 4 belong to another year.</summary>
    private static (List<StoredEvent> Events, Dictionary<long, Seal> Runs) Events()
    {
        var hash = EventHash.Genesis(Region);
        var (events, runs) = (new List<StoredEvent>(), new Dictionary<long, Seal> { [1] = new(0, Convert.ToHexStringLower(hash)) });
        for (var position = 1L; position <= 7; position++)
        {
            var e = new StoredEvent(
                position, position is 3 or 4 ? "year/117005/2024" : "year/117005/2023", position > 4 ? position - 2 : position, "tested", 1,
                Instant.FromUtc(2024, 1, 5, 8, 9, 10).PlusTicks(1_234_560), new(2023, 12, 31), new("00112233-4455-6677-8899-aabbccddeeff"), "王",
                Encoding.UTF8.GetBytes(position % 2 == 0 ? "[1,\n 2]" : "{\"摘要\": \"办公费\"}"), []);
            hash = EventHash.Of(hash, e);
            if (position is 3 or 4)
            {
                runs[5] = new(4, Convert.ToHexStringLower(hash));
                continue;
            }

            events.Add(e with { Hash = hash });
        }

        return (events, runs);
    }

    private static async Task<byte[]> WriteAsync(List<StoredEvent> events, Dictionary<long, Seal> runs)
    {
        using var output = new MemoryStream();
        await using (var writer = new LogFileWriter(output, Header))
        {
            foreach (var e in events)
            {
                if (runs.TryGetValue(e.Position, out var after))
                {
                    await writer.BeginRunAsync(after, default);
                }

                await writer.WriteAsync(e, default);
            }

            await writer.EndAsync(default);
        }

        return output.ToArray();
    }

    private static async Task<(List<StoredEvent> Events, LogFileContents Contents)> ReadAsync(byte[] file)
    {
        using var input = new MemoryStream(file);
        await using var reader = await LogFileReader.OpenAsync(input, default);
        var events = new List<StoredEvent>();
        await foreach (var e in reader.ReadAsync(default))
        {
            events.Add(e);
        }

        return (events, reader.Contents);
    }

    private static async Task Refuses(string[] lines, string what) =>
        await Should.ThrowAsync<LogFileException>(() => ReadAsync(Pack(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))))), what);

    private static object Comparable(StoredEvent e) => (e with { Body = [], Hash = [] }, Encoding.UTF8.GetString(e.Body), Convert.ToHexStringLower(e.Hash));

    private static byte[] Pack(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] file)
    {
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var text = new MemoryStream();
        gzip.CopyTo(text);
        return text.ToArray();
    }
}
