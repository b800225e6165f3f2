namespace WebSub.Hub.Subscribing;

/// <summary>How a subscriber answered a verification request (§5.3.1).</summary>
internal enum IntentAnswer
{
    /// <summary>2xx with exactly the challenge.</summary>
    Confirmed,

    /// <summary>Another body, a redirect or a 4xx: final (H20).</summary>
    Rejected,

    /// <summary>No answer, or a 5xx: retried.</summary>
    Failed,
}
