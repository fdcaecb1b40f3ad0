using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.IntegrationTests.EventLog.Files;

/// <summary>Events with a chain of hashes that fits, whatever else they break: as one makes them who has this program.</summary>
internal sealed class ForgedLog(RegionCode region)
{
    public static readonly Instant Time = Instant.FromUtc(2024, 1, 5, 8, 9, 10);

    private readonly List<StoredEvent> events = [];
    private byte[] hash = EventHash.Genesis(region);

    public IReadOnlyList<StoredEvent> Events => events;

    /// <summary>Adds an event, by default the first of a stream and a command of its own.</summary>
    public ForgedLog Add(
        string stream, long version = 1, string body = "1", Guid? commandId = null, Instant? recordedAt = null, string actor = "王", string type = "tested",
        int schemaVersion = 1, long? position = null)
    {
        var e = new StoredEvent(
            position ?? events.Count + 1, stream, version, type, schemaVersion, recordedAt ?? Time, new(2023, 12, 31), commandId ?? Guid.CreateVersion7(), actor,
            Encoding.UTF8.GetBytes(body), []);
        hash = EventHash.Of(hash, e);
        events.Add(e with { Hash = hash });
        return this;
    }

    /// <summary>Writes the events as one run into a file.</summary>
    public async Task<string> WriteAsync(string path, FiscalYear? year = null)
    {
        await using var file = File.Create(path);
        await using var writer = new LogFileWriter(file, new(region, year), LogFileName.IsCompressed(path));
        await writer.BeginRunAsync(new(0, Convert.ToHexStringLower(EventHash.Genesis(region))), default);
        foreach (var e in events)
        {
            await writer.WriteAsync(e, default);
        }

        await writer.EndAsync(default);
        return path;
    }
}
