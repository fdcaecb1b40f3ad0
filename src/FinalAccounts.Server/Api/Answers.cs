using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FinalAccounts.Regions;
using Microsoft.Extensions.Caching.Memory;

namespace FinalAccounts.Server.Api;

/// <summary>
/// Answers about a year, with their entity tags. The bytes of an answer are kept under its tag, which says everything that they depend on,
/// so that what many ask for is made once.
/// </summary>
public sealed class Answers : IDisposable
{
    private const long KeptBytes = 64L << 20;
    private const int LargestKept = 4 << 20;

    // The log may move on while an answer is made; then it is made again, so that no tag stands for two different answers.
    private const int Attempts = 3;

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = KeptBytes });

    /// <summary>Answers with JSON.</summary>
    /// <param name="kind">What is answered, with everything that the request says of it beside year and moment.</param>
    public Task<IResult> JsonAsync<T>(
        HttpContext http, Asked asked, string kind, JsonTypeInfo<T> type, Func<ReportedYear, Words, T> answer, CancellationToken cancellationToken) =>
        JsonAsync(http, asked, kind, type, (reported, words) => Task.FromResult(answer(reported, words)), cancellationToken);

    /// <summary>Answers with JSON that takes more reading.</summary>
    /// <param name="kind">What is answered, with everything that the request says of it beside year and moment.</param>
    public Task<IResult> JsonAsync<T>(
        HttpContext http, Asked asked, string kind, JsonTypeInfo<T> type, Func<ReportedYear, Words, Task<T>> answer, CancellationToken cancellationToken)
    {
        var words = http.Words();
        return BytesAsync(http, asked, kind, words, "application/json", null, async () =>
            JsonSerializer.SerializeToUtf8Bytes(await answer(await asked.ReportAsync(cancellationToken), words), type));
    }

    /// <summary>Answers with bytes of any kind.</summary>
    /// <param name="fileName">What a browser may call it when it is saved; null for what is shown.</param>
    public async Task<IResult> BytesAsync(
        HttpContext http, Asked asked, string kind, Words words, string mediaType, string? fileName, Func<Task<byte[]>> answer)
    {
        var (live, query) = asked;
        var tag = EntityTags.Of(live, query, kind, words);
        if (EntityTags.IsKnown(http, tag))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (!kept.TryGetValue(tag, out byte[]? bytes))
        {
            for (var attempt = 1; ; attempt++)
            {
                bytes = await answer();
                var now = EntityTags.Of(live, query, kind, words);
                if (now == tag)
                {
                    Keep(tag, bytes);
                    break;
                }

                tag = now;
                if (attempt == Attempts)
                {
                    // The year is written to faster than it can be read: without a tag nobody keeps it.
                    http.Response.Headers.Remove("ETag");
                    return TypedResults.Bytes(bytes, mediaType, fileName);
                }
            }

            http.Response.Headers.ETag = tag;
        }

        http.Response.Headers.ContentLanguage = Language.TagOf(words);
        return TypedResults.Bytes(bytes!, mediaType, fileName);
    }

    public void Dispose() => kept.Dispose();

    private void Keep(string tag, byte[] bytes)
    {
        if (bytes.Length <= LargestKept)
        {
            kept.Set(tag, bytes, new MemoryCacheEntryOptions { Size = bytes.Length });
        }
    }
}
