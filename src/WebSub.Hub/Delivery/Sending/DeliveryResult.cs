namespace WebSub.Hub.Delivery.Sending;

/// <summary>The ends of a delivery attempt (§7, H28).</summary>
internal enum DeliveryResult
{
    /// <summary>2xx: the subscriber has it.</summary>
    Delivered,

    /// <summary>410: the subscription is no more.</summary>
    Gone,

    /// <summary>429, or 503 with Retry-After: the subscriber asks for a pause.</summary>
    Throttled,

    /// <summary>Any other status, redirects included: a failure.</summary>
    Refused,

    /// <summary>No connection could be made.</summary>
    ConnectFailed,

    /// <summary>The connection broke before an answer.</summary>
    Broken,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The callback's address is one that outbound requests may not reach.</summary>
    AddressRefused,
}
