using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
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
        private readonly List<LogFinding> findings = [];
        private readonly EventHash.Chain chain = new();

        /// <summary>The streams, types and actors as they are stored, by their numbers.</summary>
        private readonly Dictionary<int, (NumberedText Text, int Version)> streamTable = [];
        private readonly Dictionary<int, NumberedText> typeTable = [];
        private readonly Dictionary<int, NumberedText> actorTable = [];
        private readonly Dictionary<string, long> streams = new(StringComparer.Ordinal);
        private readonly List<(string Where, long At, Seal Seal)> seals = [];

        /// <summary>The documents that events name, by their hashes, with the first such event's position.</summary>
        private readonly Dictionary<string, long> documents = new(StringComparer.OrdinalIgnoreCase);
        private long findingsCount;
        private long events;
        private long position;
        private readonly byte[] hash = EventHash.Genesis(region);
        private readonly byte[] computed = new byte[EventHash.Length];
        private long recordedAt;
        private Guid lastCommand;

        /// <summary>The command whose last event has not come yet, and how many have.</summary>
        private Guid? command;
        private int commandEvents;

        private readonly Queue<ArchivedCommand> marks = new();
        private bool marksEnded;
        private readonly List<RawEvent> page = [];
        private readonly Dictionary<string, NumberedText> archivedTexts = new(StringComparer.Ordinal);
        private ArchivedEvents? archived;
        private HashSet<FiscalYear> notLookedAt = [];
        private int sealsNotLookedAt;

        /// <summary>False while the last event was stepped over, so that its time is not known.</summary>
        private bool isTimeKnown = true;

        public async Task<LogVerification> VerifyAsync(
            IReadOnlyCollection<Seal> outside, IReadOnlyCollection<string> archives, CancellationToken cancellationToken)
        {
            seals.AddRange(outside.Select(s => ("outside", 0L, s)));
            await ReadTextsAsync(cancellationToken);
            archived = await ArchivedEvents.OpenAsync(
                connection, region, archives, (year, what) => Find(LogRule.ArchiveMismatch, 0, year.ToString(), what), cancellationToken);
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
                verified?.Report(events);
            }

            await CheckArchivedAsync(long.MaxValue, cancellationToken);
            await CheckMarksAsync(cancellationToken);
            await CheckHeadAsync(cancellationToken);
            CheckStreams();
            await CheckSealsAsync(cancellationToken);
            await CheckDocumentsAsync(cancellationToken);
            return new(
                events,
                new(position, Convert.ToHexStringLower(hash)),
                seals.Count - sealsNotLookedAt,
                [.. findings.OrderBy(f => f.Position)],
                findingsCount,
                archived.NotLookedAt);
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
                if (e.Position > position + 1)
                {
                    await CheckArchivedAsync(e.Position, cancellationToken);
                }

                CheckEvent(e);
            }

            return page.Count > 0;
        }

        /// <summary>Looks at what the files have before a position, and steps over what stands in files that are not given.</summary>
        private async Task CheckArchivedAsync(long before, CancellationToken cancellationToken)
        {
            while (position + 1 < before)
            {
                if (archived!.RunAt(position + 1) is { } run)
                {
                    await StepOverAsync(run, cancellationToken);
                }
                else if (await archived.NextBeforeAsync(before, cancellationToken) is { } e)
                {
                    CheckEvent(new(
                        e.Position, TextOf(e.Stream), checked((int)e.Version), TextOf(e.Type), checked((short)e.SchemaVersion),
                        EventHash.Microseconds(e.RecordedAt), EventHash.Days(e.AccountingDate), e.CommandId, TextOf(e.Actor), e.Body, e.Hash,
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
            var ended = position - commandEvents;
            while (await TakeMarkAsync(run.Last, cancellationToken) is { } mark)
            {
                if (mark.Last - mark.Events != ended)
                {
                    Find(LogRule.CommandMismatch, Math.Clamp(mark.Last, run.First, run.Last), mark.CommandId.ToString(), Text(mark.Events), Text(mark.Last - ended));
                }

                lastCommand = LogHead.Greatest(lastCommand, mark.CommandId);
                ended = mark.Last;
            }

            // Of a command that goes on behind it is known how many events it has had, but not its id.
            (command, commandEvents) = (null, (int)(run.Last - ended));
            (position, isTimeKnown) = (run.Last, false);
            run.LastHash.CopyTo(hash, 0);
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

                Find(LogRule.CommandMismatch, Math.Max(mark.Last, 0), mark.CommandId.ToString(), Text(mark.Events), "0");
            }

            return 0;
        }

        private async Task CheckMarksAsync(CancellationToken cancellationToken)
        {
            while (await TakeMarkAsync(long.MaxValue, cancellationToken) is { } mark)
            {
                Find(LogRule.CommandMismatch, Math.Max(mark.Last, 0), mark.CommandId.ToString(), Text(mark.Events), "0");
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

        /// <summary>A text of a file, which has no numbers.</summary>
        private NumberedText TextOf(string text)
        {
            if (!archivedTexts.TryGetValue(text, out var known))
            {
                archivedTexts[text] = known = new(0, text);
            }

            return known;
        }

        private static NumberedText Text(Dictionary<int, NumberedText> table, int number) =>
            table.TryGetValue(number, out var text) ? text : new(number, $"? {number}");

        private void CheckEvent(RawEvent e)
        {
            events++;
            if (e.Position < 1)
            {
                Find(LogRule.PositionOutOfRange, e.Position);
                return;
            }

            var isInPlace = e.Position == position + 1;
            if (e.Position == position)
            {
                Find(LogRule.PositionRepeated, e.Position);
            }
            else if (!isInPlace)
            {
                Find(LogRule.PositionMissing, position + 1, Text(e.Position - 1));
            }

            hash.CopyTo(computed, 0);
            chain.Next(
                computed, e.Position, e.Stream.Canonical, e.Version, e.Type.Canonical, e.SchemaVersion, e.RecordedMicroseconds, e.AccountingDays,
                e.CommandId, e.Actor.Canonical, e.Body);
            if (!e.Hash.AsSpan().SequenceEqual(computed))
            {
                Find(LogRule.HashMismatch, e.Position, Convert.ToHexStringLower(e.Hash), Convert.ToHexStringLower(computed));
                isInPlace = false;
            }

            if (e.FiscalYear != e.Stream.FiscalYear)
            {
                Find(LogRule.FiscalYearMismatch, e.Position, e.Stream.Text, Text(e.FiscalYear), Text(e.Stream.FiscalYear));
            }

            var version = streams.GetValueOrDefault(e.Stream.Text) + 1;
            if (e.Version != version)
            {
                Find(LogRule.StreamVersionMismatch, e.Position, e.Stream.Text, Text(e.Version), Text(version));
            }

            isTimeKnown = true;
            if (e.RecordedMicroseconds < recordedAt)
            {
                Find(LogRule.RecordedTimeRunsBack, e.Position);
            }

            CheckCommand(e, isInPlace);
            CollectSealAndDocuments(e);

            // Goes on from what is stored, so that one change is one finding and not one for each event behind it.
            (position, recordedAt, streams[e.Stream.Text]) = (e.Position, e.RecordedMicroseconds, e.Version);
            Array.Clear(hash);
            e.Hash.AsSpan(0, Math.Min(e.Hash.Length, hash.Length)).CopyTo(hash);
        }

        /// <summary>The events of a command stand one behind another, and the last one says how many they are.</summary>
        private void CheckCommand(RawEvent e, bool isInPlace)
        {
            if (command is not null && command != e.CommandId)
            {
                EndCommand(isInPlace ? position : position + 1);
            }

            (command, commandEvents) = (e.CommandId, commandEvents + 1);
            lastCommand = LogHead.Greatest(lastCommand, e.CommandId);
            if (e.CommandEvents != 0)
            {
                if (e.CommandEvents != commandEvents)
                {
                    Find(LogRule.CommandMismatch, e.Position, e.CommandId.ToString(), Text(e.CommandEvents), Text(commandEvents));
                }

                (command, commandEvents) = (null, 0);
            }
        }

        /// <summary>A command whose last event did not come.</summary>
        /// <param name="at">Where it was noticed: at the event that must be the last, or where another one stands in the last one's place.</param>
        private void EndCommand(long at)
        {
            if (command is { } open)
            {
                Find(LogRule.CommandMismatch, at, open.ToString(), "0", Text(commandEvents));
                (command, commandEvents) = (null, 0);
            }
        }

        private async Task CheckHeadAsync(CancellationToken cancellationToken)
        {
            await using var select = Command($"select position, hash, recorded_at, streams, last_command from {schema}.head where id = 1");
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                EndCommand(position);
                Find(LogRule.HeadMismatch, 0, "missing", "", "");
                return;
            }

            // A head ahead of the events means that the events behind the last one are gone.
            var head = reader.GetInt64(0);
            EndCommand(head > position ? position + 1 : position);
            if (head != position)
            {
                Find(LogRule.HeadMismatch, Math.Max(Math.Min(head, position) + 1, 1), "position", Text(head), Text(position));
                return;
            }

            var storedHash = reader.GetFieldValue<byte[]>(1);
            if (!storedHash.AsSpan().SequenceEqual(hash))
            {
                Find(LogRule.HeadMismatch, position, "hash", Convert.ToHexStringLower(storedHash), Convert.ToHexStringLower(hash));
            }

            var storedTime = PgTime.ReadMicroseconds(reader, 2);
            if (isTimeKnown && storedTime != recordedAt)
            {
                Find(LogRule.HeadMismatch, position, "recorded_at", Text(storedTime), Text(recordedAt));
            }

            var lastStream = streamTable.Count == 0 ? 0 : streamTable.Keys.Max();
            if (reader.GetInt32(3) != lastStream)
            {
                Find(LogRule.HeadMismatch, position, "streams", Text(reader.GetInt32(3)), Text(lastStream));
            }

            if (reader.GetGuid(4) != lastCommand)
            {
                Find(LogRule.HeadMismatch, position, "last_command", reader.GetGuid(4).ToString(), lastCommand.ToString());
            }
        }

        private void CheckStreams()
        {
            foreach (var (stream, version) in streamTable.Values.OrderBy(s => s.Text.Text, StringComparer.Ordinal))
            {
                if (IsNotLookedAt(stream))
                {
                    continue;
                }

                if (!streams.Remove(stream.Text, out var expected) || version != expected)
                {
                    Find(LogRule.StreamTableMismatch, 0, stream.Text, Text(version), Text(expected));
                }
            }

            foreach (var (stream, version) in streams.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                Find(LogRule.StreamTableMismatch, 0, stream, "0", Text(version));
            }
        }

        private bool IsNotLookedAt(NumberedText stream) => stream.FiscalYear > 0 && notLookedAt.Contains(new(stream.FiscalYear));

        private void CollectSealAndDocuments(RawEvent e)
        {
            if (e.Type.Text is not ("year-submitted" or "year-closed" or "disclosure-published"))
            {
                return;
            }

            try
            {
                var decoded = EventCodec.Decode(e.Type.Text, e.SchemaVersion, e.Body);
                foreach (var sha256 in (decoded as DisclosurePublished)?.KeptDocuments() ?? [])
                {
                    documents.TryAdd(sha256, e.Position);
                }

                var seal = decoded switch
                {
                    YearSubmitted submitted => submitted.Seal,
                    YearClosed closed => closed.Seal,
                    DisclosurePublished published => published.Seal,
                    _ => null,
                };

                // A seal is taken before the event that carries it.
                if (seal is { Hash: not null } && seal.Position >= 0 && seal.Position < e.Position)
                {
                    seals.Add((Text(e.Position), e.Position, seal));
                    return;
                }
            }
            catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
            {
            }

            Find(LogRule.SealUnreadable, e.Position, e.Type.Text);
        }

        private async Task CheckSealsAsync(CancellationToken cancellationToken)
        {
            await using var select = Command($"select hash from {schema}.events where position = $1");
            var parameter = new NpgsqlParameter<long>();
            select.Parameters.Add(parameter);
            var away = await archived!.HashesAsync(seals.Select(s => s.Seal.Position).ToHashSet(), cancellationToken);
            foreach (var (where, _, seal) in seals)
            {
                parameter.TypedValue = seal.Position;
                var found = seal.Position == 0 ? EventHash.Genesis(region)
                    : (byte[]?)await select.ExecuteScalarAsync(cancellationToken) ?? away.GetValueOrDefault(seal.Position);
                if (found is not null)
                {
                    var hex = Convert.ToHexStringLower(found);
                    if (!string.Equals(hex, seal.Hash, StringComparison.OrdinalIgnoreCase))
                    {
                        Find(LogRule.SealMismatch, seal.Position, where, seal.Hash, hex);
                    }
                }
                else if (archived.IsSteppedOver(seal.Position))
                {
                    // Its event stands in a file that was not given.
                    sealsNotLookedAt++;
                }
                else if (seal.Position > position)
                {
                    Find(LogRule.SealBeyondHead, position + 1, where, Text(seal.Position));
                }
                else
                {
                    Find(LogRule.SealMismatch, seal.Position, where, seal.Hash, "");
                }
            }
        }

        private async Task CheckDocumentsAsync(CancellationToken cancellationToken)
        {
            // A log that was made before documents were kept has no table of them, and no event that names one.
            await using var find = Command($"select to_regclass('{schema}.documents') is not null");
            if ((bool)(await find.ExecuteScalarAsync(cancellationToken))!)
            {
                await using var select = Command($"select sha256, content from {schema}.documents order by sha256");
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    var stored = Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0));
                    var computed = Convert.ToHexStringLower(SHA256.HashData(reader.GetFieldValue<byte[]>(1)));
                    if (stored != computed)
                    {
                        Find(LogRule.DocumentMismatch, documents.GetValueOrDefault(stored), stored, computed);
                    }

                    documents.Remove(stored);
                }
            }

            foreach (var (sha256, at) in documents.OrderBy(d => d.Value))
            {
                Find(LogRule.DocumentMissing, at, sha256);
            }
        }

        private void Find(LogRule rule, long at, params string[] arguments)
        {
            findingsCount++;
            if (findings.Count < FindingsLimit)
            {
                findings.Add(new(rule, at, arguments));
            }
        }

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

    private readonly record struct RawEvent(
        long Position,
        NumberedText Stream,
        int Version,
        NumberedText Type,
        int SchemaVersion,
        long RecordedMicroseconds,
        int AccountingDays,
        Guid CommandId,
        NumberedText Actor,
        byte[] Body,
        byte[] Hash,
        short FiscalYear,
        int CommandEvents);
}
