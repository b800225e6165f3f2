using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;

namespace WebSub.Hub.Access;

/// <summary>
/// Counts the requests of each client address (an IPv6 client is its /64) in windows of a minute. No request waits here, so the library's
/// limiter is enough: it reports when the window ends and forgets clients that stay away.
/// </summary>
internal sealed class ClientRateLimit(IOptions<HubOptions> options, CallerReader callers) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly PartitionedRateLimiter<string> _subscribes = Create(options.Value.RateLimit.SubscribesPerMinute);
    private readonly PartitionedRateLimiter<string> _publishes = Create(options.Value.RateLimit.PublishesPerMinute);

    /// <summary>The 429 if the client is over the limit; otherwise null.</summary>
    public ValueTask<IResult?> SubscribeAsync(HttpContext context) => CheckAsync(context, _subscribes, 1);

    /// <summary>The same for publishing, where each named topic counts.</summary>
    public ValueTask<IResult?> PublishAsync(HttpContext context, int topics = 1) =>
        CheckAsync(context, _publishes, (int)Math.Min(topics, options.Value.RateLimit.PublishesPerMinute));

    /// <summary>True if the client is over the limit of subscribe requests; Retry-After is then set on the answer.</summary>
    public ValueTask<bool> SubscribesTooOftenAsync(HttpContext context) => ExceedsAsync(context, _subscribes, 1);

    public void Dispose()
    {
        _subscribes.Dispose();
        _publishes.Dispose();
    }

    private static PartitionedRateLimiter<string> Create(long perMinute) =>
        PartitionedRateLimiter.Create<string, string>(client =>
            RateLimitPartition.GetFixedWindowLimiter(
                client,
                _ =>
                    new()
                    {
                        PermitLimit = (int)perMinute,
                        Window = Window,
                        QueueLimit = 0,
                    }
            )
        );

    private async ValueTask<IResult?> CheckAsync(HttpContext context, PartitionedRateLimiter<string> limiter, int calls) =>
        await ExceedsAsync(context, limiter, calls)
            ? HubResults.Text(StatusCodes.Status429TooManyRequests, "Too many requests from this address; Retry-After says when to go on.")
            : null;

    private async ValueTask<bool> ExceedsAsync(HttpContext context, PartitionedRateLimiter<string> limiter, int calls)
    {
        if ((await callers.ReadAsync(context)).IsKnown)
            return false;
        using var lease = limiter.AttemptAcquire(ClientOf(context.Connection.RemoteIpAddress), calls);
        if (lease.IsAcquired)
            return false;

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return true;
    }

    private static string ClientOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
