namespace FinalAccounts.EventLog.Files;

/// <summary>A log file that is read event by event.</summary>
internal sealed class OpenLogFile : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly LogFileReader reader;
    private readonly IAsyncEnumerator<StoredEvent> events;

    private OpenLogFile(FileStream file, LogFileReader reader, CancellationToken cancellationToken)
    {
        (this.file, this.reader) = (file, reader);
        events = reader.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public string Path => file.Name;

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    public LogFileHeader Header => reader.Header;

    /// <summary>What the file holds; known when <see cref="Next"/> is null.</summary>
    public LogFileContents Contents => reader.Contents;

    /// <summary>The event that the file stands at; null behind the last one.</summary>
    public StoredEvent? Next { get; private set; }

    /// <summary>The line of <see cref="Next"/>, unpacked, from 1.</summary>
    public long Line => reader.Line;

    /// <summary>Bytes of the file that have been read.</summary>
    public long BytesRead => file.Position;

    /// <summary>Bytes of the file.</summary>
    public long Bytes => file.Length;

    /// <summary>Opens a file at its first event. By its first bytes it is compressed or not: its name may have been changed.</summary>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static async Task<OpenLogFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        try
        {
            var reader = await LogFileReader.OpenAsync(file, IsCompressed(file), cancellationToken);
            var opened = new OpenLogFile(file, reader, cancellationToken);
            await opened.MoveAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public async ValueTask MoveAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Next = await events.MoveNextAsync() ? events.Current : null;
    }

    public async ValueTask DisposeAsync()
    {
        await events.DisposeAsync();
        await reader.DisposeAsync();
        await file.DisposeAsync();
    }

    private static bool IsCompressed(FileStream file)
    {
        Span<byte> first = stackalloc byte[GzipMagic.Length];
        var read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return first[..read].SequenceEqual(GzipMagic);
    }
}
