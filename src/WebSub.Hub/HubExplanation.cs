namespace WebSub.Hub;

/// <summary>Why a subscriber did or did not get an update.</summary>
public sealed record HubExplanation
{
    /// <summary>The topic that was asked for.</summary>
    public required string Topic { get; init; }

    /// <summary>The callback, without user information and query.</summary>
    public required string Callback { get; init; }

    /// <summary>The answer in one word, as in <c>delivered</c>, <c>paused</c> or <c>leaseEnded</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The answer in a sentence or two.</summary>
    public required string Summary { get; init; }

    /// <summary>What it follows from.</summary>
    public required IReadOnlyList<HubExplanationStep> Steps { get; init; }
}
