using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>How one POST to a callback ended.</summary>
/// <param name="Result">The kind of end.</param>
/// <param name="Status">The callback's status; null without an answer.</param>
/// <param name="Error">What went wrong, in words; null if nothing did.</param>
/// <param name="RetryAfter">How long the callback asks to wait.</param>
internal sealed record DeliveryOutcome(DeliveryResult Result, int? Status = null, string? Error = null, TimeSpan? RetryAfter = null)
{
    /// <summary>
    /// True for a status that speaks of the payload: this callback will hardly take the same later, whereas any other failure may pass
    /// (rule 22).
    /// </summary>
    public bool SpeaksOfPayload => Result == DeliveryResult.Refused && Status is (400 or 406 or 413 or 415 or 422);

    /// <summary>What is kept of it if it failed.</summary>
    public FailedAttempt Failure => new(Status, Error, SpeaksOfPayload, AsksForPause: RetryAfter is not null, Duration);

    /// <summary>How long the attempt took, if it failed.</summary>
    public TimeSpan Duration { get; init; }

    private const int Accepting = 100;

    private static readonly DeliveryOutcome[] Accepted =
    [
        .. Enumerable.Range(200, Accepting).Select(s => new DeliveryOutcome(DeliveryResult.Delivered, s)),
    ];

    /// <summary>There was nothing to send: it has what it should have.</summary>
    public static DeliveryOutcome Delivered { get; } = new(DeliveryResult.Delivered);

    /// <summary>Made once for each status, so that success allocates nothing.</summary>
    /// <param name="status">From 200 to 299.</param>
    public static DeliveryOutcome AcceptedWith(int status) => Accepted[status - 200];

    public static DeliveryOutcome TimedOut { get; } = new(DeliveryResult.TimedOut, Error: "No answer in time.");
}
