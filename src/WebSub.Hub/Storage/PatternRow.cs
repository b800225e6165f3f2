using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>One predicate subscription: a pattern of a callback, with a lease and a secret of its own.</summary>
internal sealed record PatternRow
{
    public long Id { get; init; }

    public string Callback { get; init; } = "";

    /// <summary>The pattern's key: what a message's key starts with.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>The topic as it was subscribed to.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The topic of the engine whose log the callback reads; it belongs to up to 1,000 callbacks.</summary>
    public TopicId TopicId { get; init; }

    /// <summary>The callback's one subscription to that topic.</summary>
    public SubscriptionId SubscriptionId { get; init; }

    public SealedSecret? Secret { get; init; }

    public long LeaseSeconds { get; init; }

    public DatabaseTime LeaseEnd { get; init; }

    /// <summary>The head of the log when the pattern came: nothing up to it was meant for it.</summary>
    public long AfterSequence { get; init; }

    public DatabaseTime CreatedAt { get; init; }

    /// <summary>True if it covers messages with this key, and all below it.</summary>
    public bool Covers(string key) => key.StartsWith(Pattern, StringComparison.Ordinal);
}
