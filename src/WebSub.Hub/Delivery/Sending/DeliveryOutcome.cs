namespace WebSub.Hub.Delivery.Sending;

/// <summary>How one POST to a callback ended.</summary>
/// <param name="Result">The kind of end.</param>
/// <param name="Status">The callback's status; null without an answer.</param>
/// <param name="Error">What went wrong, in words; null if nothing did.</param>
/// <param name="RetryAfter">How long the callback asks to wait.</param>
internal sealed record DeliveryOutcome(DeliveryResult Result, int? Status = null, string? Error = null, TimeSpan? RetryAfter = null)
{
    /// <summary>
    /// True for an answer that trying later will hardly change: any failure status but 408, 425, 429 and 503 with Retry-After.
    /// </summary>
    public bool IsAboutContent => Result == DeliveryResult.Refused && Status is not (408 or 425);

    public static DeliveryOutcome Delivered { get; } = new(DeliveryResult.Delivered);

    public static DeliveryOutcome TimedOut { get; } = new(DeliveryResult.TimedOut, Error: "No answer in time.");
}
