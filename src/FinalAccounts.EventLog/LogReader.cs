using System.Globalization;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// Reads a log piece by piece over a connection of the caller's, for who follows it: no object per event, and the chain of hashes is
/// checked on the way. One piece at a time.
/// </summary>
/// <param name="catalog">The region's; what it does not know yet is read.</param>
internal sealed class LogReader(RegionCode region, LogCatalog catalog)
{
    private readonly string schema = catalog.Schema;
    private readonly byte[] genesis = EventHash.Genesis(region);
    private long catalogUpTo;
    private ArchivedRuns away = ArchivedRuns.None;
    private ChainRows? rows;

    // How far the piece at hand is read, and the hash there: not known at first, unless it is the log's beginning.
    private readonly byte[] hash = new byte[EventHash.Length];
    private long position;
    private bool isHashKnown;

    /// <summary>The event to be read next; the last one again as long as its hash is not known.</summary>
    private long Next => isHashKnown ? position + 1 : position;

    /// <summary>Reads the events behind a position up to another one, in order; what stands in the files of archived years is stepped over.</summary>
    /// <param name="after">From 0.</param>
    /// <param name="last">A position that the log has reached.</param>
    /// <returns>The hash of the last event; null when it is away and its hash not known here.</returns>
    /// <exception cref="LogDamagedException">A position is missing, or a hash is wrong.</exception>
    public async Task<byte[]?> ReadAsync(
        NpgsqlConnection connection, long after, long last, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        // Everything that events up to there name is stored with them or before.
        if (last > catalogUpTo)
        {
            await catalog.ReadAsync(connection, cancellationToken);
            catalogUpTo = last;
        }

        (position, isHashKnown) = (after, after == 0);
        genesis.CopyTo(hash, 0);
        while (await ReadRowsAsync(connection, last, handler, cancellationToken) is { } missing)
        {
            // It may have been archived since.
            away = await ArchivedRuns.ReadAsync(connection, schema, cancellationToken);
            Require(away.Find(missing) is not null, missing, "is missing");
        }

        return position == last ? [.. hash] : null;
    }

    /// <returns>The position that is missing; null when none is.</returns>
    private async Task<long?> ReadRowsAsync(NpgsqlConnection connection, long last, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(Select(Next, last), cancellationToken);
        rows ??= new(catalog);
        rows.Begin(copy);
        while (true)
        {
            switch (rows.TryNext())
            {
                case null:
                    cancellationToken.ThrowIfCancellationRequested();
                    await rows.FetchAsync(cancellationToken);
                    break;
                case false:
                    await rows.EndAsync(cancellationToken);
                    return TryStepTo(last) ? null : Next;
                default:
                    if (!TryTake(rows, handler))
                    {
                        return Next;
                    }

                    break;
            }
        }
    }

    /// <returns>False when an event before the row's is missing.</returns>
    private bool TryTake(ChainRows row, ScannedEventHandler handler)
    {
        if (!isHashKnown && row.Position == position)
        {
            row.Hash.CopyTo(hash);
            return isHashKnown = true;
        }

        if (!TryStepTo(row.Position - 1) || row.Position != Next)
        {
            return false;
        }

        position++;
        row.ChainHash(hash);
        Require(row.Hash.SequenceEqual(hash), position, "does not have the hash of its content");
        handler(row.Event());
        return true;
    }

    /// <summary>Steps over what is away, up to a position or beyond.</summary>
    /// <returns>False when an event on the way is missing.</returns>
    private bool TryStepTo(long to)
    {
        while (!isHashKnown || position < to)
        {
            if (away.Find(Next) is not { } run)
            {
                return false;
            }

            (position, isHashKnown) = (run.Last, true);
            run.LastHash.CopyTo(hash, 0);
        }

        return true;
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
}
