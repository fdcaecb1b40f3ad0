using System.Collections;
using System.Runtime.InteropServices;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>An event that is to be recorded, as it will be stored.</summary>
/// <param name="Date">Its accounting date.</param>
public readonly record struct PlannedEvent(EncodedEvent Encoded, LocalDate Date);

/// <summary>
/// New events in their order. As many as <see cref="ImportLimits.PlannedBytesInMemory"/> has room for are held; more go to a file that has
/// no name and so is gone with the process, whatever ends it. Read by one reader at a time.
/// </summary>
public sealed class PlannedEvents : IReadOnlyCollection<LedgerEvent>, IDisposable
{
    private const int FileBuffer = 256 * 1024;

    private readonly Func<string> folder;
    private Stream content = new MemoryStream();

    /// <param name="folder">Asked for a folder when the events are too many to be held.</param>
    internal PlannedEvents(Func<string> folder) => this.folder = folder;

    public int Count { get; private set; }

    /// <summary>The events as they will be stored.</summary>
    public IEnumerable<PlannedEvent> Encoded()
    {
        content.Position = 0;
        var head = new byte[Marshal.SizeOf<Head>()];
        for (var n = 0; n < Count; n++)
        {
            content.ReadExactly(head);
            var read = MemoryMarshal.Read<Head>(head);
            var body = new byte[read.Length];
            content.ReadExactly(body);
            var type = EventCodec.Types[read.Type];
            yield return new(new(type.Alias, type.SchemaVersion, body), new(read.Year, read.Month, read.Day));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<LedgerEvent> GetEnumerator() =>
        Encoded().Select(e => EventCodec.Decode(e.Encoded.Type, e.Encoded.SchemaVersion, e.Encoded.Body)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose() => content.Dispose();

    /// <summary>Adds an event; not while the events are read.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    internal EncodedEvent Add(LedgerEvent @event)
    {
        var encoded = EventCodec.Encode(@event);
        var head = new Head(encoded.Body.Length, IndexOf(@event), @event.Date);
        content.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Head>(in head)));
        content.Write(encoded.Body);
        Count++;
        if (content is MemoryStream held && held.Length > ImportLimits.PlannedBytesInMemory)
        {
            content = Spill(held);
        }

        return encoded;
    }

    private FileStream Spill(MemoryStream held)
    {
        var path = Path.Combine(folder(), $"import-{Guid.NewGuid():N}.tmp");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileBuffer);
        File.Delete(path);
        held.WriteTo(file);
        held.Dispose();
        return file;
    }

    private static short IndexOf(LedgerEvent @event)
    {
        var type = EventCodec.TypeOf(@event);
        for (short i = 0; ; i++)
        {
            if (EventCodec.Types[i] == type)
            {
                return i;
            }
        }
    }

    /// <summary>What stands before each body.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Head(int length, short type, LocalDate date)
    {
        public readonly int Length = length;
        public readonly short Type = type;
        public readonly short Year = (short)date.Year;
        public readonly byte Month = (byte)date.Month;
        public readonly byte Day = (byte)date.Day;
    }
}
