using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using Microsoft.Extensions.Caching.Memory;

namespace FinalAccounts.Server.Books;

/// <summary>
/// What the server has read and built, for as long as there is room: events by stream, books with their documents, and documents
/// alone, which are far smaller. Nothing in it is ever wrong: what depends on the log is kept under what it depends on.
/// </summary>
public sealed class BooksCache : IDisposable
{
    // Measured on the samples: a decoded posting, what a fold adds to it, a figure with its query and its cell.
    private const int BytesPerEvent = 900;
    private const int BytesPerFoldedEvent = 250;
    private const int BytesPerFigure = 900;

    private readonly MemoryCache cache;

    /// <param name="megabytes">About how much may be kept.</param>
    public BooksCache(int megabytes) => cache = new(new MemoryCacheOptions { SizeLimit = (long)megabytes << 20 });

    /// <summary>The events of a stream that are kept, from its first; empty when none are.</summary>
    internal IReadOnlyList<RecordedEvent> Events(RegionCode region, string stream) =>
        cache.TryGetValue((region, stream), out IReadOnlyList<RecordedEvent>? events) ? events! : [];

    /// <summary>Keeps a stream's events from its first on.</summary>
    internal void Keep(RegionCode region, string stream, IReadOnlyList<RecordedEvent> events) =>
        cache.Set((region, stream), events, new MemoryCacheEntryOptions { Size = (long)events.Count * BytesPerEvent });

    /// <summary>Books with their document.</summary>
    /// <param name="tag">What they depend on.</param>
    internal Task<ReportedYear> ReportAsync(
        RegionCode region, YearQuery query, Func<string> tag, Func<CancellationToken, Task<ReportedYear>> build, CancellationToken cancellationToken) =>
        KeptAsync(
            (region, query, Kept.Report),
            tag,
            build,
            r => ((r.Books.Current.Events.Count + (r.Books.Prior?.Events.Count ?? 0L)) * BytesPerFoldedEvent) + SizeOf(r.Document),
            cancellationToken);

    /// <summary>A document alone.</summary>
    /// <param name="tag">What it depends on.</param>
    internal Task<DisclosureDocument> DocumentAsync(
        RegionCode region, YearQuery query, Func<string> tag, Func<CancellationToken, Task<DisclosureDocument>> build, CancellationToken cancellationToken) =>
        KeptAsync((region, query, Kept.Document), tag, build, SizeOf, cancellationToken);

    public void Dispose() => cache.Dispose();

    private static long SizeOf(DisclosureDocument document) => document.Figures.Count * (long)BytesPerFigure;

    /// <summary>
    /// What is kept under the key and the tag, or built anew. Those who ask at the same time wait for one; what was built while the log moved on
    /// is built again, so that a tag never stands for two different things.
    /// </summary>
    private async Task<T> KeptAsync<T>(
        object key, Func<string> tag, Func<CancellationToken, Task<T>> build, Func<T, long> size, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = tag();
            Lazy<Task<T>> building;
            lock (cache)
            {
                if (!cache.TryGetValue(key, out Entry<T>? entry) || entry!.Tag != now)
                {
                    // Others wait for it too, so that it does not end with the one who asked first.
                    entry = new(now, new(() => Task.Run(() => build(CancellationToken.None))));
                    cache.Set(key, entry, new MemoryCacheEntryOptions { Size = BytesPerFigure });
                }

                building = entry.Building;
            }

            try
            {
                var wasBuilt = building.IsValueCreated && building.Value.IsCompletedSuccessfully;
                var built = await building.Value.WaitAsync(cancellationToken);
                if (wasBuilt)
                {
                    return built;
                }

                if (tag() == now)
                {
                    cache.Set(key, new Entry<T>(now, building), new MemoryCacheEntryOptions { Size = size(built) });
                    return built;
                }
            }
            catch when (building.Value.IsFaulted)
            {
                cache.Remove(key);
                throw;
            }
        }
    }

    private enum Kept
    {
        Report,
        Document,
    }

    private sealed record Entry<T>(string Tag, Lazy<Task<T>> Building);
}
