namespace WebSub.Subscriber.Inbox;

/// <summary>What came of calling a handler.</summary>
/// <param name="Reply">What it replied; null if it threw, or is not there.</param>
/// <param name="Fault">Why the notification is not handled; null if it is.</param>
internal sealed record AttemptOutcome(WebSubReply? Reply, Exception? Fault)
{
    /// <summary>Whether nothing is left to do but to save that.</summary>
    public bool IsHandled => Fault is null && Reply != WebSubReply.Gone;
}
