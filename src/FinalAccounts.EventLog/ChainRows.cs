namespace FinalAccounts.EventLog;

/// <summary>Rows of events with all that the hash covers, as COPY sends them.</summary>
internal sealed class ChainRows(LogCatalog catalog)
{
    /// <summary>What the rows must have, in this order.</summary>
    public const string Columns =
        "position, stream_id, version, type_id, schema_version, recorded_at, accounting_date, command_id, actor_id, body, hash";

    private readonly CopyRows rows = new(11);
    private readonly EventHash.Chain chain = new();

    // What the row before has named: the next one mostly names the same.
    private NumberedText? stream;
    private NumberedText? type;
    private NumberedText? actor;

    public long Position => rows.Int64(0);

    public ReadOnlySpan<byte> Hash => rows.Field(10);

    private long RecordedMicroseconds => unchecked(rows.Int64(5) + PgTime.EpochMicroseconds);

    /// <inheritdoc cref="CopyRows.Begin"/>
    public void Begin(Stream source) => rows.Begin(source);

    /// <inheritdoc cref="CopyRows.TryNext"/>
    /// <exception cref="LogDamagedException">The row names a stream, type or actor that is not stored.</exception>
    public bool? TryNext()
    {
        if (rows.TryNext() is not true and var other)
        {
            return other;
        }

        if ((stream?.Number != rows.Int32(1) && !catalog.TryStream(rows.Int32(1), out stream))
            || (type?.Number != rows.Int16(3) && !catalog.TryType(rows.Int16(3), out type))
            || (actor?.Number != rows.Int32(8) && !catalog.TryActor(rows.Int32(8), out actor)))
        {
            throw new LogDamagedException(Position, $"Position {Position} names a stream, type or actor that is not stored.");
        }

        return true;
    }

    /// <inheritdoc cref="CopyRows.FetchAsync"/>
    public ValueTask FetchAsync(CancellationToken cancellationToken) => rows.FetchAsync(cancellationToken);

    /// <inheritdoc cref="CopyRows.EndAsync"/>
    public Task EndAsync(CancellationToken cancellationToken) => rows.EndAsync(cancellationToken);

    /// <summary>Puts this event's hash in the place of its predecessor's.</summary>
    public void ChainHash(Span<byte> hash) => chain.Next(
        hash, Position, stream!.Canonical, rows.Int32(2), type!.Canonical, rows.Int16(4), RecordedMicroseconds,
        unchecked(rows.Int32(6) + PgTime.EpochDays), new Guid(rows.Field(7), bigEndian: true), actor!.Canonical, rows.Field(9));

    public ScannedEvent Event() => new(Position, stream!.Text, type!.Text, rows.Int16(4), RecordedMicroseconds, actor!.Text, rows.Field(9));
}
