namespace WebSub.Hub.Delivery;

/// <summary>How one POST to a callback ended.</summary>
/// <param name="Result">The kind of end.</param>
/// <param name="Status">The callback's status; null without an answer.</param>
/// <param name="Error">What went wrong, in words; null if nothing did.</param>
/// <param name="RetryAfter">How long the callback asks to wait.</param>
internal sealed record DeliveryOutcome(DeliveryResult Result, int? Status = null, string? Error = null, TimeSpan? RetryAfter = null)
{
    public static DeliveryOutcome Delivered { get; } = new(DeliveryResult.Delivered);

    public static DeliveryOutcome TimedOut { get; } = new(DeliveryResult.TimedOut, Error: "No answer in time.");
}
