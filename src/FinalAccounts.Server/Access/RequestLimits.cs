using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace FinalAccounts.Server.Access;

/// <summary>
/// How much one account or address may ask for. An installation may set each as <c>Limits:…</c> (environment: <c>Limits__…</c>).
/// </summary>
public sealed record RequestLimits
{
    /// <summary>The policy of the sign-in form; see <see cref="EnableRateLimitingAttribute"/>.</summary>
    public const string SignInPolicy = "sign-in";

    /// <summary>Bytes of a request's body, unless its route takes files and says more: 1 MiB.</summary>
    public long BodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Fields of a form.</summary>
    public int FormFields { get; init; } = 1_000;

    /// <summary>Connections at once; more are not accepted.</summary>
    public long Connections { get; init; } = 2_000;

    /// <summary>Requests of an account that may come at once.</summary>
    public int AccountBurst { get; init; } = 2_000;

    /// <summary>Requests of an account in a second, in the long run.</summary>
    public int AccountPerSecond { get; init; } = 200;

    /// <summary>Requests of an address without an account that may come at once.</summary>
    public int AddressBurst { get; init; } = 600;

    /// <summary>Requests of an address without an account in a second, in the long run.</summary>
    public int AddressPerSecond { get; init; } = 30;

    /// <summary>Attempts to sign in from an address in a minute.</summary>
    public int SignInsPerMinute { get; init; } = 10;

    internal void Apply(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = static async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.FromSeconds(1);
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await Refusal.WriteAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "TooMany", seconds);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Account() is { IsSignedIn: true } account
            ? Bucket(account.Id.ToString(), AccountBurst, AccountPerSecond)
            : Bucket(AddressOf(context), AddressBurst, AddressPerSecond));
        options.AddPolicy(SignInPolicy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(
                AddressOf(context), _ => new() { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter(""));
    }

    private static RateLimitPartition<string> Bucket(string key, int burst, int perSecond) => RateLimitPartition.GetTokenBucketLimiter(
        key,
        _ => new()
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        });

    /// <summary>An IPv6 customer has a network of 64 bits, so that is one address here.</summary>
    private static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new IPAddress([.. address.GetAddressBytes().Take(8), .. new byte[8]]).ToString()
            : address.ToString();
    }
}
