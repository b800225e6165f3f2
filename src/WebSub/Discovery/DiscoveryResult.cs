namespace WebSub.Discovery;

/// <summary>What discovery found, or why it found nothing (§4).</summary>
public sealed record DiscoveryResult
{
    /// <summary><see cref="DiscoveryError.None"/>, or why it failed.</summary>
    public required DiscoveryError Error { get; init; }

    /// <summary>A sentence for people: what was found where, or what was looked at and what was missing.</summary>
    public required string Explanation { get; init; }

    /// <summary>The hubs in the document's order, without repeats.</summary>
    public IReadOnlyList<DiscoveredLink> Hubs { get; init; } = [];

    /// <summary>The topic: the self link.</summary>
    public DiscoveredLink? Self { get; init; }

    /// <summary>The URLs requested, redirects included; the last one answered.</summary>
    public IReadOnlyList<string> Visited { get; init; } = [];

    /// <summary>The content type of the answer, verbatim.</summary>
    public string? ContentType { get; init; }

    /// <summary>How long the resource asks to wait before the next request (<c>Retry-After</c>); null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if there is at least one hub and exactly one self.</summary>
    public bool IsSuccess => Error == DiscoveryError.None;
}
