namespace WebSub.Hub.Storage;

/// <summary>A subscription that has ended.</summary>
/// <param name="Subscription">As it was then; its lease ends when it ended.</param>
/// <param name="Progress">How its deliveries stood.</param>
/// <param name="PastLetter">What became of the dead letter that had the update, if there is one no more.</param>
internal sealed record ExplainedPast(HubSubscription Subscription, ExplainedProgress Progress, PastLetter? PastLetter);
