using System.Diagnostics.CodeAnalysis;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// What the events of a region name by number: its streams, and the aliases of types and the actors (names). A number never changes
/// its meaning, so what is known once stays true; a process keeps what it has met, and reads only what is new. Safe to use from
/// several threads.
/// </summary>
internal sealed class LogCatalog(string schema)
{
    private readonly Lock guard = new();
    private readonly Dictionary<string, NumberedText> streams = new(StringComparer.Ordinal);
    private readonly Dictionary<int, NumberedText> streamsByNumber = [];
    private readonly Dictionary<string, NumberedText> names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, NumberedText> namesByNumber = [];
    private int lastStream;
    private int lastName;

    /// <summary>The greatest number of a stream that is known; streams are numbered without gaps.</summary>
    public int LastStream => Volatile.Read(ref lastStream);

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

    public bool TryStream(string stream, [NotNullWhen(true)] out NumberedText? found) => TryGet(streams, stream, out found);

    public bool TryStream(int number, [NotNullWhen(true)] out NumberedText? found) => TryGet(streamsByNumber, number, out found);

    public bool TryName(string name, [NotNullWhen(true)] out NumberedText? found) => TryGet(names, name, out found);

    public bool TryName(int number, [NotNullWhen(true)] out NumberedText? found) => TryGet(namesByNumber, number, out found);

    /// <summary>A stream whose first event was just committed.</summary>
    public void AddStream(NumberedText stream)
    {
        lock (guard)
        {
            streams[stream.Text] = stream;
            streamsByNumber[stream.Number] = stream;
            lastStream = Math.Max(lastStream, stream.Number);
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

    /// <inheritdoc cref="ReadAsync"/>
    /// <remarks>Waits for the server on the caller's thread.</remarks>
    public void Read(NpgsqlConnection connection)
    {
        using var select = Select(connection);
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            Add(reader);
        }
    }

    /// <summary>Gives numbers to names that have none, and commits that at once; it does not matter when no event follows.</summary>
    public async Task NumberNamesAsync(NpgsqlConnection connection, IEnumerable<string> unknown, CancellationToken cancellationToken)
    {
        await using var number = Command($"select false, name_id, name from {schema}.number_names($1)", connection);
        number.Parameters.Add(new() { Value = unknown.ToArray() });
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
            select true, stream_id, stream from {schema}.streams where stream_id > $1
            union all select false, name_id, name from {schema}.names where name_id > $2
            """,
            connection);
        select.Parameters.Add(new() { Value = LastStream });
        select.Parameters.Add(new() { Value = Volatile.Read(ref lastName) });
        return select;
    }

    private void Add(NpgsqlDataReader row)
    {
        var text = new NumberedText(row.GetInt32(1), row.GetString(2));
        if (row.GetBoolean(0))
        {
            AddStream(text);
            return;
        }

        lock (guard)
        {
            names[text.Text] = text;
            namesByNumber[text.Number] = text;
            lastName = Math.Max(lastName, text.Number);
        }
    }

    private bool TryGet<TKey>(Dictionary<TKey, NumberedText> known, TKey key, [NotNullWhen(true)] out NumberedText? found)
        where TKey : notnull
    {
        lock (guard)
        {
            return known.TryGetValue(key, out found);
        }
    }
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

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => Canonical.AsSpan(sizeof(int));
}
