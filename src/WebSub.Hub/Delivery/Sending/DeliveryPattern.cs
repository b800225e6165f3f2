using WebSub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>A pattern of a callback as deliveries need it: its secret opened.</summary>
internal sealed record DeliveryPattern(string Pattern, long After, DatabaseTime LeaseEnd, byte[]? Secret)
{
    /// <summary>Whether it covers an entry with these keys, one a line, that came after it, while its lease runs.</summary>
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
