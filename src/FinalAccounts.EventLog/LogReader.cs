using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>A point of a log.</summary>
/// <param name="Position">Of its last event; 0 before the first.</param>
/// <param name="RecordedAt">When that event was recorded.</param>
public sealed record LogPoint(long Position, Instant RecordedAt);

/// <summary>
/// Reads a log piece by piece over a connection of the caller's, for who follows it: no object per event, and the chain of hashes is
/// checked on the way. One piece at a time.
/// </summary>
public sealed class LogReader(RegionCode region)
{
    private readonly string schema = LogSchema.NameOf(region);
    private readonly byte[] genesis = EventHash.Genesis(region);
    private readonly LogCatalog catalog = new(LogSchema.NameOf(region));
    private long catalogUpTo;
    private ArchivedRuns away = ArchivedRuns.None;
    private ChainRows? rows;

    /// <summary>Where the log stands.</summary>
    /// <exception cref="LogDamagedException">The log has no head.</exception>
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public async Task<LogPoint> ReadHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select position, recorded_at from {schema}.head where id = 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), Instant.FromUnixTimeTicks(PgTime.ReadMicroseconds(reader, 1) * 10))
            : throw new LogDamagedException(0, $"{schema} has no head.");
    }

    /// <summary>Reads the events behind a position up to another one, in order; what stands in the files of archived years is stepped over.
    /// Waits for the server on the caller's thread: an awaited read for each row would cost as much as the row.</summary>
    /// <param name="after">From 0.</param>
    /// <param name="last">A position that the log has reached.</param>
    /// <returns>The hash of the last event; null when it is away and its hash not known here.</returns>
    /// <exception cref="LogDamagedException">A position is missing, or a hash is wrong.</exception>
    public byte[]? Read(NpgsqlConnection connection, long after, long last, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        // Everything that events up to there name is stored with them or before.
        if (last > catalogUpTo)
        {
            catalog.Read(connection);
            catalogUpTo = last;
        }

        rows ??= new(catalog);
        var at = new Place(after, after == 0 ? genesis : null);
        while (true)
        {
            using (var copy = connection.BeginRawBinaryCopy(Select(at.Hash is null ? at.Position : at.Position + 1, last)))
            {
                rows.Begin(copy);
                at = Read(rows, at, last, handler, cancellationToken);
                if (at.Missing is null)
                {
                    rows.End();
                    return at.Position == last ? at.Hash : null;
                }
            }

            // It may have been archived since.
            away = ArchivedRuns.Read(connection, schema);
            Require(away.Find(at.Missing.Value) is not null, at.Missing.Value, "is missing");
        }
    }

    private Place Read(ChainRows from, Place at, long last, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        var more = from.Next();
        var (position, hash) = (at.Position, new byte[EventHash.Length]);
        if (at.Hash is not null)
        {
            at.Hash.CopyTo(hash, 0);
        }
        else if (more && from.Position == position)
        {
            from.Hash.CopyTo(hash);
            more = from.Next();
        }
        else if (away.Find(position) is { } run)
        {
            (position, hash) = (run.Last, [.. run.LastHash]);
        }
        else
        {
            return at with { Missing = position };
        }

        while (position < last)
        {
            if (more && from.Position == position + 1)
            {
                position++;
                from.ChainHash(hash);
                Require(from.Hash.SequenceEqual(hash), position, "does not have the hash of its content");
                handler(from.Event());
                more = from.Next();
                if ((position & 1023) == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            else if (away.Find(position + 1) is { } run)
            {
                (position, hash) = (run.Last, [.. run.LastHash]);
            }
            else
            {
                return new(position, hash, position + 1);
            }
        }

        return new(position, hash);
    }

    /// <summary>COPY takes no parameters; the only variable parts are a schema name of digits and two whole numbers.</summary>
    private string Select(long first, long last) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        copy (select {ChainRows.Columns}
        from {schema}.events where position >= {first} and position <= {last} order by position) to stdout (format binary)
        """);

    private static void Require(bool holds, long position, string what)
    {
        if (!holds)
        {
            throw new LogDamagedException(position, $"Position {position} {what}.");
        }
    }

    /// <summary>How far it is read.</summary>
    /// <param name="Hash">Of the event there; null when it is not read yet.</param>
    /// <param name="Missing">The position that is not there; null when none is.</param>
    private readonly record struct Place(long Position, byte[]? Hash, long? Missing = null);
}
