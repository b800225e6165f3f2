using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// What a shared cache says of an answer that it had already: an <c>Age</c> means that the topic's server was not asked (RFC 9111 §5.1).
/// Caches need not obey <c>no-cache</c>, and many do not.
/// </summary>
/// <param name="Age">How old the answer is.</param>
/// <param name="FreshFor">How long the cache will go on giving it; null if it does not say.</param>
internal sealed record CachedAnswer(TimeSpan Age, TimeSpan? FreshFor)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Preset = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWorry = TimeSpan.FromDays(1);

    /// <summary>The cache's word on an answer; null if it is the topic's server's own.</summary>
    public static CachedAnswer? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.Age is not { Ticks: > 0 } age)
            return null;
        var control = response.Headers.CacheControl;
        var lifetime =
            control?.SharedMaxAge ?? control?.MaxAge ?? (response.Content.Headers.Expires - (response.Headers.Date ?? now - age));
        return new(age, lifetime - age);
    }

    /// <summary>
    /// When to ask again because the answer is older than the ping, and so proves nothing; null if it is not, or if the ping was long ago.
    /// Each time that the cache still has the same, it is given as long again.
    /// </summary>
    public DatabaseTime? LookAgain(DatabaseTime? pingedAt, DatabaseTime now)
    {
        if (pingedAt is not { } pinged || now - Age >= pinged || now - pinged > LongestWorry)
            return null;
        var wait = FreshFor ?? Preset;
        wait =
            wait < Shortest ? Shortest
            : wait > Longest ? Longest
            : wait;
        var since = now - pinged;
        return now + (wait > since ? wait : since);
    }
}
