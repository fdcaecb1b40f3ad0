using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using FinalAccounts.ServerTests.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Faults;

/// <summary>
/// The server is killed (SIGKILL) at random moments while it records commands, and started again. What is random follows from a seed, as
/// far as the machine lets it.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class KilledServerTest(PostgresFixture postgres)
{
    private const int Seed = 100;
    private const string SupplementPath = $"{ApiServer.Year}/commands/supplement-budget";
    private static readonly string Where = $"seed {Seed}";

    [Fact]
    public async Task Commands_sent_until_they_are_answered_are_recorded_once_through_6_kills_and_keep_their_answers()
    {
        const int Kills = 6;
        const int Programs = 4;
        await using var server = await ServerProcess.StartAsync(postgres, ApiServer.Region, database => SampleBooks.AddAsync(database, "yiyang-2024", close: false));
        ConcurrentDictionary<string, (string Body, string Answer)> answers = [];
        using var answered = new SemaphoreSlim(0);
        using var enough = new CancellationTokenSource();
        var programs = Enumerable.Range(0, Programs).Select(program => Task.Run(async () =>
        {
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"{program}-{n}");
                var body = Supplement(key, (program * 1_000_000) + n + 1);
                answers[key] = (body, await RecordUntilAnsweredAsync(server, key, body));
                answered.Release();
            }
        })).ToList();

        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            for (var wait = random.Next(1, 80); wait > 0; wait--)
            {
                // A program that ends now has failed.
                await await Task.WhenAny([answered.WaitAsync(), .. programs]);
            }

            server.Kill();
            await server.StartAgainAsync();
        }

        await enough.CancelAsync();
        await Task.WhenAll(programs);

        // Each stands in the log once, and its key still gets the first answer.
        answers.Count.ShouldBeGreaterThan(Kills);
        (await server.QueryAsync($"select count(*) from region_{ApiServer.Region}.events_readable where type = 'budget-supplemented' and body like '%测试-%'")).ShouldBe(answers.Count, Where);
        foreach (var (key, (body, answer)) in answers)
        {
            using var again = await server.Bureau.PostAsync(SupplementPath, body, ("Idempotency-Key", key));
            (await again.Content.ReadAsStringAsync()).ShouldBe(answer, Where);
            again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"], Where);
        }

        await server.ShouldBeIntactAsync(Where);
    }

    private static string Supplement(string number, long fen) => $$"""
        {"date":"2024-06-03","documentNumber":"测试-{{number}}","purpose":"追加","lines":
         [{"function":"2080101","fund":"一般公共预算","kind":"基本支出","amount":{{fen}}}]}
        """;

    /// <summary>Sends a command again as long as no answer comes, as a program does whose server is away.</summary>
    private static async Task<string> RecordUntilAnsweredAsync(ServerProcess server, string key, string body)
    {
        while (true)
        {
            try
            {
                using var response = await server.Bureau.PostAsync(SupplementPath, body, ("Idempotency-Key", key));
                var text = await response.Content.ReadAsStringAsync();

                // Others record in the same year all the time; who meets them too often is told to repeat.
                if (response.StatusCode != HttpStatusCode.Conflict)
                {
                    response.StatusCode.ShouldBe(HttpStatusCode.Created, text);
                    return text;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                await server.Ready;
            }
        }
    }
}
