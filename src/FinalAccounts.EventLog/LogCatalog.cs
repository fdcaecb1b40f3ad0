using System.Diagnostics.CodeAnalysis;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// What the events of a region name by number: its streams, the aliases of types, and the actors. A number never changes
/// its meaning, so what is known once stays true; a process keeps what it has met, and reads only what is new. Safe to use from
/// several threads.
/// </summary>
internal sealed class LogCatalog(string schema)
{
    private readonly Texts streams = new();
    private readonly Texts types = new();
    private readonly Texts actors = new();

    /// <summary>The number up to which all streams are known; streams are numbered without gaps.</summary>
    public int LastStream => streams.Last;

    /// <summary>The region's schema.</summary>
    public string Schema => schema;

    /// <summary>The fiscal year that a stream's events are kept under; 0 for a stream that is no year's.</summary>
    public static short FiscalYearOf(string stream)
    {
        const string Prefix = "year/";
        var slash = stream.LastIndexOf('/');
        if (!stream.StartsWith(Prefix, StringComparison.Ordinal) || slash < Prefix.Length || slash != stream.Length - 5
            || stream.IndexOf('/', Prefix.Length) != slash)
        {
            return 0;
        }

        var year = 0;
        foreach (var digit in stream.AsSpan(slash + 1))
        {
            if (!char.IsAsciiDigit(digit))
            {
                return 0;
            }

            year = (year * 10) + digit - '0';
        }

        return year is >= FiscalYear.First and <= FiscalYear.Last ? (short)year : (short)0;
    }

    public bool TryStream(string stream, [NotNullWhen(true)] out NumberedText? found) => streams.TryGet(stream, out found);

    public bool TryStream(int number, [NotNullWhen(true)] out NumberedText? found) => streams.TryGet(number, out found);

    public bool TryType(int number, [NotNullWhen(true)] out NumberedText? found) => types.TryGet(number, out found);

    public bool TryActor(int number, [NotNullWhen(true)] out NumberedText? found) => actors.TryGet(number, out found);

    /// <summary>A stream that has a number.</summary>
    public NumberedText Stream(string stream) => streams.Get(stream);

    /// <summary>A type that has a number.</summary>
    public NumberedText Type(string type) => types.Get(type);

    /// <summary>An actor that has a number.</summary>
    public NumberedText Actor(string actor) => actors.Get(actor);

    /// <summary>A stream whose first event was just committed.</summary>
    public void AddStream(NumberedText stream) => streams.Add(stream);

    /// <summary>Notes an actor that is not known to have a number.</summary>
    public void Note(string actor, ref UnknownTexts? unknown)
    {
        if (!actors.TryGet(actor, out _))
        {
            (unknown ??= new()).Actors.Add(actor);
        }
    }

    /// <summary>Notes a type that is not known to have a number.</summary>
    public void NoteType(string type, ref UnknownTexts? unknown)
    {
        if (!types.TryGet(type, out _))
        {
            (unknown ??= new()).Types.Add(type);
        }
    }

    /// <summary>Notes the types of events that are not known to have a number.</summary>
    public void Note(IReadOnlyList<NewEvent> events, ref UnknownTexts? unknown)
    {
        var before = "";
        foreach (var e in events)
        {
            if (!ReferenceEquals(e.Type, before) && !types.TryGet(before = e.Type, out _))
            {
                (unknown ??= new()).Types.Add(e.Type);
            }
        }
    }

    /// <summary>Reads what has come since.</summary>
    public async Task ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var select = Select(connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Add(reader);
        }
    }

    /// <summary>Gives numbers to texts that have none, and commits that at once; it does not matter when no event follows.</summary>
    public async Task NumberAsync(NpgsqlConnection connection, UnknownTexts unknown, CancellationToken cancellationToken)
    {
        await using var number = Command($"select kind, number, text from {schema}.number_texts($1, $2)", connection);
        number.Parameters.Add(new() { Value = unknown.Types.ToArray() });
        number.Parameters.Add(new() { Value = unknown.Actors.ToArray() });
        await using var reader = await number.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Add(reader);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection) => new(sql, connection);

    private NpgsqlCommand Select(NpgsqlConnection connection)
    {
        var select = Command(
            $"""
            select 's'::"char", stream_id, stream from {schema}.streams where stream_id > $1
            union all select 't'::"char", type_id, type from {schema}.types where type_id > $2
            union all select 'a'::"char", actor_id, actor from {schema}.actors where actor_id > $3
            """,
            connection);
        select.Parameters.Add(new() { Value = streams.Last });
        select.Parameters.Add(new() { Value = types.Last });
        select.Parameters.Add(new() { Value = actors.Last });
        return select;
    }

    private void Add(NpgsqlDataReader row)
    {
        var texts = row.GetChar(0) switch { 's' => streams, 't' => types, _ => actors };
        texts.Add(new(row.GetInt32(1), row.GetString(2)));
    }

    private sealed class Texts
    {
        private readonly Lock guard = new();
        private readonly Dictionary<string, NumberedText> byText = new(StringComparer.Ordinal);
        private readonly Dictionary<int, NumberedText> byNumber = [];
        private int last;

        public int Last => Volatile.Read(ref last);

        public NumberedText Get(string text) => TryGet(text, out var found) ? found : throw new InvalidOperationException($"'{text}' has no number.");

        public bool TryGet(string text, [NotNullWhen(true)] out NumberedText? found)
        {
            lock (guard)
            {
                return byText.TryGetValue(text, out found);
            }
        }

        public bool TryGet(int number, [NotNullWhen(true)] out NumberedText? found)
        {
            lock (guard)
            {
                return byNumber.TryGetValue(number, out found);
            }
        }

        public void Add(NumberedText text)
        {
            lock (guard)
            {
                byText[text.Text] = text;
                byNumber[text.Number] = text;

                // Others number texts too: one that is known leaves those before it to be read.
                while (byNumber.ContainsKey(last + 1))
                {
                    last++;
                }
            }
        }
    }
}

/// <summary>Texts that are to get numbers.</summary>
internal sealed class UnknownTexts
{
    public HashSet<string> Types { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Actors { get; } = new(StringComparer.Ordinal);
}

/// <summary>A stream, type or actor with its number.</summary>
internal sealed class NumberedText(int number, string text)
{
    public int Number { get; } = number;

    public string Text { get; } = text;

    /// <summary>The fiscal year of the stream, if it is one.</summary>
    public short FiscalYear { get; } = LogCatalog.FiscalYearOf(text);

    /// <summary>As it stands in the canonical bytes of an event: the length of its UTF-8 in 4 bytes, and the UTF-8.</summary>
    public byte[] Canonical { get; } = EventHash.CanonicalText(text);
}
