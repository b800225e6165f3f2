namespace WebSub.Protocol;

/// <summary>The HTTP header names of content distribution (§7).</summary>
public static class HubHeaders
{
    /// <summary><c>X-Hub-Signature: method=hex</c> (§7.1).</summary>
    public const string Signature = "X-Hub-Signature";

    /// <summary>
    /// <c>WebSub-Delivery-Id: topic/sequence</c>: our hub's stable id of one entry; the same on every attempt, so that a subscriber can
    /// drop repeats.
    /// </summary>
    public const string DeliveryId = "WebSub-Delivery-Id";

    /// <summary><c>WebSub-Delivery-Replay: N</c>: sent with the delivery id when an operator replays it for the Nth time.</summary>
    public const string DeliveryReplay = "WebSub-Delivery-Replay";
}
