using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Server;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// The HTTP API as programs meet it: a real server on a port of this machine, asked over HTTP. Departments and figures are asked for in
/// turn, each combination once, so that no answer is one that is kept already; documents are built before.
/// </summary>
internal sealed class ApiBenchmark : IAsyncDisposable
{
    private const int Departments = 1_000;
    private const int Postings = 2_000;
    private const int LargePostings = 100_000;
    private const int Samples = 300;
    private const int Readers = 200;

    /// <summary>Departments that are asked about; a bureau's clerks look at some, not at all thousand at once.</summary>
    private const int Asked = 30;

    private static readonly RegionCode Region = new("999997");
    private static readonly FiscalYear Year = new(2024);
    private static readonly TimeSpan Crowd = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("fa-bench-api-");
    private readonly Database database;
    private WebApplication app = null!;
    private HttpClient client = null!;
    private Simulation simulation = null!;

    private readonly Bench bench;

    private ApiBenchmark(Bench bench)
    {
        this.bench = bench;
        database = Database.Of(bench.ConnectionString, bench.ConnectionString);
    }

    private DepartmentCode Large => simulation.Departments[^1];

    /// <summary>Fills a region with books that are made up, and starts a server over them.</summary>
    public static async Task<ApiBenchmark> StartAsync(Bench run)
    {
        var bench = new ApiBenchmark(run);
        await LogSchema.MigrateAsync(bench.database.Owner, Region, null, default);
        bench.simulation = new(Year, FormPack.Load("hunan-2024")!, [.. Enumerable.Repeat(Postings, Departments), LargePostings], seed: 2);
        await using (var log = new PostgresEventLog(bench.database.Application, Region, SystemClock.Instance))
        {
            await bench.simulation.AppendAsync(log, progress: null, default);
        }

        await using (var settle = bench.database.Owner.CreateCommand($"vacuum (analyze) {LogSchema.NameOf(Region)}.events"))
        {
            settle.CommandTimeout = 600;
            await settle.ExecuteNonQueryAsync();
        }

        await bench.ServeAsync();
        return bench;
    }

    public async Task RunAsync()
    {
        var departments = simulation.Departments.Take(Asked).ToList();

        // Also builds each document for the first time, so that it is at hand afterwards.
        var addresses = new Dictionary<DepartmentCode, IReadOnlyList<string>>();
        foreach (var department in departments.Append(Large))
        {
            addresses[department] = await AddressesAsync(department);
        }

        await LineAsync("figure", departments, d => addresses[d].Select(a => $"figure?address={a}"));
        await LineAsync("table", departments, _ => Enumerable.Range(1, 9).Select(n => $"tables/公开{n:00}"));
        await LineAsync("page of figures", departments, _ => Enumerable.Range(1, 10).Select(n => $"figures?limit={n}00"));
        await LineAsync("provenance, 2,000 postings", departments, d => addresses[d].Select(a => $"provenance?address={a}"));
        await LineAsync("page of events", departments, _ => Enumerable.Range(50, 10).Select(n => $"events?limit={n}"));
        await LineAsync("document as HTML", departments, _ => ["document?format=html"]);
        await LineAsync("document as DOCX", departments, _ => ["document?format=docx"]);
        await LineAsync("figure, 100,000 postings", [Large], d => addresses[d].Select(a => $"figure?address={a}"));
        await LineAsync("provenance, 100,000 postings", [Large], d => addresses[d].Select(a => $"provenance?address={a}"));
        await CrowdAsync(departments, addresses);
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        await database.DisposeAsync();
        await SimulatedEvents.DropAsync(bench.DataSource, Region);
        directory.Delete(recursive: true);
    }

    private static string Path(DepartmentCode department) => $"/api/v1/regions/{Region}/departments/{department}/years/{Year}";

    private async Task ServeAsync()
    {
        string[] settings = ["--urls=http://127.0.0.1:0", "--Limits:AccountBurst=100000000", "--Limits:AccountPerSecond=100000000"];
        app = ServerApplication.Build(settings, new(database, directory.FullName, SystemClock.Instance));
        await ServerApplication.PrepareAsync(app, TextWriter.Null, default);
        await app.StartAsync();
        await app.Services.GetRequiredService<LiveRegions>().WhenReadyAsync(default);
        client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * Readers }) { BaseAddress = new(app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync());
    }

    private async Task<string> TokenAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<Users>();
        var (user, _) = await users.CreateAsync("bench", "bench", mustChangePassword: false);
        var bureau = new Assignment(Role.Bureau, Region, null);
        await users.AssignAsync("bench", user, bureau, default);
        var (_, token) = await scope.ServiceProvider.GetRequiredService<Tokens>().CreateAsync(
            new Account(user.Id, user.Name, [bureau], SignInMeans.Cookie), "bench", 1, default);
        return token;
    }

    private async Task<IReadOnlyList<string>> AddressesAsync(DepartmentCode department)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"{Path(department)}/figures?limit=1000");
        return [.. page.GetProperty("items").EnumerateArray().Select(f => Uri.EscapeDataString(f.GetProperty("address").GetString()!))];
    }

    /// <summary>One asker, one request after another, each once.</summary>
    private async Task LineAsync(string what, IReadOnlyList<DepartmentCode> departments, Func<DepartmentCode, IEnumerable<string>> paths)
    {
        var all = departments.SelectMany(d => paths(d).Select(p => $"{Path(d)}/{p}")).ToList();
        var step = Math.Max(1, all.Count / Samples);
        var times = new List<TimeSpan>();
        for (var i = 0; i < all.Count; i += step)
        {
            times.Add(await TimeAsync(all[i]));
        }

        Write(what, times);
    }

    /// <summary>Many readers at once while budget documents are imported.</summary>
    private async Task CrowdAsync(IReadOnlyList<DepartmentCode> departments, IReadOnlyDictionary<DepartmentCode, IReadOnlyList<string>> addresses)
    {
        var paths = departments.SelectMany(d => addresses[d].Select(a => $"{Path(d)}/figure?address={a}")).ToList();
        using var over = new CancellationTokenSource(Crowd);
        var times = new ConcurrentBag<TimeSpan>();
        var imported = 0;
        var importing = Task.Run(async () =>
        {
            var writer = departments[0];
            await PostAsync($"{Path(writer)}/reopen", """{"reason":"测速","authority":"测速","date":"2025-06-30"}""", "application/json");
            for (var batch = 0; !over.IsCancellationRequested; batch++)
            {
                imported += await ImportAsync(writer, batch);
            }
        });
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(async () =>
        {
            for (var i = reader; !over.IsCancellationRequested; i += Readers)
            {
                times.Add(await TimeAsync(paths[i * 31 % paths.Count]));
            }
        }));
        await Task.WhenAll(readers.Append(importing));
        Write($"figure, {Readers} readers at once while documents are imported", [.. times]);
        bench.Note(
            $"figures for {Readers} readers at once while documents are imported", Unit.AnswersPerSecond, times.Count / Crowd.TotalSeconds, $"{imported:#,0} documents were imported");
    }

    private async Task<int> ImportAsync(DepartmentCode department, int batch)
    {
        const int size = 100;
        var lines = new StringBuilder();
        for (var i = 0; i < size; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $$$"""{"command":"supplement-budget","body":{"date":"2024-12-31","documentNumber":"测-{{{batch}}}-{{{i}}}","purpose":"测速","lines":[{"function":"2080101","fund":"一般公共预算","kind":"基本支出","amount":100}]}}""").Append('\n');
        }

        await PostAsync($"{Path(department)}/imports", lines.ToString(), "application/x-ndjson");
        return size;
    }

    private async Task PostAsync(string path, string body, string mediaType)
    {
        using var content = new StringContent(body, Encoding.UTF8, mediaType);
        using var response = await client.PostAsync(path, content);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<TimeSpan> TimeAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        using var response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return clock.Elapsed;
    }

    private void Write(string what, IReadOnlyList<TimeSpan> times)
    {
        List<double> ordered = [.. times.Select(t => t.TotalMilliseconds).Order()];
        var (p50, p99) = (Statistics.Percentile(ordered, 50), Statistics.Percentile(ordered, 99));
        bench.Note(
            $"{what}, p95", Unit.Milliseconds, Statistics.Percentile(ordered, 95),
            $"p50 {PerformanceDocument.Number(p50)}, p99 {PerformanceDocument.Number(p99)}, of {ordered.Count:#,0} answers");
    }
}
