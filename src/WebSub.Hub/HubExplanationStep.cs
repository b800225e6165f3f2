namespace WebSub.Hub;

/// <summary>One thing that an explanation follows from.</summary>
/// <param name="Kind">What it is about, as in <c>verification</c> or <c>fetch</c>.</param>
/// <param name="Sentence">What is known.</param>
public sealed record HubExplanationStep(string Kind, string Sentence)
{
    /// <summary>When it happened.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The delivery id of the entry that it is about.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>What the callback answered.</summary>
    public int? Status { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}
