using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FinalAccounts.Ledger;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Reporting;

/// <summary>The facts of a department's year, summed up.</summary>
/// <param name="Totals">The sum of the values by what they are about, as <see cref="FactSheet.Sums"/> has them.</param>
public sealed record YearTotals(DepartmentCode Department, FiscalYear Year, IReadOnlyDictionary<FactKey, Int128> Totals);

/// <summary>What a stream has said since it was last asked.</summary>
/// <param name="Department">Whose stream it is.</param>
/// <param name="Year">Null for the stream of a department's master data.</param>
/// <param name="Events">How many events there are, vouchers and others.</param>
/// <param name="LastPosition">The position of the last of them.</param>
/// <param name="Vouchers">The sums of what vouchers say.</param>
/// <param name="Others">The events that are no vouchers, with their positions going up.</param>
public sealed record TalliedStream(
    DepartmentCode Department,
    FiscalYear? Year,
    long Events,
    long LastPosition,
    Instant LastRecordedAt,
    IReadOnlyList<KeyValuePair<FactKey, Int128>> Vouchers,
    IReadOnlyList<RecordedEvent> Others);

/// <summary>What a tally has seen since it was last asked.</summary>
/// <param name="Streams">The streams of departments and their years that had events.</param>
/// <param name="Months">The sums of what vouchers say over all departments, by month.</param>
public sealed record Tallied(IReadOnlyList<TalliedStream> Streams, IReadOnlyDictionary<MonthKey, Int128> Months);

/// <summary>
/// Sums up the facts of a whole log, event by event, as they are stored. What an event means stays with <see cref="EventFacts"/>:
/// vouchers, which are nearly all of a log, consist of lines that occur again and again with other amounts; the first time a line is
/// seen, the event is decoded and asked for its facts, and from then on the line's bytes without the amount stand for that fact.
/// Whatever is not written just as <see cref="EventCodec"/> writes it is decoded each time.
/// </summary>
/// <remarks>The hot path of a replay, fast and not pretty: no object per event; `make bench` measures it. The events of a stream may
/// be spread over several tallies; <see cref="Merge"/> brings them together. Who follows a log takes what has come since with <see cref="Drain"/>.</remarks>
public sealed class FactTally
{
    /// <summary>A voucher with more lines is decoded.</summary>
    private const int LinesLimit = 256;

    /// <summary>Days that are remembered: more than a year has.</summary>
    private const int DateSlots = 512;

    private const int DateLength = 10;

    /// <summary>A longer amount, its sign included, is decoded.</summary>
    private const int AmountDigits = 18;

    private static readonly SearchValues<byte> Escapes = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'\\']);

    private readonly Dictionary<string, StreamTally> streams = new(StringComparer.Ordinal);
    private readonly List<StreamTally> touched = [];
    private readonly Dictionary<RegionSum, Int128> months = [];
    private readonly List<FactKey> keys = [];
    private readonly Dictionary<FactKey, int> keyIds = [];
    private readonly VoucherType[] vouchers =
    [
        new("expenditure-posted", "voucher", "summary"),
        new("income-received", "voucher", "summary"),
        new("expenditure-reversed", "voucher", "reversed", "summary"),
    ];

    private readonly Line[] lines = new Line[LinesLimit];
    private readonly byte[] dates = new byte[DateSlots * DateLength];

    /// <summary>How many streams, keys and lines of vouchers are known. Who follows a log begins a new tally when these are many.</summary>
    public int Known => streams.Count + keys.Count + vouchers.Sum(v => v.Lines.Count);

    /// <summary>Takes an event as it is stored; those of a stream with their positions going up.</summary>
    /// <param name="stream">Events of other streams than departments and their years say nothing.</param>
    /// <param name="type">Alias of the event type.</param>
    /// <param name="recordedMicroseconds">Microseconds since 1970.</param>
    /// <param name="body">JSON in valid UTF-8.</param>
    /// <exception cref="NotSupportedException">The event's type or version is not known to this program.</exception>
    /// <exception cref="JsonException">The body does not have the shape of its type.</exception>
    /// <exception cref="OverflowException">A sum is beyond the range of <see cref="Int128"/>.</exception>
    public void Take(
        long position, string stream, string type, int schemaVersion, long recordedMicroseconds, string actor, ReadOnlySpan<byte> body)
    {
        if (!streams.TryGetValue(stream, out var tally))
        {
            tally = StreamTally.For(stream);
            streams.Add(stream, tally);
        }

        if (tally.Department is null)
        {
            return;
        }

        if (tally.Events++ == 0)
        {
            touched.Add(tally);
        }

        (tally.LastPosition, tally.LastRecordedMicroseconds) = (position, recordedMicroseconds);
        if (tally.Year is not null && schemaVersion == 1)
        {
            foreach (var voucher in vouchers)
            {
                if (type == voucher.Name)
                {
                    TakeVoucher(tally, voucher, body);
                    return;
                }
            }
        }

        tally.Others.Add(new(
            position, Instant.FromUnixTimeTicks(recordedMicroseconds * 10), actor, EventCodec.Decode(type, schemaVersion, body)));
    }

    /// <summary>True for the events whose facts are added up without being decoded each time.</summary>
    /// <param name="type">The alias of the event type.</param>
    public bool IsVoucher(string type, int schemaVersion) => schemaVersion == 1 && Array.Exists(vouchers, v => v.Name == type);

    /// <summary>What was taken since the last call, and forgets it. What is known about lines of vouchers stays.</summary>
    public Tallied Drain()
    {
        Tallied drained = new(
            [.. touched.Select(Drained)],
            months.ToDictionary(m => new MonthKey(new(m.Key.Year), m.Key.Month, keys[m.Key.Key]), m => m.Value));
        foreach (var stream in touched)
        {
            stream.Forget();
        }

        touched.Clear();
        months.Clear();
        return drained;
    }

    private TalliedStream Drained(StreamTally stream) => new(
        stream.Department!.Value, stream.Year, stream.Events, stream.LastPosition, Instant.FromUnixTimeTicks(stream.LastRecordedMicroseconds * 10),
        [.. stream.Sums.Select(s => KeyValuePair.Create(keys[s.Key], s.Value))], [.. stream.Others]);

    /// <summary>The totals of all years that the tallies have seen, by department and year.</summary>
    public static IReadOnlyList<YearTotals> Merge(IReadOnlyCollection<FactTally> tallies)
    {
        var all = tallies.SelectMany(t => t.streams.Values, (Of, Stream) => (Of, Stream)).Where(s => s.Stream.Department is not null).ToList();
        var departments = all.Where(s => s.Stream.Year is null).ToLookup(s => s.Stream.Department!.Value, s => s.Stream.Others);
        var years = all.Where(s => s.Stream.Year is not null)
            .GroupBy(s => (Department: s.Stream.Department!.Value, Year: s.Stream.Year!.Value))
            .OrderBy(y => y.Key.Department.ToString(), StringComparer.Ordinal).ThenBy(y => y.Key.Year).ToList();
        return
        [
            .. years.AsParallel().AsOrdered().Select(year => new YearTotals(year.Key.Department, year.Key.Year, Totals(
                YearBooks.From(year.Key.Year, [.. year.SelectMany(p => p.Stream.Others), .. departments[year.Key.Department].SelectMany(e => e)]),
                [.. year]))),
        ];
    }

    private static Dictionary<FactKey, Int128> Totals(YearBooks others, IReadOnlyList<(FactTally Of, StreamTally Stream)> parts)
    {
        var totals = new Dictionary<FactKey, Int128>(others.Facts.Sums, null);
        totals.EnsureCapacity(totals.Count + parts.Max(p => p.Stream.Sums.Count));
        foreach (var (of, stream) in parts)
        {
            foreach (var (key, sum) in stream.Sums)
            {
                ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, of.keys[key], out _);
                total = checked(total + sum);
            }
        }

        return totals;
    }

    private void TakeVoucher(StreamTally tally, VoucherType voucher, ReadOnlySpan<byte> body)
    {
        var count = ReadLines(voucher, body);
        var known = count > 0;
        for (var i = 0; i < count && known; i++)
        {
            known = voucher.Lines.TryGet(body[lines[i].Part], out lines[i].Meaning);
        }

        if (!known)
        {
            TakeDecoded(tally, voucher, body, count);
            return;
        }

        var month = MonthOf(body.Slice(9, DateLength), tally.Year!.Value);
        for (var i = 0; i < count; i++)
        {
            Add(tally, month, lines[i].Meaning, lines[i].Amount);
        }
    }

    private void Add(StreamTally tally, int month, LineMeaning meaning, Int128 amount)
    {
        var value = meaning.Sign * amount;
        tally.Add(meaning.Key, value);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(months, new(tally.Year!.Value.Value, month, meaning.RegionKey), out _);
        sum = checked(sum + value);
    }

    private int KeyOf(FactKey fact)
    {
        if (!keyIds.TryGetValue(fact, out var key))
        {
            key = keys.Count;
            keyIds.Add(fact, key);
            keys.Add(fact);
        }

        return key;
    }

    /// <summary>The sure way; what it shows about lines without an amount is kept.</summary>
    private void TakeDecoded(StreamTally tally, VoucherType voucher, ReadOnlySpan<byte> body, int count)
    {
        var decoded = EventCodec.Decode(voucher.Name, 1, body);
        var month = RegionFacts.MonthOf(decoded.Date, tally.Year!.Value);
        var facts = EventFacts.Of(decoded).ToList();
        for (var i = 0; i < facts.Count; i++)
        {
            var fact = facts[i];
            if (fact.Replaces is not null || RegionFacts.KeyOf(fact.Key) is not { } regionKey)
            {
                throw new InvalidOperationException("A voucher's facts add up and have no name.");
            }

            var meaning = new LineMeaning(KeyOf(fact.Key), 1, KeyOf(regionKey));
            Add(tally, month, meaning, fact.Value);
            if (facts.Count == count && lines[i].Amount != 0 && (fact.Value == lines[i].Amount || fact.Value == -lines[i].Amount)
                && !voucher.Lines.TryGet(body[lines[i].Part], out _))
            {
                voucher.Lines.Add(body[lines[i].Part], meaning with { Sign = fact.Value == lines[i].Amount ? 1 : -1 });
            }
        }
    }

    /// <summary>Finds the lines of a voucher that is written as <see cref="EventCodec"/> writes it.</summary>
    /// <returns>How many; 0 when it is not certain that it is so.</returns>
    private int ReadLines(VoucherType voucher, ReadOnlySpan<byte> body)
    {
        // Without escapes, every quotation mark begins or ends a text.
        if (body.ContainsAny(Escapes) || !body.StartsWith("{\"date\":\""u8) || body.Length < 20 || !IsDate(body.Slice(9, DateLength)))
        {
            return 0;
        }

        var at = 19;
        foreach (var member in voucher.Members)
        {
            if (!body[at..].StartsWith(member))
            {
                return 0;
            }

            at += member.Length;
            var length = body[at..].IndexOf((byte)'"');
            if (length < 0)
            {
                return 0;
            }

            at += length;
        }

        var start = "\",\"lines\":["u8;
        return body[at..].StartsWith(start) ? ReadLines(body, at + start.Length) : 0;
    }

    private int ReadLines(ReadOnlySpan<byte> body, int at)
    {
        var mark = "\"amount\":"u8;
        for (var count = 0; count < LinesLimit && at < body.Length && body[at] == '{';)
        {
            var length = body[at..].IndexOf(mark);
            if (length < 0)
            {
                return 0;
            }

            // An amount is whole, as short as can be and far from the range's end; what stands behind it (the other side of a transfer)
            // is rare and decoded.
            var number = body[(at + length + mark.Length)..];
            if (!Utf8Parser.TryParse(number, out long amount, out var digits) || digits > AmountDigits || number.Length <= digits || number[digits] != '}' || !IsShortest(number[..digits]))
            {
                return 0;
            }

            lines[count++] = new() { Part = at..(at + length), Amount = amount };
            at += length + mark.Length + digits + 1;
            if (body[at..].SequenceEqual("]}"u8))
            {
                return count;
            }

            if (at >= body.Length || body[at] != ',')
            {
                return 0;
            }

            at++;
        }

        return 0;
    }

    /// <summary>A number as JSON has it: without a plus sign, and without a zero in front.</summary>
    private static bool IsShortest(ReadOnlySpan<byte> number) => number is [(byte)'0'] || number[number[0] == '-' ? 1 : 0] is >= (byte)'1' and <= (byte)'9';

    /// <summary>As <see cref="RegionFacts.MonthOf"/> of a day that exists, <c>2024-05-31</c>.</summary>
    private static int MonthOf(ReadOnlySpan<byte> date, FiscalYear year) =>
        Math.Clamp(((Number(date[..4]) - year.Value) * 12) + Number(date[5..7]), 1, 12);

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            number = (number * 10) + digit - '0';
        }

        return number;
    }

    /// <summary>True for a day that exists; those of a year are remembered.</summary>
    private bool IsDate(ReadOnlySpan<byte> text)
    {
        var slot = ((((text[5] * 10) + text[6]) * 31) + (text[8] * 10) + text[9]) % DateSlots;
        var remembered = dates.AsSpan(slot * DateLength, DateLength);
        if (text.SequenceEqual(remembered))
        {
            return true;
        }

        if (!LocalDatePattern.Iso.Parse(Encoding.UTF8.GetString(text)).Success)
        {
            return false;
        }

        text.CopyTo(remembered);
        return true;
    }

    /// <summary>A line of the voucher at hand: where all of it but the amount and what follows lies in the body.</summary>
    private struct Line
    {
        public Range Part;
        public long Amount;
        public LineMeaning Meaning;
    }

    /// <summary>The fact that a line says: its key, whether the amount counts up or down, and its key over all departments.</summary>
    private readonly record struct LineMeaning(int Key, int Sign, int RegionKey);

    /// <summary>A sum over all departments.</summary>
    private readonly record struct RegionSum(int Year, int Month, int Key);

    /// <summary>A type of event that consists of a few texts and lines with an amount each.</summary>
    private sealed class VoucherType
    {
        /// <param name="texts">The members between the date and the lines, in order.</param>
        public VoucherType(string alias, params IEnumerable<string> texts)
        {
            Name = alias;
            Members = [.. texts.Select(t => Encoding.UTF8.GetBytes($"\",\"{t}\":\""))];
        }

        public string Name { get; }

        /// <summary>What stands between the text before and the member's text.</summary>
        public byte[][] Members { get; }

        public ByteMap<LineMeaning> Lines { get; } = new();
    }

    /// <summary>What one stream has said so far.</summary>
    private sealed class StreamTally(DepartmentCode? department, FiscalYear? year)
    {
        private readonly Dictionary<int, Int128> sums = [];

        /// <summary>Null for a stream of no department.</summary>
        public DepartmentCode? Department { get; } = department;

        /// <summary>Null for the stream of a department's master data.</summary>
        public FiscalYear? Year { get; } = year;

        /// <summary>How many there were, vouchers and others, since the last <see cref="Forget"/>.</summary>
        public long Events { get; set; }

        public long LastPosition { get; set; }

        public long LastRecordedMicroseconds { get; set; }

        /// <summary>The sums of what vouchers say, by the number of the key.</summary>
        public IReadOnlyDictionary<int, Int128> Sums => sums;

        /// <summary>The events that are no vouchers.</summary>
        public List<RecordedEvent> Others { get; } = [];

        public static StreamTally For(string stream) => stream.Split('/') switch
        {
            ["department", var code] when DepartmentCode.IsValid(code) => new(new DepartmentCode(code), null),
            ["year", var code, var year] when DepartmentCode.IsValid(code)
                && int.TryParse(year, out var value) && value is >= FiscalYear.First and <= FiscalYear.Last => new(new DepartmentCode(code), new FiscalYear(value)),
            _ => new(null, null),
        };

        public void Forget()
        {
            Events = 0;
            sums.Clear();
            Others.Clear();
        }

        public void Add(int key, Int128 value)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
            sum = checked(sum + value);
        }
    }
}
