using System.Globalization;
using System.Text;
using FinalAccounts.EventLog;
using NodaTime;

namespace FinalAccounts.LogWriter;

/// <summary>
/// Appends 1 to 30 events at a time with random delays: to a stream of its own, to streams that all writers share (conflicts
/// are certain), to both at once; sends commands again, and rolls back appends that had already moved the head.
/// </summary>
/// <param name="rollBack">Appends something and then not; given how many milliseconds it is to take.</param>
internal sealed class RandomWriter(IEventLog log, Func<int, Task> rollBack, int seed, int writer, TextWriter acknowledged)
{
    private const int SharedStreams = 3;
    private static readonly LocalDate Date = new(2024, 5, 1);

    private readonly Random random = new((seed * 1000) + writer);
    private readonly string ownStream = string.Create(CultureInfo.InvariantCulture, $"own/{seed}-{writer}");
    private readonly Dictionary<string, long> versions = [];

    /// <summary>Runs until this writer has appended the given number of events or a few more.</summary>
    public async Task RunAsync(int events)
    {
        for (var appended = 0; appended < events;)
        {
            var choice = random.Next(100);
            if (choice < 3)
            {
                await rollBack(random.Next(3));
                continue;
            }

            var shared = string.Create(CultureInfo.InvariantCulture, $"shared/{random.Next(SharedStreams)}");
            string[] streams = choice < 15 ? [shared] : choice < 20 ? [ownStream, shared] : [ownStream];
            var request = NewRequest(streams);
            appended += await AppendAsync(request);
            if (choice > 95)
            {
                await AppendAgainAsync(request);
            }

            if (random.Next(3) == 0)
            {
                await Task.Delay(random.Next(5));
            }
        }
    }

    private AppendRequest NewRequest(string[] streams)
    {
        var id = new byte[16];
        random.NextBytes(id);
        var count = random.Next(1, 31 / streams.Length);
        return new(
            writer % 2 == 0 ? Guid.CreateVersion7() : new Guid(id),
            ownStream,
            [.. streams.Select(s => new StreamAppend(s, versions.GetValueOrDefault(s), [.. Enumerable.Range(1, count).Select(n => NewEvent(n, count, streams.Length))]))]);
    }

    /// <summary>The body says how many events the whole append has, so that half an append would be seen.</summary>
    private NewEvent NewEvent(int number, int perStream, int streams) => new(
        "tested", 1, Date, Encoding.UTF8.GetBytes($$"""{"n":{{number}},"of":{{perStream * streams}},"pad":"{{new string('决', random.Next(60))}}"}"""));

    /// <returns>The events appended; 0 after a conflict.</returns>
    private async Task<int> AppendAsync(AppendRequest request)
    {
        try
        {
            var result = await log.AppendAsync(request, CancellationToken.None);
            await acknowledged.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{request.CommandId} {result.FirstPosition} {result.LastPosition} {(result.Repeated ? "repeated" : "new")}."));
            foreach (var stream in request.Streams)
            {
                versions[stream.Stream] = stream.ExpectedVersion + stream.Events.Count;
            }

            return request.Streams.Sum(s => s.Events.Count);
        }
        catch (VersionConflictException conflict)
        {
            versions[conflict.Stream] = conflict.Found;
            return 0;
        }
    }

    /// <summary>A command sent again is answered as the first time; one that was refused may succeed or be refused again.</summary>
    private Task<int> AppendAgainAsync(AppendRequest request) => AppendAsync(request);
}
