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
    /// <summary>Most events of one append, over all its streams.</summary>
    public const int EventsPerAppend = 100_000;

    /// <summary>Most bytes of all bodies of one append: 64 MiB.</summary>
    public const int BytesPerAppend = 64 * 1024 * 1024;

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

    /// <summary>Rows that a reader asks for at a time.</summary>
    public const int RowsPerPage = 1_000;

    /// <summary>How long a subscription waits at most before it looks at the head again.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Checks a request against the limits.</summary>
    /// <returns>The number of events and the bytes of their bodies.</returns>
    /// <exception cref="ArgumentException">The request is beyond a limit or empty; the message says where.</exception>
    internal static (int Events, int Bytes) Check(AppendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Require(request.CommandId != Guid.Empty, "The command id is empty.");
        Require(IsActor(request.Actor), $"The actor is not 1 to {ActorLength} characters without control characters.");
        Require(request.Streams is { Count: > 0 }, "The request names no stream.");

        var names = new HashSet<string>(request.Streams.Count, StringComparer.Ordinal);
        var (events, bytes) = (0, 0L);
        foreach (var append in request.Streams)
        {
            Require(append is not null && IsStreamName(append.Stream), $"'{append?.Stream}' is not a stream name.");
            Require(names.Add(append!.Stream), $"Stream '{append.Stream}' stands twice in the request.");
            Require(append.ExpectedVersion >= 0, $"Expected version {append.ExpectedVersion} of stream '{append.Stream}' is negative.");
            Require(append.Events is { Count: > 0 }, $"There are no events for stream '{append.Stream}'.");
            Require(append.ExpectedVersion <= long.MaxValue - append.Events.Count, $"Stream '{append.Stream}' would overflow.");
            Require(append.Events.Count <= EventsPerAppend - events, $"The request has more than {EventsPerAppend} events.");
            for (var i = 0; i < append.Events.Count; i++)
            {
                bytes += Check(append.Events[i], append.Stream, i);
                Require(bytes <= BytesPerAppend, $"The bodies of the request are longer than {BytesPerAppend} bytes.");
            }

            events += append.Events.Count;
        }

        return (events, (int)bytes);
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
        name is { Length: > 0 and <= StreamNameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');

    private static int Check(NewEvent @event, string stream, int index)
    {
        Require(@event is not null, $"Event {index} for stream '{stream}' is null.");
        Require(IsType(@event!.Type), $"'{@event.Type}' (event {index} for stream '{stream}') is not an alias of an event type.");
        Require(@event.SchemaVersion >= 1, $"Event {index} for stream '{stream}' has schema version {@event.SchemaVersion}.");
        Require(
            @event.AccountingDate.Calendar == CalendarSystem.Iso && @event.AccountingDate.Year is >= 1 and <= 9999,
            $"The accounting date of event {index} for stream '{stream}' is not an ISO date of the years 1 to 9999.");
        Require(@event.Body is { Length: <= BodyBytes }, $"The body of event {index} for stream '{stream}' is longer than {BodyBytes} bytes.");
        Require(IsJson(@event.Body!), $"The body of event {index} for stream '{stream}' is not JSON in UTF-8.");
        return @event.Body!.Length;
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
        type is { Length: > 0 and <= TypeLength } && type.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

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
