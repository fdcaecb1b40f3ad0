using System.Diagnostics;
using System.Globalization;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Projections;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>
/// Two processes append to the same region and keep its tables, for ten seconds; for as many as FINALACCOUNTS_TWO_PROCESSES_SECONDS
/// says where it is set.
/// </summary>
[Collection(LogServerCollection.Name)]
public sealed class TwoProcessesTest(LogServer server)
{
    private const int Seed = 40;
    private const int Writers = 4;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_processes_leave_no_gap_skip_nothing_and_agree_on_the_totals_and_one_goes_on_for_the_other()
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("FINALACCOUNTS_TWO_PROCESSES_SECONDS") ?? "10", CultureInfo.InvariantCulture);
        await using var region = await TestRegion.NewAsync(server);
        using var one = Start(region, Seed);
        using var two = Start(region, Seed + 1);
        var answers = (await Task.WhenAll(ReadForAsync(one, seconds), ReadForAsync(two, seconds))).SelectMany(a => a).ToList();
        answers.Count.ShouldBeGreaterThan(100);

        // The answers tile the log: each position was given once, and none was left out.
        answers.ShouldAllBe(a => !a.Repeated);
        var ordered = answers.OrderBy(a => a.First).ToList();
        ordered.Select(a => a.First).SequenceEqual(ordered.Select(a => a.Last + 1).Prepend(1).SkipLast(1)).ShouldBeTrue($"seed {Seed}");
        var head = (await region.Log.ReadHeadAsync(default)).Position;
        ordered[^1].Last.ShouldBe(head);
        answers.ShouldAllBeStored(await region.Log.ReadAllAsync(), $"seed {Seed}");
        (await server.VerifyAsync(region.Code)).Findings.ShouldBeEmpty($"seed {Seed}");

        // Three ways to the same total: the answers, the tables, the fold of all events.
        (await region.Reader.WaitForAsync(head, Long, default)).ShouldBeTrue();
        (await Answers.ReadSpentAsync(server.Application, region.Code)).ShouldBe(answers.Sum(a => a.Fen));
        await region.ShouldHoldAllAsync();

        var leader = await ReadLeaderAsync(region);
        (leader == $"fa-{Seed}" ? one : two).Kill();
        (await region.Reader.WaitForAsync(await region.AppendAsync(1), Long, default)).ShouldBeTrue();
        (await ReadLeaderAsync(region)).ShouldNotBe(leader);
        await region.ShouldHoldAllAsync();
    }

    private WriterProcess Start(TestRegion region, int seed)
    {
        var connection = new NpgsqlConnectionStringBuilder(server.ApplicationConnectionString) { ApplicationName = string.Create(CultureInfo.InvariantCulture, $"fa-{seed}") };
        return new(connection.ConnectionString, "books", region.Code, seed, Writers);
    }

    /// <summary>Reads the answers for a while from the first one on, then tells the process that it is enough and reads those that still come.</summary>
    private static async Task<List<Acknowledged>> ReadForAsync(WriterProcess process, double seconds)
    {
        List<Acknowledged> answers = [];
        var began = 0L;
        var isTold = false;
        while (await process.ReadLineAsync() is { } line)
        {
            if (line == "enough.")
            {
                return answers;
            }

            began = began == 0 ? Stopwatch.GetTimestamp() : began;
            answers.Add(WriterProcess.Parse(line)!);
            if (!isTold && Stopwatch.GetElapsedTime(began).TotalSeconds >= seconds)
            {
                process.Tell();
                isTold = true;
            }
        }

        await process.ExitAsync();
        throw new InvalidOperationException("The process has ended.");
    }

    /// <summary>Which process holds the lock of the region's projector.</summary>
    private async Task<string> ReadLeaderAsync(TestRegion region) => await server.Superuser.QueryAsync<string>(
        $"select a.application_name from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted and l.objid = {region.Code}");
}
