using WebSub.Secrets;

namespace WebSub.Hub.Storage;

/// <summary>A subscribe or unsubscribe request that waits for its verification.</summary>
internal sealed record RequestRow
{
    public long Id { get; init; }

    public string Mode { get; init; } = "";

    public string Topic { get; init; } = "";

    public string Callback { get; init; } = "";

    /// <summary>Of a predicate subscription: the topic's key. Null for all others.</summary>
    public string? Pattern { get; init; }

    public SealedSecret? Secret { get; init; }

    /// <summary>The lease the hub grants: already clamped.</summary>
    public long LeaseSeconds { get; init; }

    public string? SignatureMethod { get; init; }

    /// <summary><c>full</c> or <c>diff</c>; null leaves it to the hub.</summary>
    public string? Content { get; init; }

    /// <summary><c>all</c> or <c>latest</c>.</summary>
    public string? Delivery { get; init; }

    /// <summary>True asks for the current content after verification.</summary>
    public bool Initial { get; init; }

    public string? VerifyToken { get; init; }

    public IntentVerdict Verdict { get; init; }

    /// <summary>Why it is denied.</summary>
    public string? Reason { get; init; }

    /// <summary>The host of the callback, in lower case.</summary>
    public string CallbackHost =>
        WebSub.Values.Callback.TryParse(Callback, out var callback, out _) ? callback.Uri.IdnHost.ToLowerInvariant() : "";

    /// <summary>The fields we do not know, as a form, for validators and for people.</summary>
    public string? Parameters { get; init; }

    /// <summary>Raised when a newer request of the same pair replaced this one (rule 12).</summary>
    public long Generation { get; init; }

    public long Attempts { get; init; }

    public long Epoch { get; init; }
}
