using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FinalAccounts.EventLog;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Api;

/// <summary>What a command recorded.</summary>
/// <param name="FirstPosition">The position of its first event.</param>
/// <param name="LastPosition">The position of its last event.</param>
/// <param name="Version">The version of the stream after it; what the next If-Match may name.</param>
/// <param name="Events">The events, as they are stored.</param>
/// <param name="Warnings">What the rules allow but somebody should look at.</param>
public sealed record Recorded(
    long FirstPosition, long LastPosition, long Version, IReadOnlyList<EventItem> Events, IReadOnlyList<ApiError> Warnings);

/// <summary>How requests record something.</summary>
internal static class Recordings
{
    public const string KeyHeader = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotent-Replayed";

    /// <summary>
    /// Who records it and on what condition: the actor is the one who is signed in, If-Match names the year's version, and from actor and
    /// Idempotency-Key follows the command's id, so that a request that is sent again is recorded once.
    /// </summary>
    /// <exception cref="ApiException">A header is wrong.</exception>
    public static Recording Of(HttpContext http, Account account) => new(account.Actor, CommandId(http, account), EntityTags.Expected(http.Request));

    /// <summary>Answers with what was recorded, once the server has seen it itself.</summary>
    public static async Task<IResult> AnswerAsync(
        HttpContext http, LiveRegion live, AppendResult result, IReadOnlyList<ApiError> warnings, CancellationToken cancellationToken)
    {
        await live.WaitForAsync(result.LastPosition, cancellationToken);
        var words = http.Words();
        List<EventItem> events = [];
        await foreach (var stored in live.Log.ReadAllAsync(result.FirstPosition - 1, cancellationToken))
        {
            events.Add(EventItem.Of(stored, words));
            if (stored.Position == result.LastPosition)
            {
                break;
            }
        }

        if (result.Repeated)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }

        return TypedResults.Json(
            new Recorded(result.FirstPosition, result.LastPosition, events[^1].Version, events, warnings),
            ApiJson.Own.Recorded,
            statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The body of a request, as a whole.</summary>
    /// <exception cref="BadHttpRequestException">It is longer than <paramref name="limit"/>.</exception>
    public static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge();
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }

    /// <summary>The body of a request as JSON.</summary>
    /// <exception cref="JsonException">It does not have the shape.</exception>
    public static async Task<T> JsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        RequireJson(request);
        var body = await BodyAsync(request, ApiLimits.CommandBytes, cancellationToken);
        return JsonSerializer.Deserialize(body.Span, type) ?? throw new JsonException();
    }

    /// <exception cref="BadHttpRequestException">The body is not said to be JSON.</exception>
    public static void RequireJson(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static Guid? CommandId(HttpContext http, Account account)
    {
        if (!http.Request.Headers.TryGetValue(KeyHeader, out var given))
        {
            return null;
        }

        if (given is not [{ Length: > 0 and <= ApiLimits.KeyCharacters } key])
        {
            throw ApiException.BadRequest("KeyWrong", ApiLimits.KeyCharacters);
        }

        // The length before the name keeps one actor's key from being another's.
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{account.Actor.Length}:{account.Actor}{key}")));
        return new(digest.AsSpan(0, 16), bigEndian: true);
    }
}
