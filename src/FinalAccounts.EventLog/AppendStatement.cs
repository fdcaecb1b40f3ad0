using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.EventLog;

/// <summary>The call of <c>append_events</c>, which is described in the migration that makes it.</summary>
internal static class AppendStatement
{
    /// <summary>Numbers that an event has in <see cref="Group.Numbers"/>.</summary>
    private const int NumbersPerEvent = 9;

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public static NpgsqlCommand Create(NpgsqlConnection connection, string schema)
    {
        var command = new NpgsqlCommand(
            $"select {schema}.append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)", connection);
        const NpgsqlDbType array = NpgsqlDbType.Array;
        NpgsqlDbType[] types =
        [
            NpgsqlDbType.Bigint, NpgsqlDbType.Bytea, NpgsqlDbType.Integer, NpgsqlDbType.TimestampTz, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea,
            NpgsqlDbType.Uuid, NpgsqlDbType.Integer, array | NpgsqlDbType.Text, array | NpgsqlDbType.Integer, array | NpgsqlDbType.Integer,
            array | NpgsqlDbType.Uuid, array | NpgsqlDbType.Uuid, array | NpgsqlDbType.Integer, array | NpgsqlDbType.Text, NpgsqlDbType.Bytea,
        ];
        foreach (var type in types)
        {
            command.Parameters.Add(new() { NpgsqlDbType = type });
        }

        return command;
    }

    public static void Fill(NpgsqlCommand command, LogHead at, LogHead next, Group group)
    {
        object[] values =
        [
            at.Position, at.Hash, at.YearChanges, next.RecordedMicroseconds - PgTime.EpochMicroseconds, next.Position, next.Hash,
            next.LastCommand, at.Streams, group.Moves.CreatedNames(), group.Moves.CreatedTo(), group.Moves.Moved(),
            group.Doubtful.ToArray(), group.Commands, group.Numbers, group.Bodies, group.Hashes,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    /// <summary>What one call appends, in arrays with elements for each command and event, in their order.</summary>
    internal sealed class Group(int commands, int events, StreamMoves moves)
    {
        private int command;
        private int @event;

        /// <summary>True for one event of a stream that there is, under a command id that is certainly new.</summary>
        public bool IsSingle => Bodies.Length == 1 && Doubtful.Count == 0 && Moves.Created.Count == 0;

        public StreamMoves Moves { get; } = moves;

        public Guid[] Commands { get; } = new Guid[commands];

        /// <summary>Those of the commands that may have been appended under already.</summary>
        public List<Guid> Doubtful { get; } = [];

        public int[] Numbers { get; } = new int[NumbersPerEvent * events];

        public byte[][] Bodies { get; } = new byte[events][];

        public byte[] Hashes { get; } = new byte[EventHash.Length * events];

        /// <summary>A command; the events added behind it are its own.</summary>
        public void AddCommand(Guid id) => Commands[command++] = id;

        /// <param name="accountingDays">Days since 1970-01-01.</param>
        /// <param name="commandEvents">At the last event of a command the number of its events, else 0.</param>
        public void AddEvent(
            NumberedText stream, int version, int accountingDays, NumberedText actor, int commandEvents, NumberedText type, int schemaVersion,
            byte[] body, ReadOnlySpan<byte> hash)
        {
            var numbers = Numbers.AsSpan(NumbersPerEvent * @event, NumbersPerEvent);
            numbers[0] = stream.Number;
            numbers[1] = version;
            numbers[2] = accountingDays - PgTime.EpochDays;
            numbers[3] = actor.Number;
            numbers[4] = commandEvents;
            numbers[5] = type.Number;
            numbers[6] = schemaVersion;
            numbers[7] = stream.FiscalYear;
            numbers[8] = command;
            Bodies[@event] = body;
            hash.CopyTo(Hashes.AsSpan(EventHash.Length * @event));
            @event++;
        }
    }
}

/// <summary>Where streams stand before and after what one transaction appends.</summary>
/// <param name="streams">How many streams there are before.</param>
internal sealed class StreamMoves(LogCatalog catalog, int streams)
{
    private readonly Dictionary<string, Move> moves = new(StringComparer.Ordinal);
    private readonly List<Move> created = [];

    /// <summary>The streams that the transaction creates.</summary>
    public IReadOnlyList<NumberedText> Created => created.ConvertAll(c => c.Stream);

    /// <summary>Where the stream stands; null when the transaction has not moved it.</summary>
    public int? Find(string stream) => moves.TryGetValue(stream, out var move) ? move.To : null;

    /// <summary>A stream goes on from a version by a number of events; one that nobody knows is created.</summary>
    public NumberedText Add(string stream, int from, int events)
    {
        if (!moves.TryGetValue(stream, out var move))
        {
            var known = catalog.TryStream(stream, out var number);
            moves[stream] = move = new(known ? number! : new(streams + created.Count + 1, stream), from);
            if (!known)
            {
                created.Add(move);
            }
        }

        move.To = checked(from + events);
        return move.Stream;
    }

    public string[] CreatedNames() => [.. created.Select(c => c.Stream.Text)];

    public int[] CreatedTo() => [.. created.Select(c => c.To)];

    public int[] Moved()
    {
        var triples = new int[3 * (moves.Count - created.Count)];
        var i = 0;
        foreach (var move in moves.Values)
        {
            if (created.Count == 0 || move.Stream.Number <= streams)
            {
                (triples[i], triples[i + 1], triples[i + 2]) = (move.Stream.Number, move.From, move.To);
                i += 3;
            }
        }

        return triples;
    }

    private sealed class Move(NumberedText stream, int from)
    {
        public NumberedText Stream { get; } = stream;

        public int From { get; } = from;

        public int To { get; set; } = from;
    }
}
