using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinalAccounts.Ledger;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.Extensions.DependencyInjection;

namespace FinalAccounts.ServerTests.Api;

/// <summary>A server with the two years of a sample in it, and programs of each role.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    private readonly PostgresFixture postgres;
    private readonly IReadOnlyList<string> samples;

    public const string Region = "430900";
    public const string Department = "117005";
    public const string Year = $"/api/v1/regions/{Region}/departments/{Department}/years/2024";

    public ApiServer(PostgresFixture postgres)
        : this(postgres, "yiyang-2023", "yiyang-2024")
    {
    }

    internal ApiServer(PostgresFixture postgres, params IReadOnlyList<string> samples) => (this.postgres, this.samples) = (postgres, samples);

    public TestServer Server { get; private set; } = null!;

    public HttpClient Bureau { get; private set; } = null!;

    public HttpClient Clerk { get; private set; } = null!;

    public HttpClient Head { get; private set; } = null!;

    public HttpClient Auditor { get; private set; } = null!;

    /// <summary>经办 of a department that has no books yet.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(postgres, async database =>
        {
            foreach (var sample in samples)
            {
                await SampleBooks.AddAsync(database, sample);
            }
        });
        var regions = Server.App.Services.GetRequiredService<LiveRegions>();
        await regions.WhenReadyAsync(CancellationToken.None);
        foreach (var region in regions.All)
        {
            await using var rollups = await region.Rollups.OpenAsync(region.Head.Position, TimeSpan.FromMinutes(1), CancellationToken.None);
        }

        Bureau = await ProgramAsync("财政局", new Assignment(Role.Bureau, new(Region), null));
        Auditor = await ProgramAsync("审计", new Assignment(Role.Auditor, new(Region), null));
        Clerk = await ProgramAsync("经办", new Assignment(Role.Clerk, new(Region), new DepartmentCode(Department)));
        Head = await ProgramAsync("负责人", new Assignment(Role.Head, new(Region), new DepartmentCode(Department)));
        Stranger = await ProgramAsync("别处", new Assignment(Role.Clerk, new(Region), new DepartmentCode("999999")));
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    private async Task<HttpClient> ProgramAsync(string name, Assignment assignment) =>
        await Server.NewProgramAsync(await Server.NewUserAsync(name, assignment));
}

/// <summary>Requests of tests to the API.</summary>
internal static class ApiRequests
{
    /// <summary>Reads JSON; fails unless the answer is a success.</summary>
    public static async Task<JsonNode> ReadAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.IsSuccessStatusCode
            ? (await response.JsonAsync())!
            : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>Follows a job's server-sent events to the last one.</summary>
    public static async Task<JsonNode> FollowAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        JsonNode? last = null;
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            last = JsonNode.Parse(item.Data);
        }

        return last!;
    }

    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Get, path, null, headers);

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Post, path, json, headers);

    public static string Text(this JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
