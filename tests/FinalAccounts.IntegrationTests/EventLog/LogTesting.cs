using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Npgsql;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>Short ways to write and read a log.</summary>
internal static class LogTesting
{
    public static readonly LocalDate Date = new(2024, 3, 15);

    public static NewEvent Event(string body = """{"amount":100}""", string type = "tested") => new(type, 1, Date, Encoding.UTF8.GetBytes(body));

    public static AppendRequest Request(string stream, long expectedVersion, params NewEvent[] events) =>
        new(CommandId.Next(), "张三", [new(stream, expectedVersion, events.Length == 0 ? [Event()] : events)]);

    public static NewEvent Encoded(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    /// <summary>Closes a year under a seal of the log as it stands.</summary>
    public static async Task CloseAsync(this IEventLog log, string stream, long version) =>
        await log.AppendAsync(Request(stream, version, Encoded(new YearClosed(Date, default, default, await log.ReadHeadAsync(CancellationToken.None)))));

    /// <summary>A close under the seal of the log's beginning.</summary>
    public static NewEvent Closed(RegionCode region) =>
        Encoded(new YearClosed(Date, default, default, new(0, Convert.ToHexStringLower(EventHash.Genesis(region)))));

    public static Task<AppendResult> AppendAsync(this IEventLog log, AppendRequest request) => log.AppendAsync(request, CancellationToken.None);

    public static Task<List<StoredEvent>> ReadAllAsync(this IEventLog log, long after = 0) =>
        log.ReadAllAsync(after, CancellationToken.None).ToListAsync();

    public static Task<List<StoredEvent>> ReadStreamAsync(this IEventLog log, string stream, long from = 1) =>
        log.ReadStreamAsync(stream, from, CancellationToken.None).ToListAsync();

    public static async IAsyncEnumerable<StreamAppend> Pieces(params StreamAppend[] pieces)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            yield return piece;
        }
    }

    public static Task<LogVerification> VerifyAsync(this LogServer server, RegionCode region, params Seal[] seals) =>
        LogVerifier.VerifyAsync(server.Superuser, region, seals, [], null, CancellationToken.None);

    /// <summary>Holds the log's head, so that appends pile up behind it, until the transaction ends.</summary>
    public static async Task<NpgsqlConnection> HoldHeadAsync(this LogServer server, RegionCode region)
    {
        var connection = await server.Application.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"begin; select position from {LogSchema.NameOf(region)}.lock_head()", connection);
        await command.ExecuteScalarAsync();
        return connection;
    }

    public static async Task ReleaseAsync(this NpgsqlConnection holder)
    {
        await using (var command = new NpgsqlCommand("rollback", holder))
        {
            await command.ExecuteNonQueryAsync();
        }

        await holder.DisposeAsync();
    }

    private static async Task<List<StoredEvent>> ToListAsync(this IAsyncEnumerable<StoredEvent> events)
    {
        var list = new List<StoredEvent>();
        await foreach (var e in events)
        {
            list.Add(e);
        }

        return list;
    }
}

/// <summary>A clock that shows what it is told.</summary>
internal sealed class SetClock(Instant now) : IClock
{
    public Instant Now { get; set; } = now;

    public Instant GetCurrentInstant() => Now;
}

/// <summary>Adds up what it is told of.</summary>
internal sealed class Told : IProgress<long>
{
    private long sum;

    public long Sum => sum;

    public void Report(long value) => Interlocked.Add(ref sum, value);
}
