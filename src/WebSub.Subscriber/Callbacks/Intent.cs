namespace WebSub.Subscriber.Callbacks;

/// <summary>What a GET to a callback means.</summary>
internal sealed record Intent
{
    public required IntentKind Kind { get; init; }

    /// <summary>A sentence for the response body when it is not the challenge.</summary>
    public string Sentence { get; init; } = "";

    public string Mode { get; init; } = "";

    public string Topic { get; init; } = "";

    public string Challenge { get; init; } = "";

    public long? LeaseSeconds { get; init; }

    public string? Reason { get; init; }

    /// <summary>Why a question about a subscription of ours was answered 404; null if there is nothing to remember.</summary>
    public string? Refusal { get; init; }

    /// <summary>True for a malformed or refused verification of what is pending: it counts as a failed attempt.</summary>
    public bool CountsAsAttempt { get; init; }
}
