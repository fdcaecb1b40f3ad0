using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>An event as it is stored, whatever is wrong with it.</summary>
/// <param name="RecordedMicroseconds">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="AccountingDays">Days since 1970-01-01.</param>
/// <param name="FiscalYear">The one that it is kept under.</param>
/// <param name="CommandEvents">At the last event of a command how many it has; else 0.</param>
internal readonly record struct WalkedEvent(
    long Position,
    NumberedText Stream,
    long Version,
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

/// <summary>
/// A verification on its way from event to event, in the order of their positions: what is looked at is the same whatever engine the events
/// lie on. An engine reads what it has stored, hands it over here, and adds what only it has.
/// </summary>
internal sealed class LogWalk(RegionCode region)
{
    private readonly List<LogFinding> findings = [];
    private readonly EventHash.Chain chain = new();
    private readonly Dictionary<string, NumberedText> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> streams = new(StringComparer.Ordinal);
    private readonly List<(string Where, Seal Seal)> seals = [];

    /// <summary>The documents that events name, by their hashes, with the first such event's position.</summary>
    private readonly Dictionary<string, long> documents = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] hash = EventHash.Genesis(region);
    private readonly byte[] computed = new byte[EventHash.Length];
    private long findingsCount;
    private int sealsNotLookedAt;
    private long recordedAt;

    /// <summary>False while the last event was stepped over, so that its time is not known.</summary>
    private bool isTimeKnown = true;

    /// <summary>The command whose last event has not come yet, and how many have.</summary>
    private Guid? command;
    private int commandEvents;

    /// <summary>Events looked at.</summary>
    public long Events { get; private set; }

    /// <summary>Of the last event.</summary>
    public long Position { get; private set; }

    /// <summary>The greatest id of a command.</summary>
    public Guid LastCommand { get; private set; }

    /// <summary>The positions that seals name.</summary>
    public IEnumerable<long> SealedPositions => seals.Select(s => s.Seal.Position);

    /// <summary>The position of the last event whose command is complete.</summary>
    public long LastEnded => Position - commandEvents;

    /// <summary>Seals that were kept elsewhere.</summary>
    public void AddOutside(IEnumerable<Seal> outside) => seals.AddRange(outside.Select(s => ("outside", s)));

    /// <summary>A text of an engine that has no numbers for texts.</summary>
    public NumberedText TextOf(string text)
    {
        if (!texts.TryGetValue(text, out var known))
        {
            texts[text] = known = new(0, text);
        }

        return known;
    }

    /// <summary>Looks at the next event.</summary>
    public void Take(in WalkedEvent e)
    {
        Events++;
        if (e.Position < 1)
        {
            Find(LogRule.PositionOutOfRange, e.Position);
            return;
        }

        var isInPlace = e.Position == Position + 1;
        if (e.Position == Position)
        {
            Find(LogRule.PositionRepeated, e.Position);
        }
        else if (!isInPlace)
        {
            Find(LogRule.PositionMissing, Position + 1, Text(e.Position - 1));
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
        (Position, recordedAt, streams[e.Stream.Text]) = (e.Position, e.RecordedMicroseconds, e.Version);
        Array.Clear(hash);
        e.Hash.AsSpan(0, Math.Min(e.Hash.Length, hash.Length)).CopyTo(hash);
    }

    /// <summary>Goes on behind events that are not looked at.</summary>
    /// <param name="ended">The last one among them, or before them, whose command is complete.</param>
    public void StepOver(ArchivedRun run, long ended)
    {
        // Of a command that goes on behind it is known how many events it has had, but not its id.
        (command, commandEvents) = (null, (int)(run.Last - ended));
        (Position, isTimeKnown) = (run.Last, false);
        run.LastHash.CopyTo(hash, 0);
    }

    /// <summary>Notes the id of a command.</summary>
    public void Note(Guid commandId) => LastCommand = LogHead.Greatest(LastCommand, commandId);

    /// <summary>Compares where the log's head stands with the last event. Behind the last one.</summary>
    /// <param name="position">Null when there is no head.</param>
    /// <returns>False when the head does not stand there, so that no more of it can be compared.</returns>
    public bool CheckHead(long? position, byte[] headHash, long recordedMicroseconds)
    {
        if (position is not { } head)
        {
            EndCommand(Position);
            Find(LogRule.HeadMismatch, 0, "missing", "", "");
            return false;
        }

        // A head ahead of the events means that the events behind the last one are gone.
        EndCommand(head > Position ? Position + 1 : Position);
        if (head != Position)
        {
            Find(LogRule.HeadMismatch, Math.Max(Math.Min(head, Position) + 1, 1), "position", Text(head), Text(Position));
            return false;
        }

        if (!headHash.AsSpan().SequenceEqual(hash))
        {
            Find(LogRule.HeadMismatch, Position, "hash", Convert.ToHexStringLower(headHash), Convert.ToHexStringLower(hash));
        }

        if (isTimeKnown && recordedMicroseconds != recordedAt)
        {
            Find(LogRule.HeadMismatch, Position, "recorded_at", Text(recordedMicroseconds), Text(recordedAt));
        }

        return true;
    }

    /// <summary>Compares the table of streams with the events.</summary>
    /// <param name="stored">Those that were to be looked at.</param>
    public void CheckStreams(IEnumerable<StreamVersion> stored)
    {
        foreach (var (stream, version) in stored.OrderBy(s => s.Stream, StringComparer.Ordinal))
        {
            if (!streams.Remove(stream, out var expected) || version != expected)
            {
                Find(LogRule.StreamTableMismatch, 0, stream, Text(version), Text(expected));
            }
        }

        foreach (var (stream, version) in streams.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            Find(LogRule.StreamTableMismatch, 0, stream, "0", Text(version));
        }
    }

    /// <summary>Holds the seals, those in the log and those from outside, against what is stored.</summary>
    /// <param name="hashAt">The stored hash of a position above 0; null when there is none.</param>
    /// <param name="isAway">True for a position whose event was not to be looked at.</param>
    public async Task CheckSealsAsync(Func<long, Task<byte[]?>> hashAt, Func<long, bool> isAway)
    {
        foreach (var (where, seal) in seals)
        {
            if ((seal.Position == 0 ? EventHash.Genesis(region) : await hashAt(seal.Position)) is { } found)
            {
                var hex = Convert.ToHexStringLower(found);
                if (!string.Equals(hex, seal.Hash, StringComparison.OrdinalIgnoreCase))
                {
                    Find(LogRule.SealMismatch, seal.Position, where, seal.Hash, hex);
                }
            }
            else if (isAway(seal.Position))
            {
                // Its event stands in a file that was not given.
                sealsNotLookedAt++;
            }
            else if (seal.Position > Position)
            {
                Find(LogRule.SealBeyondHead, Position + 1, where, Text(seal.Position));
            }
            else
            {
                Find(LogRule.SealMismatch, seal.Position, where, seal.Hash, "");
            }
        }
    }

    /// <summary>Holds the documents that are kept in the region's own schema against their hashes, and against the events that name them.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public async Task CheckDocumentsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // A log that was made before documents were kept has no table of them, and no event that names one.
        var table = $"{LogSchema.NameOf(region)}.documents";
        await using var find = new NpgsqlCommand($"select to_regclass('{table}') is not null", connection);
        if ((bool)(await find.ExecuteScalarAsync(cancellationToken))!)
        {
            await using var select = new NpgsqlCommand($"select sha256, content from {table} order by sha256", connection);
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var stored = Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0));
                var content = Convert.ToHexStringLower(SHA256.HashData(reader.GetFieldValue<byte[]>(1)));
                if (stored != content)
                {
                    Find(LogRule.DocumentMismatch, documents.GetValueOrDefault(stored), stored, content);
                }

                documents.Remove(stored);
            }
        }

        foreach (var (sha256, at) in documents.OrderBy(d => d.Value))
        {
            Find(LogRule.DocumentMissing, at, sha256);
        }
    }

    /// <summary>Notes something that is wrong.</summary>
    public void Find(LogRule rule, long at, params string[] arguments)
    {
        findingsCount++;
        if (findings.Count < LogVerifier.FindingsLimit)
        {
            findings.Add(new(rule, at, arguments));
        }
    }

    /// <summary>What was found.</summary>
    /// <param name="archived">The years that were not to be looked at.</param>
    public LogVerification Result(IReadOnlyList<FiscalYear> archived) => new(
        Events,
        new(Position, Convert.ToHexStringLower(hash)),
        seals.Count - sealsNotLookedAt,
        [.. findings.OrderBy(f => f.Position)],
        findingsCount,
        archived);

    /// <summary>The events of a command stand one behind another, and the last one says how many they are.</summary>
    private void CheckCommand(in WalkedEvent e, bool isInPlace)
    {
        if (command is not null && command != e.CommandId)
        {
            EndCommand(isInPlace ? Position : Position + 1);
        }

        (command, commandEvents) = (e.CommandId, commandEvents + 1);
        Note(e.CommandId);
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

    private void CollectSealAndDocuments(in WalkedEvent e)
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
                seals.Add((Text(e.Position), seal));
                return;
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
        }

        Find(LogRule.SealUnreadable, e.Position, e.Type.Text);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
