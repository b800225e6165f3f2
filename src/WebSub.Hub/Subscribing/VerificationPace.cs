using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Limits how many verification requests one callback host gets a minute, so that nobody can flood a third party through the hub.
/// </summary>
internal sealed class VerificationPace(IOptions<HubOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _hosts = PartitionedRateLimiter.Create<string, string>(
        host =>
            RateLimitPartition.GetSlidingWindowLimiter(
                host,
                _ =>
                    new()
                    {
                        PermitLimit = (int)options.Value.Verification.PerHostPerMinute,
                        Window = TimeSpan.FromMinutes(1),
                        SegmentsPerWindow = 12,
                        QueueLimit = 0,
                    }
            ),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>False if the host has had its share of this minute.</summary>
    public bool MayAsk(string host)
    {
        using var lease = _hosts.AttemptAcquire(host);
        return lease.IsAcquired;
    }

    public void Dispose() => _hosts.Dispose();
}
