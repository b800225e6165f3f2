namespace WebSub.Http;

/// <summary>Reads <c>Retry-After</c> in both its forms.</summary>
public static class RetryAfter
{
    /// <summary>How long the peer asks us to wait, from <paramref name="now"/>; null without the header or when the date is past.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(response);
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
