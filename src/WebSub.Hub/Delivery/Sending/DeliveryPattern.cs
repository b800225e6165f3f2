using WebSub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>A callback's pattern as deliveries need it, with its secret unsealed.</summary>
internal sealed record DeliveryPattern(string Pattern, long After, DatabaseTime LeaseEnd, byte[]? Secret)
{
    /// <summary>True if it covers an entry with these keys, one per line, that came after it, and its lease has not ended.</summary>
    public bool Covers(long sequence, string? predicate, DatabaseTime now)
    {
        if (sequence <= After || LeaseEnd <= now || predicate is null)
            return false;
        foreach (var key in predicate.AsSpan().Split('\n'))
        {
            if (predicate.AsSpan(key).StartsWith(Pattern, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
