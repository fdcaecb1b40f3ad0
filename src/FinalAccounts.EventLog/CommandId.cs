namespace FinalAccounts.EventLog;

/// <summary>Ids to append under.</summary>
public static class CommandId
{
    private const int FractionsPerMillisecond = 1 << 12;

    /// <summary>
    /// A new id of version 7 whose twelve bits behind the millisecond hold its fraction (RFC 9562, 6.2, method 3). It is greater than what
    /// was made a quarter of a microsecond before, so that the log sees without a look at its events that it is new.
    /// <see cref="Guid.CreateVersion7()"/> leaves the order within a millisecond to chance.
    /// </summary>
    public static Guid Next()
    {
        var now = DateTimeOffset.UtcNow;
        var fraction = now.Ticks % TimeSpan.TicksPerMillisecond * FractionsPerMillisecond / TimeSpan.TicksPerMillisecond;
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        (bytes[6], bytes[7]) = ((byte)(0x70 | (fraction >> 8)), (byte)fraction);
        return new(bytes, bigEndian: true);
    }
}
