using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>How a subscription, or a request for one, ended.</summary>
/// <param name="Kind">Which of the names below.</param>
/// <param name="Reason">Why, as a sentence, if there is one.</param>
/// <param name="At">When.</param>
internal sealed record Ending(string Kind, string? Reason, DatabaseTime At)
{
    /// <summary>How far the subscription had come that ended last, which may have been before this; null if none has.</summary>
    public LastState? State { get; init; }

    public const string Unsubscribed = "unsubscribed";
    public const string Revoked = "revoked";
    public const string Deleted = "deleted";
    public const string LeaseEnded = "leaseEnded";
    public const string Gone = "gone";
    public const string NotConfirmed = "notConfirmed";
    public const string Denied = "denied";
}
