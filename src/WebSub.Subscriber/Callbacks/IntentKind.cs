namespace WebSub.Subscriber.Callbacks;

/// <summary>The kinds of GET to a callback.</summary>
internal enum IntentKind
{
    /// <summary>Not a hub's message: 400.</summary>
    Malformed,

    /// <summary>Well-formed, but not about anything this app requested: 404 (S17).</summary>
    Unwanted,

    /// <summary>A verification of something this app requested, or still has: 200 with the challenge (S15, S16, S30).</summary>
    Wanted,

    /// <summary>A verification of an unsubscription that was confirmed before: 200 with the challenge, nothing changes.</summary>
    Repeated,

    /// <summary>A denial of a known topic (S21): 200.</summary>
    Denied,

    /// <summary>An internal error of the hub about a known topic: 200.</summary>
    HubError,
}
