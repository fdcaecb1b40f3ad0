namespace FinalAccounts.EventLog;

/// <summary>What the database has on the command ids and streams of a group.</summary>
/// <param name="Commands">Of the appends whose command id is known.</param>
/// <param name="Streams">The versions of the streams that exist.</param>
/// <param name="Archived">The years of the group that are archived.</param>
internal sealed record GroupKnowledge(
    IReadOnlyDictionary<PendingAppend, KnownCommand> Commands, IReadOnlyDictionary<string, int> Streams, IReadOnlySet<short> Archived);

/// <summary>A command id that was appended under.</summary>
/// <param name="IsSame">True when its events are those of the append that comes with it now.</param>
internal sealed record KnownCommand(long First, int Events, bool IsSame);

/// <summary>
/// Decides each append of a group by itself. Without knowledge from the database an append's own expectation is taken for the
/// truth (the database will object if it isn't). An append that stands behind another of the group on the same stream or command
/// id, and does not follow from it, is deferred until that one is stored.
/// </summary>
internal sealed class GroupPlan
{
    private readonly List<(PendingAppend Append, AppendResult? Result, Exception? Refusal)> decided = [];
    private readonly LogCatalog catalog;
    private readonly GroupKnowledge? known;
    private readonly HashSet<Guid> ids = [];

    /// <param name="streams">How many streams there are.</param>
    public GroupPlan(List<PendingAppend> group, LogCatalog catalog, int streams, GroupKnowledge? known)
    {
        this.catalog = catalog;
        this.known = known;
        Moves = new(catalog, streams);
        foreach (var append in group)
        {
            if (known is not null && known.Commands.TryGetValue(append, out var command))
            {
                Repeat(append, command);
            }
            else if (ids.Contains(append.Request.CommandId))
            {
                Deferred.Add(append);
            }
            else
            {
                Decide(append);
            }
        }
    }

    public List<PendingAppend> Accepted { get; } = [];

    public List<PendingAppend> Deferred { get; } = [];

    /// <summary>Where the accepted appends leave their streams.</summary>
    public StreamMoves Moves { get; }

    /// <summary>Gives the answers that need no commit; called when the transaction has ended.</summary>
    public void AnswerDecided()
    {
        foreach (var (append, result, refusal) in decided)
        {
            _ = refusal is null ? append.Answer.TrySetResult(result!) : append.Answer.TrySetException(refusal);
        }
    }

    private void Repeat(PendingAppend append, KnownCommand command)
    {
        if (!command.IsSame)
        {
            Refuse(append, new CommandIdReusedException(append.Request.CommandId));
            return;
        }

        // The same positions as in an attempt of this very call whose answer was lost: then it is this call's own append.
        decided.Add((append, new(command.First, command.First + command.Events - 1, Repeated: append.FirstPosition != command.First), null));
    }

    private void Decide(PendingAppend append)
    {
        var streams = append.Request.Streams;
        foreach (var stream in streams)
        {
            if (known is not null && known.Archived.Count > 0 && known.Archived.Contains(LogCatalog.FiscalYearOf(stream.Stream)))
            {
                Refuse(append, new YearArchivedException(LogCatalog.FiscalYearOf(stream.Stream)));
                return;
            }

            if (Moves.Find(stream.Stream) is { } version)
            {
                if (version != stream.ExpectedVersion)
                {
                    Deferred.Add(append);
                    return;
                }
            }
            else if (known is null)
            {
                // A stream that is not known here may be one that another process has made; no stream stands beyond the limit.
                if (stream.ExpectedVersion > LogLimits.EventsPerStream || (stream.ExpectedVersion > 0 && !catalog.TryStream(stream.Stream, out _)))
                {
                    Deferred.Add(append);
                    return;
                }
            }
            else if (known.Streams.GetValueOrDefault(stream.Stream) != stream.ExpectedVersion)
            {
                Refuse(append, new VersionConflictException(stream.Stream, stream.ExpectedVersion, known.Streams.GetValueOrDefault(stream.Stream)));
                return;
            }

            if (stream.ExpectedVersion > LogLimits.EventsPerStream - stream.Events.Count)
            {
                Refuse(append, new ArgumentException($"Stream '{stream.Stream}' would have more than {LogLimits.EventsPerStream} events."));
                return;
            }
        }

        for (var i = 0; i < streams.Count; i++)
        {
            append.Targets[i] = Moves.Add(streams[i].Stream, (int)streams[i].ExpectedVersion, streams[i].Events.Count);
        }

        ids.Add(append.Request.CommandId);
        Accepted.Add(append);
    }

    private void Refuse(PendingAppend append, Exception refusal) => decided.Add((append, null, refusal));
}

/// <summary>An append on its way.</summary>
internal sealed class PendingAppend(AppendRequest request, int events, int bytes, CancellationToken cancellationToken)
{
    public AppendRequest Request { get; } = request;

    public int Events { get; } = events;

    public int Bytes { get; } = bytes;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Where the last attempt put its first event; 0 before the first.</summary>
    public long FirstPosition { get; set; }

    /// <summary>The request's streams in the last attempt.</summary>
    public NumberedText[] Targets { get; } = new NumberedText[request.Streams.Count];

    public TaskCompletionSource<AppendResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
