using System.Text.Json;

namespace FinalAccounts.Benchmarks;

/// <summary>The event stores that ours is held against, as far as they can be had here.</summary>
/// <param name="MessageDb">Null when it can't be had.</param>
/// <param name="MessageDbMissing">Why it can't be had.</param>
/// <param name="MartenNote">Whether the package feed carries Marten.</param>
internal sealed record References(MessageDb? MessageDb, string? MessageDbMissing, string MartenNote) : IAsyncDisposable
{
    private static readonly TimeSpan FeedTimeout = TimeSpan.FromSeconds(30);

    public static async Task<References> FindAsync(string connectionString, CancellationToken cancellationToken)
    {
        var (messageDb, missing) = await MessageDb.InstallAsync(connectionString, cancellationToken);
        return new(messageDb, missing, await AskForMartenAsync(cancellationToken));
    }

    public ValueTask DisposeAsync() => MessageDb?.DisposeAsync() ?? default;

    /// <summary>Asks the package feed that this machine builds from.</summary>
    private static async Task<string> AskForMartenAsync(CancellationToken cancellationToken)
    {
        const string unknown = "whether the package feed carries it could not be found out";
        var answer = await Machine.RunAsync("dotnet", ["package", "search", "Marten", "--exact-match", "--format", "json"], null, FeedTimeout, cancellationToken);
        if (answer is null)
        {
            return unknown;
        }

        try
        {
            using var document = JsonDocument.Parse(answer);
            var sources = document.RootElement.GetProperty("searchResult").EnumerateArray().ToList();
            return sources.Any(s => s.GetProperty("packages").GetArrayLength() > 0)
                ? "on the package feed; its adapter (make critterstack) is not measured here"
                : sources.Count == 0 || document.RootElement.GetProperty("problems").GetArrayLength() > 0 ? unknown : "not on the package feed";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return unknown;
        }
    }
}
