using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>
/// Gives the events that Marten has stored their positions and hashes, in transactions behind those that store them. Whoever appends or reads
/// drives it on; the lock of its head puts processes in order. It does not go by Marten's high-water mark, which after a while steps over
/// a number that is not there yet: whatever is visible and has no position gets the next one, and numbers that are missing are kept in mind
/// (<c>log_gaps</c>), so that an event is late at worst and never left out.
/// </summary>
internal sealed class RegionChain(NpgsqlDataSource dataSource, string schema)
{
    /// <summary>Events that are read and given their positions at a time.</summary>
    private const int EventsPerPiece = 1_000;

    private readonly Lock turns = new();
    private Task running = Task.CompletedTask;
    private Task? next;

    /// <summary>Gives a position to all events that are stored and have none.</summary>
    /// <returns>True when it was behind.</returns>
    public async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        if (!await IsBehindAsync(cancellationToken))
        {
            return false;
        }

        await NextMove().WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>One move for all who come while the one before is under way: it has not looked yet, and sees what they have stored.</summary>
    private Task NextMove()
    {
        lock (turns)
        {
            return next ??= MoveBehindAsync(running);
        }
    }

    private async Task MoveBehindAsync(Task before)
    {
        // Whether that went well is the matter of those who wait for it. Not in the caller's lock.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (turns)
        {
            (running, next) = (next!, null);
        }

        // Begun, it is brought to its end: the connection is not left in the middle of a transaction.
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await MoveAsync(connection);
        await transaction.CommitAsync();
    }

    // Written so that both are found by the key, whatever is known of the tables' sizes: this is asked before every read.
    private async Task<bool> IsBehindAsync(CancellationToken cancellationToken)
    {
        await using var command = RegionStore.Command(
            dataSource,
            $"""
            select coalesce((select max(e.seq_id) from {schema}.mt_events e) > h.seen_seq_id, false)
              or exists (select from {schema}.log_gaps g
                          where (select min(e.seq_id) from {schema}.mt_events e where e.seq_id >= g.first_seq_id) <= g.last_seq_id)
            from {schema}.log_head h
            """);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Gives positions in a transaction of the caller's; the head is locked until it ends.</summary>
    public async Task<bool> MoveAsync(NpgsqlConnection connection)
    {
        var (head, seen) = await LockAsync(connection);

        // The lock is held: what others gave a position is seen from here on. All in one snapshot, so that no append is seen in part.
        var (events, gaps, greatest) = await FindAsync(connection, seen);
        if (greatest == seen && gaps is null)
        {
            return false;
        }

        foreach (var piece in ChainOrder.Of(events).Chunk(EventsPerPiece))
        {
            head = await StoreAsync(connection, head, piece);
        }

        await ExecuteAsync(
            connection, $"update {schema}.log_head set position = $1, hash = $2, recorded_at = $3, seen_seq_id = $4",
            head.Position, head.Hash, head.RecordedAt, greatest);
        if (gaps is not null)
        {
            await ExecuteAsync(connection, $"delete from {schema}.log_gaps");
            await ExecuteAsync(
                connection, $"insert into {schema}.log_gaps select * from unnest($1, $2)",
                gaps.Select(g => g.First).ToArray(), gaps.Select(g => g.Last).ToArray());
        }

        return events.Count > 0;
    }

    private async Task<(ChainHead Head, long Seen)> LockAsync(NpgsqlConnection connection)
    {
        // Left to itself, the server reads all events at every move, as long as it does not know how many there are.
        await using var command = Command(
            connection, $"set local enable_seqscan = off; select position, hash, recorded_at, seen_seq_id from {schema}.log_head for update");
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? (new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)), reader.GetInt64(3))
            : throw new LogDamagedException(0, $"{schema} has no head.");
    }

    /// <summary>The events that have no position, and the numbers that are missing; null when those are as before.</summary>
    private async Task<(List<UnchainedEvent> Events, List<Gap>? Gaps, long Greatest)> FindAsync(NpgsqlConnection connection, long seen)
    {
        var before = new List<Gap>();
        await using (var command = Command(connection, $"select first_seq_id, last_seq_id from {schema}.log_gaps order by first_seq_id"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                before.Add(new(reader.GetInt64(0), reader.GetInt64(1)));
            }
        }

        var (events, numbers) = (new List<UnchainedEvent>(), new List<long>());
        await using (var command = Command(
            connection,
            $"""
            select e.seq_id, e.stream_id, e.version, (e.headers ->> '{EventHeaders.Command}')::uuid, e.type
            from (select * from {schema}.mt_events where seq_id > $1
                  union all
                  select e.* from {schema}.log_gaps g
                    cross join lateral (select * from {schema}.mt_events where seq_id between g.first_seq_id and g.last_seq_id offset 0) e) e
            order by e.seq_id
            """,
            seen))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                var number = reader.GetInt64(0);
                numbers.Add(number);

                // Marten puts a tombstone in the place of an event that could not be stored.
                if (reader.GetString(4) != "tombstone")
                {
                    events.Add(new(number, reader.GetString(1), reader.GetInt64(2), CommandOf(reader, 3, number)));
                }
            }
        }

        var greatest = numbers.Count == 0 ? seen : Math.Max(seen, numbers[^1]);
        return (events, Gap.Without(before, seen + 1, greatest, numbers), greatest);
    }

    /// <summary>Stores positions and hashes of some events behind the head.</summary>
    private async Task<ChainHead> StoreAsync(NpgsqlConnection connection, ChainHead head, UnchainedEvent[] piece)
    {
        var rows = new Dictionary<long, ChainedRow>(piece.Length);
        await using (var select = Command(
            connection, $"select {ChainedRow.MartenColumns} from {schema}.mt_events e where e.seq_id = any($1)", piece.Select(p => p.Sequence).ToArray()))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                var row = ChainedRow.Read(reader);
                rows.Add(row.Sequence, row);
            }
        }

        var hash = head.Hash;
        var (position, recordedAt) = (head.Position, head.RecordedAt);
        var (times, hashes) = (new long[piece.Length], new byte[piece.Length][]);
        for (var i = 0; i < piece.Length; i++)
        {
            var row = rows[piece[i].Sequence];
            recordedAt = Math.Max(recordedAt, row.RecordedAt);
            hash = EventHash.Of(hash, row.At(++position, recordedAt, []));
            (times[i], hashes[i]) = (recordedAt, hash);
        }

        await ExecuteAsync(
            connection,
            $"""
            insert into {schema}.log_chain (position, seq_id, command_id, recorded_at, hash)
            select $1 + n, seq_id, command_id, recorded_at, hash
            from unnest($2, $3, $4, $5) with ordinality as e (seq_id, command_id, recorded_at, hash, n)
            """,
            head.Position, piece.Select(p => p.Sequence).ToArray(), piece.Select(p => p.CommandId).ToArray(), times, hashes);
        return new(position, hash, recordedAt);
    }

    private static Guid CommandOf(NpgsqlDataReader reader, int column, long number) => reader.IsDBNull(column)
        ? throw new LogDamagedException(0, $"Event {number} of Marten's has no command id among its headers.")
        : reader.GetGuid(column);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    private readonly record struct ChainHead(long Position, byte[] Hash, long RecordedAt);

    /// <summary>Numbers that are missing, both included.</summary>
    private readonly record struct Gap(long First, long Last)
    {
        /// <summary>What is missing of gaps and of a range behind them, when these numbers are there; null when it is the gaps as before.</summary>
        /// <param name="numbers">In their order.</param>
        public static List<Gap>? Without(List<Gap> gaps, long from, long to, List<long> numbers)
        {
            var left = new List<Gap>();
            var next = 0;
            foreach (var gap in from <= to ? gaps.Append(new(from, to)) : gaps)
            {
                var first = gap.First;
                for (; next < numbers.Count && numbers[next] <= gap.Last; next++)
                {
                    if (numbers[next] > first)
                    {
                        left.Add(new(first, numbers[next] - 1));
                    }

                    first = numbers[next] + 1;
                }

                if (first <= gap.Last)
                {
                    left.Add(new(first, gap.Last));
                }
            }

            return left.SequenceEqual(gaps) ? null : left;
        }
    }
}
