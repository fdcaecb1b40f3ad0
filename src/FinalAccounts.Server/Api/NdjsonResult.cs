using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinalAccounts.Server.Api;

/// <summary>
/// Items as lines of JSON, written while they are read: a slow reader slows the reading, and no more than a buffer is held. What goes
/// wrong underway ends the connection, so that the reader does not take a part for the whole.
/// </summary>
/// <param name="limit">Most items; null for all.</param>
internal sealed class NdjsonResult<T>(IAsyncEnumerable<T> items, int? limit, JsonTypeInfo<T> type) : IResult
{
    private const int BufferBytes = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        httpContext.Response.ContentType = EventRoutes.Lines;
        var body = httpContext.Response.BodyWriter;
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = type.Options.Encoder });
        var written = 0L;
        await foreach (var item in limit is { } most ? items.Take(most) : items)
        {
            JsonSerializer.Serialize(json, item, type);
            json.Flush();
            written += json.BytesCommitted;
            json.Reset();
            body.Write("\n"u8);
            if (written >= BufferBytes)
            {
                await body.FlushAsync(cancellationToken);
                written = 0;
            }
        }

        await body.FlushAsync(cancellationToken);
    }
}
