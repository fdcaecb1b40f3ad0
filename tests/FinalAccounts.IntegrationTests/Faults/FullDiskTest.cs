using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.IntegrationTests.Projections;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>The database's disk is full for a while.</summary>
public sealed class FullDiskTest
{
    private const int EventsPerAppend = 100;
    private const int Pieces = 200;

    [Fact]
    public async Task Appends_are_refused_nothing_is_half_stored_and_with_room_again_all_goes_on()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["small"]);
        using var disk = SmallDisk.Mount(directory["small"], megabytes: 112);
        var server = new LogServer(directory["small/postgres"]);
        await server.InitializeAsync();
        try
        {
            await using var region = await TestRegion.NewAsync(server);
            using var projecting = new WriterProcess(server.ApplicationConnectionString, "project", region.Code);
            await region.Reader.WaitForAsync(await region.AppendAsync(1), TimeSpan.FromSeconds(60), default);
            Fill(directory["small/filler"]);

            var stored = 0;
            var refused = await AppendUntilRefusedAsync(region, () => stored++);
            await Should.ThrowAsync<LogUnavailableException>(() => AppendBulkAsync(region));
            File.Delete(directory["small/filler"]);

            // A server that could not even write its own log of changes has gone down.
            await server.RestartAsync();
            await UntilAnsweredAsync(() => region.Log.AppendAsync(refused));
            await UntilAnsweredAsync(() => AppendBulkAsync(region));
            var head = (await region.Log.ReadHeadAsync(default)).Position;
            head.ShouldBe(1 + ((stored + 1) * EventsPerAppend) + (Pieces * EventsPerAppend));

            // The projector's process was told nothing.
            var status = await region.UntilAsync(s => s.EventsBehind == 0);
            (status.Live!.Number, status.Live.State, status.Live.Position).ShouldBe((1, GenerationState.Running, head));
            await region.ShouldHoldAllAsync();
            (await server.VerifyAsync(region.Code)).Findings.ShouldBeEmpty();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<AppendRequest> AppendUntilRefusedAsync(TestRegion region, Action stored)
    {
        for (var n = 0; ; n++)
        {
            var request = LogTesting.Request(StreamOf(n), 0, Postings());
            try
            {
                await region.Log.AppendAsync(request);
                stored();
            }
            catch (LogUnavailableException)
            {
                return request;
            }
        }
    }

    private static async Task<AppendResult> AppendBulkAsync(TestRegion region) => await region.Log.AppendBulkAsync(
        new Guid("00000000-0000-0000-0000-000000000001"), "张三", LogTesting.Pieces([.. Enumerable.Range(0, Pieces).Select(n => new StreamAppend(StreamOf(90_000 + n), 0, Postings()))]), default);

    /// <summary>Sends the same again as long as the database does not answer, as any caller may.</summary>
    private static async Task UntilAnsweredAsync(Func<Task<AppendResult>> append)
    {
        while (true)
        {
            try
            {
                await append();
                return;
            }
            catch (LogUnavailableException)
            {
            }
        }
    }

    private static string StreamOf(int n) => Streams.Year(new(string.Create(CultureInfo.InvariantCulture, $"{400_000 + n}")), new(2024));

    private static NewEvent[] Postings()
    {
        var encoded = EventCodec.Encode(TestRegion.Posting(new(2024, 5, 1), TestRegion.Fen));
        return [.. Enumerable.Repeat(new NewEvent(encoded.Type, encoded.SchemaVersion, new(2024, 5, 1), encoded.Body), EventsPerAppend)];
    }

    /// <summary>Takes all the space that is left.</summary>
    private static void Fill(string file)
    {
        using var filler = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(block);
            }
        }
        catch (IOException)
        {
            filler.Length.ShouldBeGreaterThan(0);
        }
    }
}
