using System.Collections.Concurrent;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Projections;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>The database goes, at random moments, while two processes append and project: both go on when it is back, without being told.</summary>
public sealed class StoppedDatabaseTest
{
    private const int Seed = 60;
    private const int Stops = 6;

    [Fact]
    public async Task Stopped_at_once_or_killed_and_started_again_nothing_is_lost_and_all_goes_on_by_itself()
    {
        var server = new LogServer();
        await server.InitializeAsync();
        try
        {
            await using var region = await TestRegion.NewAsync(server);
            ConcurrentBag<Acknowledged> answers = [];
            using var answered = new SemaphoreSlim(0);
            using var one = new WriterProcess(server.ApplicationConnectionString, "books", region.Code, Seed, 3);
            using var two = new WriterProcess(server.ApplicationConnectionString, "books", region.Code, Seed + 1, 3);
            var reading = new[] { one, two }.Select(p => ReadAsync(p, answers, answered)).ToList();
            var random = new Random(Seed);
            for (var stop = 0; stop < Stops; stop++)
            {
                for (var wait = random.Next(20, 300); wait > 0; wait--)
                {
                    await answered.WaitAsync();
                }

                await (stop % 2 == 0 ? server.StopAtOnceAsync() : Task.Run(server.Kill));
                await server.RestartAsync();
            }

            one.Tell();
            two.Tell();
            await Task.WhenAll(reading);
            await region.UntilAsync(s => s.EventsBehind == 0);

            answers.ShouldAllBeStored(await region.Log.ReadAllAsync(), $"seed {Seed}");
            (await region.Log.ReadHeadAsync(default)).Position.ShouldBe(answers.Max(a => a.Last));
            (await server.VerifyAsync(region.Code)).Findings.ShouldBeEmpty($"seed {Seed}");
            (await Answers.ReadSpentAsync(server.Application, region.Code)).ShouldBe(answers.DistinctBy(a => a.CommandId).Sum(a => a.Fen));
            await region.ShouldHoldAllAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task ReadAsync(WriterProcess process, ConcurrentBag<Acknowledged> answers, SemaphoreSlim answered)
    {
        while (await process.ReadLineAsync() is { } line)
        {
            if (line == "enough.")
            {
                return;
            }

            answers.Add(WriterProcess.Parse(line)!);
            answered.Release();
        }

        await process.ExitAsync();
        throw new InvalidOperationException("The process has ended.");
    }
}
