using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>The examples of docs/api.md, sent one after another to the sample's books.</summary>
[Collection(PostgresCollection.Name)]
public sealed partial class DocumentationTest(ApiServer server) : IClassFixture<ApiServer>
{
    /// <summary>Stands for anything.</summary>
    private const string Anything = "…";

    [Fact]
    public async Task Every_example_is_answered_as_the_page_shows()
    {
        var blocks = Blocks().Matches(await File.ReadAllTextAsync(Repository.File("docs/api.md"))).Select(m => m.Groups["text"].Value).ToList();
        blocks.Count.ShouldBeGreaterThan(20);
        (blocks.Count % 2).ShouldBe(0);
        var wrong = new List<string>();
        foreach (var (request, expected) in blocks.Chunk(2).Select(pair => (pair[0], pair[1])))
        {
            using var response = await SendAsync(request);
            var actual = $"{request}\n{(int)response.StatusCode}\n{response.Headers}{response.Content.Headers}\n{await response.Content.ReadAsStringAsync()}";

            var (status, headers, body) = Parts(expected);
            List<string> differences = status == $"HTTP/1.1 {(int)response.StatusCode}" ? [] : [status];
            differences.AddRange(headers.Where(h => !Matches(h.Value, Header(response, h.Name))).Select(h => $"{h.Name}: {h.Value}"));
            if (body.Length > 0 && differences.Count == 0)
            {
                // The first line of several, such as events that stream.
                var read = (await response.Content.ReadAsStringAsync()).Split('\n')[0];
                differences.AddRange(Differences(JsonNode.Parse(Quoted(body)), JsonNode.Parse(read), "$"));
            }

            wrong.AddRange(differences.Count == 0 ? [] : [string.Join('\n', differences.Append(actual))]);
        }

        wrong.ShouldBeEmpty(string.Join("\n\n", wrong));
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(
        ", ", response.Headers.Concat(response.Content.Headers).FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? []);

    private Task<HttpResponseMessage> SendAsync(string block)
    {
        var (first, headers, body) = Parts(block);
        var (method, path) = (first[..first.IndexOf(' ', StringComparison.Ordinal)], first[(first.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var request = new HttpRequestMessage(new(method), path);
        var client = server.Server.NewClient();
        foreach (var (name, value) in headers)
        {
            switch (name)
            {
                case "Authorization":
                    client = Program(value["Bearer ".Length..]);
                    break;
                case "Content-Type":
                    request.Content = new StringContent(body, Encoding.UTF8, value);
                    break;
                default:
                    request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
                    break;
            }
        }

        return client.SendAsync(request);
    }

    /// <summary>On the page stands the role in place of a token.</summary>
    private HttpClient Program(string role) => role switch
    {
        "经办" => server.Clerk,
        "负责人" => server.Head,
        "财政局" => server.Bureau,
        "审计" => server.Auditor,
        _ => throw new ArgumentException($"There is no program of {role}.", nameof(role)),
    };

    private static (string First, IReadOnlyList<(string Name, string Value)> Headers, string Body) Parts(string block)
    {
        var halves = block.Trim().Split("\n\n", 2);
        var lines = halves[0].Split('\n');
        return (
            lines[0],
            [.. lines.Skip(1).Select(l => l.Split(": ", 2)).Select(p => (p[0], p[1]))],
            halves.ElementAtOrDefault(1) ?? "");
    }

    /// <summary>A bare ellipsis becomes a text; in a list alone it stands for any items.</summary>
    private static string Quoted(string json) => Bare().Replace(json, $"\"{Anything}\"");

    private static IEnumerable<string> Differences(JsonNode? shown, JsonNode? read, string place) => (shown, read) switch
    {
        (JsonValue text, not null) when text.TryGetValue<string>(out var anything) && anything == Anything => [],
        (JsonObject expected, JsonObject actual) => expected.SelectMany(m =>
            actual.TryGetPropertyValue(m.Key, out var value) ? Differences(m.Value, value, $"{place}.{m.Key}") : [$"{place}.{m.Key} is not there"]),
        (JsonArray { Count: 0 }, JsonArray { Count: > 0 }) => [$"{place} is not empty"],
        (JsonArray expected, JsonArray actual) => expected.Count > actual.Count
            ? [$"{place} has {actual.Count} items"]
            : expected.Zip(actual).SelectMany((pair, i) => Differences(pair.First, pair.Second, $"{place}[{i}]")),
        (JsonValue expected, JsonValue actual) when Matches(expected.ToString(), actual.ToString()) && expected.GetValueKind() == actual.GetValueKind() => [],
        _ => [$"{place}: {shown?.ToJsonString()} is {read?.ToJsonString()}"],
    };

    private static bool Matches(string shown, string read) =>
        Regex.IsMatch(read, $"^{string.Join(".*", shown.Split(Anything).Select(Regex.Escape))}$", RegexOptions.Singleline);

    [GeneratedRegex(@"^```http\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<=[:\[]\s*)…(?=[,}\]])")]
    private static partial Regex Bare();
}
