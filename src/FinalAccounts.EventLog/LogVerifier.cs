using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>What is wrong with a stored log.</summary>
public enum LogRule
{
    /// <summary>A row stands at a position below 1. Arguments: none.</summary>
    PositionOutOfRange,

    /// <summary>A position is taken more than once. Arguments: none.</summary>
    PositionRepeated,

    /// <summary>A position is missing. Arguments: the last position missing.</summary>
    PositionMissing,

    /// <summary>The hash is not that of the predecessor's hash and the event's bytes. Arguments: hash stored, hash computed.</summary>
    HashMismatch,

    /// <summary>The event's version does not follow its stream's. Arguments: stream, version found, version expected.</summary>
    StreamVersionMismatch,

    /// <summary>Recorded before its predecessor. Arguments: none.</summary>
    RecordedTimeRunsBack,

    /// <summary>The head does not stand at the last event. Arguments: what differs (<c>position</c>, <c>hash</c>,
    /// <c>recorded_at</c>, <c>streams</c>, <c>last_command</c>, <c>missing</c>), stored, expected.</summary>
    HeadMismatch,

    /// <summary>The table of streams disagrees with the events. Arguments: stream, version stored, version by the events.</summary>
    StreamTableMismatch,

    /// <summary>The events of a command do not stand together, or its last one does not say how many they are. Arguments: command
    /// id, events by the mark, events found.</summary>
    CommandMismatch,

    /// <summary>An event is kept under another fiscal year than its stream's. Arguments: stream, year found, year expected.</summary>
    FiscalYearMismatch,

    /// <summary>The chain does not run through a seal. Arguments: where the seal stands (<c>outside</c> or a position), hash
    /// sealed, hash found.</summary>
    SealMismatch,

    /// <summary>The log ends before a seal. Arguments: where the seal stands (<c>outside</c> or a position), position sealed.</summary>
    SealBeyondHead,

    /// <summary>A closed year or published document holds no readable seal. Arguments: the event's type.</summary>
    SealUnreadable,

    /// <summary>A stored document does not have the hash that it is stored under. Arguments: hash stored, hash computed.</summary>
    DocumentMismatch,

    /// <summary>A document that an event names is not stored. Arguments: its hash.</summary>
    DocumentMissing,

    /// <summary>What is kept of an archived year does not agree, with itself or with the file. Arguments: year, what differs
    /// (<c>events</c>, <c>runs</c>, <c>sha256</c>).</summary>
    ArchiveMismatch,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Position">The position concerned; 0 when it concerns none.</param>
/// <param name="Arguments">As the rule says, for whoever words it.</param>
public sealed record LogFinding(LogRule Rule, long Position, IReadOnlyList<string> Arguments);

/// <summary>The result of a verification.</summary>
/// <param name="Events">Events looked at.</param>
/// <param name="Head">Position and hash of the last event by the events themselves; keep it elsewhere as a seal.</param>
/// <param name="Seals">Seals looked at, in the log and from outside.</param>
/// <param name="Findings">In the order of positions, at most <see cref="LogVerifier.FindingsLimit"/>.</param>
/// <param name="FindingsCount">All findings, those beyond the limit too.</param>
/// <param name="Archived">Years whose events stand in files that were not given: of them only was looked at that the chain goes on
/// behind them.</param>
public sealed record LogVerification(
    long Events, Seal Head, int Seals, IReadOnlyList<LogFinding> Findings, long FindingsCount, IReadOnlyList<FiscalYear> Archived)
{
    public bool IsIntact => FindingsCount == 0;

    /// <summary>The first position at which the log is not what was written; null when none is known to be bad.</summary>
    public long? FirstBadPosition => Findings.Where(f => f.Position > 0).Select(f => (long?)f.Position).Min();
}

/// <summary>
/// Proves that a stored log is what was written: recomputes the chain of hashes from the genesis on, and compares everything
/// else that is stored with the events. A chain that was rewritten as a whole, or cut off with all that belongs to it, is
/// consistent in itself; it is found by seals that were kept elsewhere.
/// </summary>
public static class LogVerifier
{
    /// <summary>Most findings that are listed; all are counted.</summary>
    public const int FindingsLimit = 200;

    /// <summary>Verifies a region's log as it stands now, in one snapshot, while others may go on appending.</summary>
    /// <param name="seals">Seals kept outside the log.</param>
    /// <param name="archives">Files of archived years; their events are looked at like those in the database.</param>
    /// <param name="verified">Told the number of events looked at, every <see cref="LogLimits.RowsPerPage"/> events.</param>
    /// <exception cref="LogUnavailableException">The database can't be reached, or the region has no log.</exception>
    /// <exception cref="LogFileException">A file is not what was written.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static async Task<LogVerification> VerifyAsync(
        NpgsqlDataSource dataSource,
        RegionCode region,
        IReadOnlyCollection<Seal> seals,
        IReadOnlyCollection<string> archives,
        IProgress<long>? verified,
        CancellationToken cancellationToken)
    {
        var schema = LogSchema.NameOf(region);
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var run = new Run(connection, schema, region, verified);
            return await run.VerifyAsync(seals, archives, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new LogUnavailableException($"{schema} can't be verified: {e.Message}", e);
        }
    }

    private sealed class Run(NpgsqlConnection connection, string schema, RegionCode region, IProgress<long>? verified) : IAsyncDisposable
    {
        private readonly LogWalk walk = new(region);

        /// <summary>The streams, types and actors as they are stored, by their numbers.</summary>
        private readonly Dictionary<int, (NumberedText Text, int Version)> streamTable = [];
        private readonly Dictionary<int, NumberedText> typeTable = [];
        private readonly Dictionary<int, NumberedText> actorTable = [];
        private readonly Queue<ArchivedCommand> marks = new();
        private bool marksEnded;
        private readonly List<WalkedEvent> page = [];
        private ArchivedEvents? archived;
        private HashSet<FiscalYear> notLookedAt = [];

        public async Task<LogVerification> VerifyAsync(
            IReadOnlyCollection<Seal> outside, IReadOnlyCollection<string> archives, CancellationToken cancellationToken)
        {
            walk.AddOutside(outside);
            await ReadTextsAsync(cancellationToken);
            archived = await ArchivedEvents.OpenAsync(
                connection, region, archives, (year, what) => walk.Find(LogRule.ArchiveMismatch, 0, year.ToString(), what), cancellationToken);
            notLookedAt = [.. archived.NotLookedAt];
            await ExecuteAsync(
                $"""
                declare log_events no scroll cursor for
                select position, stream_id, version, type_id, schema_version, recorded_at, accounting_date, command_id, actor_id, body, hash, fiscal_year, command_events
                from {schema}.events order by position
                """,
                cancellationToken);
            await ExecuteAsync(
                $"""
                declare log_archived_commands no scroll cursor for
                select last_position, command_id, events from {schema}.archived_commands order by last_position
                """,
                cancellationToken);
            while (await ReadEventsAsync(cancellationToken))
            {
                verified?.Report(walk.Events);
            }

            await CheckArchivedAsync(long.MaxValue, cancellationToken);
            await CheckMarksAsync(cancellationToken);
            await CheckHeadAsync(cancellationToken);
            walk.CheckStreams(streamTable.Values.Where(s => !IsNotLookedAt(s.Text)).Select(s => new StreamVersion(s.Text.Text, s.Version)));
            await CheckSealsAsync(cancellationToken);
            await walk.CheckDocumentsAsync(connection, cancellationToken);
            return walk.Result(archived.NotLookedAt);
        }

        public async ValueTask DisposeAsync()
        {
            if (archived is not null)
            {
                await archived.DisposeAsync();
            }
        }

        private async Task<bool> ReadEventsAsync(CancellationToken cancellationToken)
        {
            page.Clear();
            await using (var fetch = Command($"fetch {LogLimits.RowsPerPage} from log_events"))
            await using (var reader = await fetch.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    page.Add(new(
                        reader.GetInt64(0), Stream(reader.GetInt32(1)), reader.GetInt32(2), Text(typeTable, reader.GetInt16(3)), reader.GetInt16(4),
                        PgTime.ReadMicroseconds(reader, 5), PgTime.ReadDays(reader, 6), reader.GetGuid(7), Text(actorTable, reader.GetInt32(8)),
                        reader.GetFieldValue<byte[]>(9), reader.GetFieldValue<byte[]>(10), reader.GetInt16(11), reader.GetInt32(12)));
                }
            }

            foreach (var e in page)
            {
                if (e.Position > walk.Position + 1)
                {
                    await CheckArchivedAsync(e.Position, cancellationToken);
                }

                walk.Take(e);
            }

            return page.Count > 0;
        }

        /// <summary>Looks at what the files have before a position, and steps over what stands in files that are not given.</summary>
        private async Task CheckArchivedAsync(long before, CancellationToken cancellationToken)
        {
            while (walk.Position + 1 < before)
            {
                if (archived!.RunAt(walk.Position + 1) is { } run)
                {
                    await StepOverAsync(run, cancellationToken);
                }
                else if (await archived.NextBeforeAsync(before, cancellationToken) is { } e)
                {
                    walk.Take(new(
                        e.Position, walk.TextOf(e.Stream), e.Version, walk.TextOf(e.Type), e.SchemaVersion, EventHash.Microseconds(e.RecordedAt),
                        EventHash.Days(e.AccountingDate), e.CommandId, walk.TextOf(e.Actor), e.Body, e.Hash,
                        LogCatalog.FiscalYearOf(e.Stream), await FindMarkAsync(e.Position, cancellationToken)));
                }
                else
                {
                    return;
                }
            }
        }

        /// <summary>The commands go on without a gap over what is not looked at.</summary>
        private async Task StepOverAsync(ArchivedRun run, CancellationToken cancellationToken)
        {
            var ended = walk.LastEnded;
            while (await TakeMarkAsync(run.Last, cancellationToken) is { } mark)
            {
                if (mark.Last - mark.Events != ended)
                {
                    walk.Find(LogRule.CommandMismatch, Math.Clamp(mark.Last, run.First, run.Last), mark.CommandId.ToString(), Text(mark.Events), Text(mark.Last - ended));
                }

                walk.Note(mark.CommandId);
                ended = mark.Last;
            }

            walk.StepOver(run, ended);
        }

        /// <summary>What is kept of the commands in archived years: the number of events of the one that ended at a position, else 0.</summary>
        private async Task<int> FindMarkAsync(long at, CancellationToken cancellationToken)
        {
            while (await TakeMarkAsync(at, cancellationToken) is { } mark)
            {
                if (mark.Last == at)
                {
                    return mark.Events;
                }

                walk.Find(LogRule.CommandMismatch, Math.Max(mark.Last, 0), mark.CommandId.ToString(), Text(mark.Events), "0");
            }

            return 0;
        }

        private async Task CheckMarksAsync(CancellationToken cancellationToken)
        {
            while (await TakeMarkAsync(long.MaxValue, cancellationToken) is { } mark)
            {
                walk.Find(LogRule.CommandMismatch, Math.Max(mark.Last, 0), mark.CommandId.ToString(), Text(mark.Events), "0");
            }
        }

        private async Task<ArchivedCommand?> TakeMarkAsync(long upTo, CancellationToken cancellationToken)
        {
            if (marks.Count == 0 && !marksEnded)
            {
                await using var fetch = Command($"fetch {LogLimits.RowsPerPage} from log_archived_commands");
                await using var reader = await fetch.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    marks.Enqueue(new(reader.GetInt64(0), reader.GetGuid(1), reader.GetInt32(2)));
                }

                marksEnded = marks.Count == 0;
            }

            return marks.TryPeek(out var next) && next.Last <= upTo ? marks.Dequeue() : null;
        }

        private async Task ReadTextsAsync(CancellationToken cancellationToken)
        {
            await using (var select = Command($"select stream_id, stream, version from {schema}.streams"))
            await using (var reader = await select.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    streamTable[reader.GetInt32(0)] = (new(reader.GetInt32(0), reader.GetString(1)), reader.GetInt32(2));
                }
            }

            await ReadTextsAsync(typeTable, $"select type_id::integer, type from {schema}.types", cancellationToken);
            await ReadTextsAsync(actorTable, $"select actor_id, actor from {schema}.actors", cancellationToken);
        }

        private async Task ReadTextsAsync(Dictionary<int, NumberedText> table, string sql, CancellationToken cancellationToken)
        {
            await using var select = Command(sql);
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                table[reader.GetInt32(0)] = new(reader.GetInt32(0), reader.GetString(1));
            }
        }

        /// <summary>A number that stands for nothing is taken for a text that no event has, so that the hash does not fit.</summary>
        private NumberedText Stream(int number) => streamTable.TryGetValue(number, out var stream) ? stream.Text : new(number, $"? {number}");

        private static NumberedText Text(Dictionary<int, NumberedText> table, int number) =>
            table.TryGetValue(number, out var text) ? text : new(number, $"? {number}");

        private async Task CheckHeadAsync(CancellationToken cancellationToken)
        {
            await using var select = Command($"select position, hash, recorded_at, streams, last_command from {schema}.head where id = 1");
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                walk.CheckHead(null, [], 0);
                return;
            }

            if (!walk.CheckHead(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), PgTime.ReadMicroseconds(reader, 2)))
            {
                return;
            }

            var lastStream = streamTable.Count == 0 ? 0 : streamTable.Keys.Max();
            if (reader.GetInt32(3) != lastStream)
            {
                walk.Find(LogRule.HeadMismatch, walk.Position, "streams", Text(reader.GetInt32(3)), Text(lastStream));
            }

            if (reader.GetGuid(4) != walk.LastCommand)
            {
                walk.Find(LogRule.HeadMismatch, walk.Position, "last_command", reader.GetGuid(4).ToString(), walk.LastCommand.ToString());
            }
        }

        private async Task CheckSealsAsync(CancellationToken cancellationToken)
        {
            await using var select = Command($"select hash from {schema}.events where position = $1");
            var parameter = new NpgsqlParameter<long>();
            select.Parameters.Add(parameter);
            var away = await archived!.HashesAsync(walk.SealedPositions.ToHashSet(), cancellationToken);
            await walk.CheckSealsAsync(
                async position =>
                {
                    parameter.TypedValue = position;
                    return (byte[]?)await select.ExecuteScalarAsync(cancellationToken) ?? away.GetValueOrDefault(position);
                },
                archived.IsSteppedOver);
        }

        private bool IsNotLookedAt(NumberedText stream) => stream.FiscalYear > 0 && notLookedAt.Contains(new(stream.FiscalYear));

        private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

        private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
        {
            await using var execute = Command(sql);
            await execute.ExecuteNonQueryAsync(cancellationToken);
        }

        [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
        private NpgsqlCommand Command(string sql) => new(sql, connection);
    }

    /// <summary>The end of a command in an archived year.</summary>
    private sealed record ArchivedCommand(long Last, Guid CommandId, int Events);
}
