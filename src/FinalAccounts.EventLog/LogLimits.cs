using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using NodaTime;

namespace FinalAccounts.EventLog;

/// <summary>
/// What the log takes. A request beyond a limit is refused with an <see cref="ArgumentException"/> before anything is sent, so
/// that the database never has a reason to refuse a group because of one request in it.
/// </summary>
public static class LogLimits
{
    private const string Digits = "0123456789";
    private const string LowerCaseLetters = "abcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> TypeCharacters = SearchValues.Create(LowerCaseLetters + Digits + "-");
    private static readonly SearchValues<char> StreamCharacters = SearchValues.Create(LowerCaseLetters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + Digits + "/-_.");

    /// <summary>Most events of one append, over all its streams.</summary>
    public const int EventsPerAppend = 100_000;

    /// <summary>Most bytes of all bodies of one append: 64 MiB.</summary>
    public const int BytesPerAppend = 64 * 1024 * 1024;

    /// <summary>Most events of one bulk append; its pieces have the limits of an append.</summary>
    public const int EventsPerBulk = 1_000_000_000;

    /// <summary>Most events of one stream; a department's year has some thousands.</summary>
    public const int EventsPerStream = int.MaxValue;

    /// <summary>Greatest version of an event's shape.</summary>
    public const int SchemaVersion = short.MaxValue;

    /// <summary>Most bytes of one event's body: 1 MiB.</summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Deepest nesting of a body's JSON.</summary>
    public const int BodyDepth = 64;

    /// <summary>Longest actor, in UTF-16 code units; at least 1, no control characters.</summary>
    public const int ActorLength = 100;

    /// <summary>Longest stream name; ASCII letters, digits and <c>/ - _ .</c> only.</summary>
    public const int StreamNameLength = 200;

    /// <summary>Longest alias of an event type; lower-case ASCII letters, digits and hyphens only.</summary>
    public const int TypeLength = 100;

    /// <summary>Most bytes of a document that is kept: 64 MiB. The migration that makes <c>store_document</c> says the same.</summary>
    public const int DocumentBytes = 64 * 1024 * 1024;

    /// <summary>Longest media type of a document.</summary>
    public const int MediaTypeLength = 100;

    /// <summary>Most appends that wait in a process; a further <see cref="IEventLog.AppendAsync"/> waits until there is room.</summary>
    public const int QueuedAppends = 1_024;

    /// <summary>A group takes no further append when it has this many events.</summary>
    public const int EventsPerGroup = 10_000;

    /// <summary>A group takes no further append when it has this many bytes of bodies: 16 MiB.</summary>
    public const int BytesPerGroup = 16 * 1024 * 1024;

    /// <summary>How often a group is tried when the database fails, before its appends get <see cref="LogUnavailableException"/>.</summary>
    public const int AttemptsPerGroup = 3;

    /// <summary>How long an append waits at most for others that hold the head: a bulk append holds it until it is stored. Longer than
    /// that, it fails with <see cref="LogUnavailableException"/>.</summary>
    public static readonly TimeSpan HeadWait = TimeSpan.FromMinutes(15);

    /// <summary>How long the transaction of a bulk append may be without a statement before the server ends it: a year is made ready beside it
    /// meanwhile, and a busy disk takes its time for that.</summary>
    public static readonly TimeSpan BulkPause = TimeSpan.FromMinutes(2);

    /// <summary>How often an append that waits for the head looks up whether the server is still there.</summary>
    public static readonly TimeSpan HeadLookUp = TimeSpan.FromSeconds(5);

    /// <summary>An import of a log commits whole commands, as soon as they have this many events together.</summary>
    public const int EventsPerImportedPiece = 50_000;

    /// <summary>Rows that a reader asks for at a time.</summary>
    public const int RowsPerPage = 1_000;

    /// <summary>Most handlers of a scan, each with a connection of its own.</summary>
    public const int ScanHandlers = 16;

    /// <summary>How often a process tells others at most that it has appended.</summary>
    public static readonly TimeSpan RingInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a listener looks up at least whether its log has moved to another server.</summary>
    public static readonly TimeSpan SourceLookUp = TimeSpan.FromSeconds(10);

    /// <summary>How long a subscription waits at most before it looks at the head again.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Checks a request against the limits.</summary>
    /// <returns>The number of events and the bytes of their bodies.</returns>
    /// <exception cref="ArgumentException">The request is beyond a limit or empty; the message says where.</exception>
    internal static (int Events, int Bytes) Check(AppendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckCommand(request.CommandId, request.Actor);
        Require(request.Streams is { Count: > 0 }, "The request names no stream.");

        var names = request.Streams.Count == 1 ? null : new HashSet<string>(request.Streams.Count, StringComparer.Ordinal);
        var (events, bytes) = (0, 0L);
        foreach (var append in request.Streams)
        {
            bytes += Check(append);
            if (names?.Add(append.Stream) == false)
            {
                throw new ArgumentException($"Stream '{append.Stream}' stands twice in the request.");
            }

            events += append.Events.Count;
            if (events > EventsPerAppend || bytes > BytesPerAppend)
            {
                throw new ArgumentException($"The request has more than {EventsPerAppend} events or its bodies more than {BytesPerAppend} bytes.");
            }
        }

        return (events, (int)bytes);
    }

    /// <summary>Checks a bulk append's id and actor against the limits.</summary>
    /// <exception cref="ArgumentException">One of them is beyond a limit.</exception>
    internal static void CheckCommand(Guid commandId, string actor)
    {
        Require(commandId != Guid.Empty, "The command id is empty.");
        Require(IsActor(actor), $"The actor is not 1 to {ActorLength} characters without control characters.");
    }

    /// <summary>Checks what goes to one stream against the limits.</summary>
    /// <returns>The bytes of the bodies.</returns>
    /// <exception cref="ArgumentException">It is beyond a limit or empty; the message says where.</exception>
    internal static long Check(StreamAppend append)
    {
        if (append is null || !IsStreamName(append.Stream))
        {
            throw new ArgumentException($"'{append?.Stream}' is not a stream name.");
        }

        // The messages are made only when they are needed: this runs for each event.
        if (append.ExpectedVersion < 0 || append.Events is not { Count: > 0 and <= EventsPerAppend } || append.ExpectedVersion > long.MaxValue - append.Events.Count)
        {
            throw new ArgumentException(
                $"Stream '{append.Stream}' can't go on from version {append.ExpectedVersion} by {append.Events?.Count ?? 0} events, of which there may be 1 to {EventsPerAppend}.");
        }

        var bytes = 0L;
        for (var i = 0; i < append.Events.Count; i++)
        {
            bytes += Check(append.Events[i], append.Stream, i);
            if (bytes > BytesPerAppend)
            {
                throw new ArgumentException($"The bodies for stream '{append.Stream}' are longer than {BytesPerAppend} bytes.");
            }
        }

        return bytes;
    }

    /// <summary>Checks a document against the limits.</summary>
    /// <exception cref="ArgumentException">The document is beyond a limit; the message says which.</exception>
    internal static void CheckDocument(byte[] content, string mediaType)
    {
        ArgumentNullException.ThrowIfNull(content);
        Require(content.Length <= DocumentBytes, $"The document is longer than {DocumentBytes} bytes.");
        Require(
            mediaType is { Length: > 0 and <= MediaTypeLength } && mediaType.All(c => c is >= ' ' and <= '~') && mediaType.Contains('/', StringComparison.Ordinal),
            $"'{mediaType}' is not a media type.");
    }

    /// <summary>True for 1 to <see cref="StreamNameLength"/> ASCII letters, digits and <c>/ - _ .</c>.</summary>
    internal static bool IsStreamName(string? name) =>
        name is { Length: > 0 and <= StreamNameLength } && !name.AsSpan().ContainsAnyExcept(StreamCharacters);

    private static int Check(NewEvent @event, string stream, int index)
    {
        var wrong =
            @event is null ? "is null"
            : !IsType(@event.Type) ? $"has '{@event.Type}', which is not an alias of an event type"
            : @event.SchemaVersion is < 1 or > SchemaVersion ? $"has schema version {@event.SchemaVersion}"
            : @event.AccountingDate.Calendar != CalendarSystem.Iso || @event.AccountingDate.Year is < 1 or > 9999 ? "has an accounting date that is not an ISO date of the years 1 to 9999"
            : @event.Body is not { Length: <= BodyBytes } ? $"has a body longer than {BodyBytes} bytes"
            : !IsJson(@event.Body) ? "has a body that is not JSON in UTF-8"
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException($"Event {index} for stream '{stream}' {wrong}.");
        }

        return @event!.Body!.Length;
    }

    private static bool IsActor(string? actor)
    {
        if (actor is not { Length: > 0 and <= ActorLength })
        {
            return false;
        }

        // A lone surrogate has no UTF-8 form; a control character (NUL among them) has no place in a name.
        for (var i = 0; i < actor.Length; i++)
        {
            if (char.IsControl(actor[i]) || (char.IsSurrogate(actor[i]) && !(char.IsSurrogatePair(actor, i) && i++ < actor.Length)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsType(string? type) =>
        type is { Length: > 0 and <= TypeLength } && !type.AsSpan().ContainsAnyExcept(TypeCharacters);

    private static bool IsJson(byte[] body)
    {
        // The reader leaves the inside of strings alone, so the encoding is checked on its own.
        if (!Utf8.IsValid(body))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = BodyDepth });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
