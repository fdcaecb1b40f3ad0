using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// One append of any size: the events are copied into the table as they come, while the head is locked, and become visible
/// together. Memory is needed for one piece.
/// </summary>
internal sealed class BulkAppend(NpgsqlDataSource dataSource, string schema, LogCatalog catalog, IClock clock)
{
    private readonly EventHash.Chain chain = new();
    private readonly HashSet<short> years = [];
    private Exception? callersOwn;

    /// <inheritdoc cref="IEventLog.AppendBulkAsync"/>
    public async Task<AppendResult> RunAsync(
        Guid commandId, string actor, IAsyncEnumerable<StreamAppend> pieces, CancellationToken cancellationToken)
    {
        LogLimits.CheckCommand(commandId, actor);
        try
        {
            await using var session = await LogSession.OpenAsync(dataSource, schema, catalog, cancellationToken);
            if (await FindAsync(session, commandId) is { } earlier)
            {
                return earlier;
            }

            await using var from = pieces.GetAsyncEnumerator(cancellationToken);

            // Before the head is locked, so that nobody waits for whoever makes the first piece.
            if (!await NextAsync(from))
            {
                throw new ArgumentException("A bulk append has no events.");
            }

            return await StoreAsync(session, commandId, actor, from, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException && e != callersOwn)
        {
            throw new LogUnavailableException($"The log of {schema} can't be written: {e.Message}", e);
        }
    }

    private async Task<AppendResult> StoreAsync(
        LogSession session, Guid commandId, string actor, IAsyncEnumerator<StreamAppend> pieces, CancellationToken cancellationToken)
    {
        var (transaction, at) = await session.BeginAsync(cancellationToken);
        await using (transaction)
        {
            // Another process may have had the head for the same command.
            if (await FindAsync(session, commandId) is { } earlier)
            {
                return earlier;
            }

            var moves = new StreamMoves(catalog, at.Streams);
            var next = await CopyAsync(session, at, moves, commandId, actor, pieces, cancellationToken);
            var command = new AppendStatement.Group(1, 0, moves);
            command.AddCommand(commandId);
            AppendStatement.Fill(session.Append, at, next, command);
            await session.Append.ExecuteNonQueryAsync(cancellationToken);
            try
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                return await FindOutcomeAsync(commandId) ?? throw new LogUnavailableException($"Nothing was stored: {e.Message}", e);
            }

            foreach (var stream in moves.Created)
            {
                catalog.AddStream(stream);
            }

            return new(at.Position + 1, next.Position, Repeated: false);
        }
    }

    /// <summary>Copies all pieces in.</summary>
    /// <returns>Where the head is to stand.</returns>
    private async Task<LogHead> CopyAsync(
        LogSession session, LogHead at, StreamMoves moves, Guid commandId, string actor, IAsyncEnumerator<StreamAppend> pieces,
        CancellationToken cancellationToken)
    {
        var versions = await session.ReadVersionsAsync(at.Streams, cancellationToken);
        var recordedAt = Math.Max(EventHash.Microseconds(clock.GetCurrentInstant()), at.RecordedMicroseconds);
        var (position, hash) = (at.Position, (byte[])at.Hash.Clone());

        // Names and years are made on a connection of their own, for they stay whatever becomes of this append.
        await using var beside = await LogSession.OpenAsync(dataSource, schema, catalog, cancellationToken);
        await using var copy = new EventCopy(session.Connection, $"{schema}.events");
        do
        {
            var piece = pieces.Current;
            var target = Place(piece, moves, versions);
            if (position - at.Position > LogLimits.EventsPerBulk - piece.Events.Count)
            {
                throw new ArgumentException($"A bulk append has more than {LogLimits.EventsPerBulk} events.");
            }

            await NumberAsync(beside, actor, piece, cancellationToken);
            if (years.Add(target.FiscalYear))
            {
                // The running COPY knows only the partitions that were there when it began.
                await copy.EndAsync(cancellationToken);
                if (!await beside.IsOpenAsync(target.FiscalYear, cancellationToken))
                {
                    throw new YearArchivedException(target.FiscalYear);
                }
            }

            await copy.BeginAsync(cancellationToken);
            var by = catalog.Actor(actor);
            var version = (int)piece.ExpectedVersion;
            NumberedText? type = null;
            foreach (var e in piece.Events)
            {
                if (!ReferenceEquals(type?.Text, e.Type))
                {
                    type = catalog.Type(e.Type);
                }

                // Not behind the event: the last one of all gets its mark while it is still here.
                if (copy.IsFull)
                {
                    await copy.SendAsync(cancellationToken);
                }

                var days = EventHash.Days(e.AccountingDate);
                chain.Next(
                    hash, ++position, target.Canonical, ++version, type.Canonical, e.SchemaVersion, recordedAt, days, commandId,
                    by.Canonical, e.Body);
                copy.Add(position, recordedAt, target, version, days, by, type, e.SchemaVersion, commandId, hash, e.Body);
            }
        }
        while (await NextAsync(pieces));

        copy.MarkLast((int)(position - at.Position));
        await copy.EndAsync(cancellationToken);
        return new(position, hash, recordedAt, at.Streams + moves.Created.Count, at.YearChanges, LogHead.Greatest(at.LastCommand, commandId));
    }

    /// <summary>Checks that a piece goes on where its stream stands.</summary>
    private NumberedText Place(StreamAppend piece, StreamMoves moves, int[] versions)
    {
        LogLimits.Check(piece);
        var stands = moves.Find(piece.Stream) ?? (catalog.TryStream(piece.Stream, out var known) ? versions[known.Number] : 0);
        if (piece.ExpectedVersion != stands)
        {
            throw new VersionConflictException(piece.Stream, piece.ExpectedVersion, stands);
        }

        if (stands > LogLimits.EventsPerStream - piece.Events.Count)
        {
            throw new ArgumentException($"Stream '{piece.Stream}' would have more than {LogLimits.EventsPerStream} events.");
        }

        return moves.Add(piece.Stream, stands, piece.Events.Count);
    }

    private async ValueTask NumberAsync(LogSession beside, string actor, StreamAppend piece, CancellationToken cancellationToken)
    {
        UnknownTexts? unknown = null;
        catalog.Note(actor, ref unknown);
        catalog.Note(piece.Events, ref unknown);
        if (unknown is not null)
        {
            await catalog.NumberAsync(beside.Connection, unknown, cancellationToken);
        }
    }

    private async Task<AppendResult?> FindAsync(LogSession session, Guid commandId) =>
        (await new GroupLookUp(session, schema, catalog).FindCommandsAsync([commandId])).TryGetValue(commandId, out var command)
            ? new(command.First, command.First + command.Events - 1, Repeated: true)
            : null;

    /// <summary>Whether the commit whose answer was lost has taken place; waits for it if it is still going on.</summary>
    private async Task<AppendResult?> FindOutcomeAsync(Guid commandId)
    {
        await using var session = await LogSession.OpenAsync(dataSource, schema, catalog, CancellationToken.None);
        var (transaction, _) = await session.BeginAsync(CancellationToken.None);
        await using (transaction)
        {
            return await FindAsync(session, commandId) is { } stored ? stored with { Repeated = false } : null;
        }
    }

    /// <summary>The next piece; what goes wrong where it is made is the caller's own and goes back as it is.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<StreamAppend> pieces)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (Exception e)
        {
            callersOwn = e;
            throw;
        }
    }
}
