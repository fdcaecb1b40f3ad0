using FinalAccounts.Ledger.Closing;
using NodaTime;

namespace FinalAccounts.EventLog;

/// <summary>
/// The log of one region: append, read, subscribe, verify. The contract (its seven points stand in docs/architecture.md) is proved
/// by the integration tests on a real server. Kept narrow and in plain records, so that another store can stand behind it.
/// </summary>
public interface IEventLog
{
    /// <summary>
    /// Appends all events of the request, or none. A request whose command id was appended before changes nothing and gets
    /// the first answer again.
    /// </summary>
    /// <exception cref="VersionConflictException">A stream does not stand at the expected version; nothing was changed.</exception>
    /// <exception cref="CommandIdReusedException">The command id was used for other events; nothing was changed.</exception>
    /// <exception cref="YearArchivedException">A stream's year is archived; nothing was changed.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached or refused to write. Whether a request that was
    /// under way is stored is not known; the same request may be sent again.</exception>
    Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Appends any number of events, all or none, in one command: pieces for one stream follow each other, each expecting the
    /// version that the ones before leave the stream at. The pieces are taken one by one and not kept. Other appends to the
    /// region wait meanwhile, and readers see nothing of it until all is stored. A command id that was appended before is
    /// answered at once, without asking for the pieces and without comparing them: derive it from what is appended.
    /// </summary>
    /// <exception cref="ArgumentException">A piece is beyond one of the <see cref="LogLimits"/>, or there is none; nothing was changed.</exception>
    /// <exception cref="VersionConflictException">A stream does not stand at the expected version; nothing was changed.</exception>
    /// <exception cref="YearArchivedException">A stream's year is archived; nothing was changed.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached or refused to write. The same may be appended again
    /// under the same command id.</exception>
    Task<AppendResult> AppendBulkAsync(
        Guid commandId, string actor, IAsyncEnumerable<StreamAppend> pieces, CancellationToken cancellationToken);

    /// <summary>The answer that was given to a command, as it is given again; null when nothing was appended under the id.</summary>
    Task<AppendResult?> FindCommandAsync(Guid commandId, CancellationToken cancellationToken);

    /// <summary>A stream's events in order, from the given version on (the first is 1); empty for an unknown stream.</summary>
    IAsyncEnumerable<StoredEvent> ReadStreamAsync(string stream, long fromVersion, CancellationToken cancellationToken);

    /// <summary>Hands over a stream's events in order, from the given version on, as far as it goes at the time of the call, without an object
    /// for each: the way to fold a stream.</summary>
    /// <returns>The number of events; 0 for an unknown stream.</returns>
    Task<long> ScanStreamAsync(string stream, long fromVersion, ScannedEventHandler handler, CancellationToken cancellationToken);

    /// <summary>All events after the position, in order, up to the head at the time of the call.</summary>
    IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterPosition, CancellationToken cancellationToken);

    /// <summary>
    /// Hands over the whole log, from its first event to a seal, to several handlers at once, and checks the chain of hashes on the way: the
    /// way to sum a log up. A handler is called by one thread at a time, with positions going up, but not with all of them: each event comes
    /// to one handler, and what all have seen together is the log. What is appended meanwhile is not read. Of years that are archived, what
    /// the engine keeps in files of its own is stepped over; what it leaves where it is comes like anything else.
    /// </summary>
    /// <param name="upTo">The last event to be read, as <see cref="ReadHeadAsync"/> or a seal in the log names it; the chain must run up to
    /// its hash. An event may be handed over before what is wrong behind it is found.</param>
    /// <param name="handlers">From 1 to <see cref="LogLimits.ScanHandlers"/>. What one throws ends the scan.</param>
    /// <param name="scanned">Told the number of further events read, by any of the handlers' threads.</param>
    /// <exception cref="LogDamagedException">A position is missing, a hash is wrong, or the chain does not run up to the seal.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    Task ScanAllAsync(
        Seal upTo, IReadOnlyList<ScannedEventHandler> handlers, IProgress<long>? scanned, CancellationToken cancellationToken);

    /// <summary>
    /// Hands over the events behind a position up to another one, in order, and checks the chain of hashes on the way, without an object for
    /// each: the way to follow a log piece by piece. What the engine keeps in files of archived years is stepped over.
    /// </summary>
    /// <param name="lastPosition">A position that the log has reached. An event may be handed over before what is wrong behind it is found.</param>
    /// <exception cref="LogDamagedException">A position is missing, or a hash is wrong.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    Task ScanAsync(long afterPosition, long lastPosition, ScannedEventHandler handler, CancellationToken cancellationToken);

    /// <summary>All events after the position, in order, and then those that come, until cancelled.</summary>
    IAsyncEnumerable<StoredEvent> SubscribeAsync(long afterPosition, CancellationToken cancellationToken);

    /// <summary>
    /// Proves that the stored log is what was written: computes the chain of hashes anew, and compares the seals in the log and all else that
    /// is stored with the events. One snapshot; others may append meanwhile. What is found wrong does not end it.
    /// </summary>
    /// <param name="seals">Seals kept outside the log: what is consistent in itself, but was rewritten as a whole or cut off, is found by them.</param>
    /// <param name="verified">Told the number of events looked at so far.</param>
    /// <exception cref="LogUnavailableException">The database can't be reached, or the region has no log.</exception>
    Task<LogVerification> VerifyAsync(IReadOnlyCollection<Seal> seals, IProgress<long>? verified, CancellationToken cancellationToken);

    /// <summary>Position and hash of the last event; position 0 and the region's genesis hash for an empty log.</summary>
    Task<Seal> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>Where the log stands, and since when.</summary>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    Task<LogPoint> ReadPointAsync(CancellationToken cancellationToken);

    /// <summary>The streams whose names start with the prefix, with their versions, in ordinal order.</summary>
    Task<IReadOnlyList<StreamVersion>> ListStreamsAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>Events to append, all or none.</summary>
/// <param name="CommandId">Sent again with the same events, it appends nothing. Ids of version 7 (<see cref="EventLog.CommandId.Next"/>)
/// are the fastest: that they are new shows without a look at what is stored.</param>
/// <param name="Actor">Who does it: an account or an office, up to 100 characters.</param>
/// <param name="Streams">Each stream at most once.</param>
public sealed record AppendRequest(Guid CommandId, string Actor, IReadOnlyList<StreamAppend> Streams);

/// <summary>Events for one stream.</summary>
/// <param name="ExpectedVersion">The version that the stream stands at; 0 when it does not exist.</param>
public sealed record StreamAppend(string Stream, long ExpectedVersion, IReadOnlyList<NewEvent> Events);

/// <summary>An event that is not stored yet.</summary>
/// <param name="Type">The alias of the event type.</param>
/// <param name="Body">JSON in UTF-8, stored byte for byte.</param>
public sealed record NewEvent(string Type, int SchemaVersion, LocalDate AccountingDate, byte[] Body);

/// <summary>The answer to an append: the positions of its first and last event.</summary>
/// <param name="Repeated">True when the command id had been appended before.</param>
public sealed record AppendResult(long FirstPosition, long LastPosition, bool Repeated);

/// <summary>A stored event.</summary>
/// <param name="Position">Place in the region's log: 1, 2, 3, … without gaps.</param>
/// <param name="Version">Place in its stream: 1, 2, 3, … without gaps.</param>
/// <param name="RecordedAt">When the log took it, in whole microseconds; never before its predecessor's.</param>
/// <param name="Hash">SHA-256 over the predecessor's hash and this event's canonical bytes.</param>
public sealed record StoredEvent(
    long Position,
    string Stream,
    long Version,
    string Type,
    int SchemaVersion,
    Instant RecordedAt,
    LocalDate AccountingDate,
    Guid CommandId,
    string Actor,
    byte[] Body,
    byte[] Hash);

/// <summary>A point of a log.</summary>
/// <param name="Position">Of its last event; 0 before the first.</param>
/// <param name="RecordedAt">When that event was recorded; whatever is before all events at position 0.</param>
public sealed record LogPoint(long Position, Instant RecordedAt);

/// <summary>Where a stream stands.</summary>
public sealed record StreamVersion(string Stream, long Version);

/// <summary>A stream does not stand where the caller expected it.</summary>
public sealed class VersionConflictException(string stream, long expected, long found)
    : Exception($"Stream '{stream}' stands at version {found}, expected {expected}.")
{
    public string Stream { get; } = stream;

    public long Expected { get; } = expected;

    public long Found { get; } = found;
}

/// <summary>The events of a fiscal year are in an archive; until they are restored, nothing is appended to them.</summary>
public sealed class YearArchivedException(int year) : Exception($"Fiscal year {year} is archived.")
{
    public int Year { get; } = year;
}

/// <summary>A command id was sent again with other events than the first time.</summary>
public sealed class CommandIdReusedException(Guid commandId)
    : Exception($"Command id {commandId} was used before for other events.")
{
    public Guid CommandId { get; } = commandId;
}

/// <summary>The log's database can't be reached, or refused to write (disk full, read-only, shutting down).</summary>
public sealed class LogUnavailableException(string message, Exception? inner) : Exception(message, inner);
