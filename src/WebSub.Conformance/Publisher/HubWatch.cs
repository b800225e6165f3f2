using WebSub.Conformance.Peers;

namespace WebSub.Conformance.Publisher;

/// <summary>What a hub did after a change.</summary>
/// <param name="Hub">Its URL.</param>
/// <param name="Problem">Why nobody could be subscribed there; null if somebody was.</param>
/// <param name="Delivery">What it delivered; null if nothing.</param>
/// <param name="Ping">What it was told, if it is the check's own; null if nothing.</param>
/// <param name="Content">What it delivered, or found when it was told; null if nothing.</param>
internal sealed record HubWatch(string Hub, string? Problem, ReceivedRequest? Delivery, ReceivedRequest? Ping, byte[]? Content)
{
    /// <summary>True if it has heard of the change, in whatever way.</summary>
    public bool HasHeard => Delivery is not null || Ping is not null;
}
