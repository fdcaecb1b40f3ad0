using NodaTime;

namespace FinalAccounts.EventLog;

/// <summary>An event as it comes from the server, of which no object is made. Its body is there only as long as the call that hands it over.</summary>
/// <param name="type">Alias of the event type.</param>
/// <param name="recordedMicroseconds">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="body">JSON in UTF-8.</param>
public readonly ref struct ScannedEvent(
    long position, string stream, string type, int schemaVersion, long recordedMicroseconds, string actor, ReadOnlySpan<byte> body)
{
    public long Position { get; } = position;

    public string Stream { get; } = stream;

    public string Type { get; } = type;

    public int SchemaVersion { get; } = schemaVersion;

    public long RecordedMicroseconds { get; } = recordedMicroseconds;

    public Instant RecordedAt => Instant.FromUnixTimeTicks(RecordedMicroseconds * 10);

    public string Actor { get; } = actor;

    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>Takes an event of a scan.</summary>
public delegate void ScannedEventHandler(in ScannedEvent scanned);
