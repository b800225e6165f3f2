namespace WebSub.Hub.Storage;

/// <summary>What is to be done with a stored request.</summary>
internal enum IntentVerdict
{
    /// <summary>Ask the subscriber.</summary>
    Verify,

    /// <summary>Accept without asking: the host decided so.</summary>
    Accepted,

    /// <summary>Tell the callback that it is denied.</summary>
    Denied,
}
