using System.Text.Json.Nodes;
using Alba;
using FinalAccounts.Ledger;
using FinalAccounts.Server.Access;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>A department of a host and its 2024, with the requests that a test sends about it.</summary>
public sealed class ApiDepartment(ApiHost host, DepartmentCode code, IReadOnlyDictionary<Role, string> tokens)
{
    public ApiHost Host { get; } = host;

    public DepartmentCode Code { get; } = code;

    /// <summary>Where the year is.</summary>
    public string Year => $"/api/v1/regions/{Host.Region}/departments/{Code}/years/2024";

    /// <summary>Opens the year with an appropriation of 10,000 yuan.</summary>
    public async Task OpenAsync()
    {
        await RecordAsync("commands/open-fiscal-year", Books.Open(Code));
        await RecordAsync("commands/appropriate-budget", Books.Budget("预-1", 1_000_000));
    }

    /// <summary>Sends something to record; fails unless it is recorded.</summary>
    public Task<JsonNode> RecordAsync(string path, string body, Role role = Role.Clerk, params (string Name, string Value)[] headers) =>
        SendAsync(path, body, 201, role, headers);

    /// <summary>Sends something that is refused with the status.</summary>
    public Task<JsonNode> RefuseAsync(string path, string body, int status, Role role = Role.Clerk, params (string Name, string Value)[] headers) =>
        SendAsync(path, body, status, role, headers);

    public async Task<JsonNode> ReadAsync(string path = "") =>
        JsonNode.Parse(await (await Host.Alba.Scenario(s => Get(s, path))).ReadAsTextAsync())!;

    public void Get(Scenario scenario, string path) => GetAt(scenario, Year + path);

    /// <summary>Asks for what is at an address of the host.</summary>
    public void GetAt(Scenario scenario, string url)
    {
        scenario.Get.Url(url);
        scenario.WithBearerToken(tokens[Role.Auditor]);
    }

    public void Post(Scenario scenario, string path, string body, Role role, params (string Name, string Value)[] headers) =>
        Post(scenario, path, body, "application/json", role, headers);

    /// <summary>Imports commands as lines of JSON.</summary>
    public Task<JsonNode> ImportAsync(IEnumerable<(string Command, string Body)> commands, int status, params (string Name, string Value)[] headers)
    {
        var lines = commands.Select(c => $$"""{"command":"{{c.Command}}","body":{{c.Body.ReplaceLineEndings("")}}}""");
        return AnswerAsync(status, s => Post(s, "imports", string.Join('\n', lines), "application/x-ndjson", Role.Clerk, headers));
    }

    /// <summary>What is at an address of the host.</summary>
    public Task<JsonNode> ReadAtAsync(string url, int status = 200) => AnswerAsync(status, s => GetAt(s, url));

    /// <summary>Sends something to an address of the region, which answers with the status.</summary>
    public Task<JsonNode> SendToRegionAsync(string path, string body, int status, Role role = Role.Auditor) => AnswerAsync(status, s =>
    {
        s.Post.Text(body).ContentType("application/json").ToUrl($"/api/v1/regions/{Host.Region}/{path}");
        s.WithBearerToken(tokens[role]);
    });

    /// <summary>Waits until a job is done.</summary>
    public async Task<JsonNode> FollowAsync(JsonNode job)
    {
        var at = job["events"]!.GetValue<string>()[..^"/events".Length];
        while (job["state"]!.GetValue<string>() is "waiting" or "running")
        {
            job = await ReadAtAsync(at);
        }

        return job["state"]!.GetValue<string>() == "done" ? job : throw new InvalidOperationException(job.ToJsonString());
    }

    private void Post(Scenario scenario, string path, string body, string contentType, Role role, (string Name, string Value)[] headers)
    {
        scenario.Post.Text(body).ContentType(contentType).ToUrl($"{Year}/{path}");
        scenario.WithBearerToken(tokens[role]);
        foreach (var (name, value) in headers)
        {
            scenario.WithRequestHeader(name, value);
        }
    }

    private Task<JsonNode> SendAsync(string path, string body, int status, Role role, (string Name, string Value)[] headers) =>
        AnswerAsync(status, s => Post(s, path, body, role, headers));

    private async Task<JsonNode> AnswerAsync(int status, Action<Scenario> ask)
    {
        var result = await Host.Alba.Scenario(s =>
        {
            ask(s);
            s.StatusCodeShouldBe(status);
        });
        return JsonNode.Parse(await result.ReadAsTextAsync())!;
    }
}
