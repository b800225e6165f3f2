namespace WebSub.Hub;

/// <summary>What an operator asks for.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Target">
/// On what: the id of a topic, subscription or dead letter, or an origin. Nothing for <see cref="HubActionKind.RedeliverAll"/>.
/// </param>
/// <param name="By">Who asks, for the audit log.</param>
public sealed record HubActionRequest(HubActionKind Kind, string Target, string By)
{
    /// <summary>For a replay: the first entry.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>For a replay: the last entry; null for the newest there is now.</summary>
    public long? LastSequence { get; init; }

    /// <summary>For <see cref="HubActionKind.RedeliverAll"/>: which ones.</summary>
    public HubDeadLetterFilter? DeadLetters { get; init; }

    /// <summary>For <see cref="HubActionKind.Publish"/>: the content; it is sent as UTF-8.</summary>
    public string? Content { get; init; }

    /// <summary>For <see cref="HubActionKind.Publish"/>: its content type, delivered as it is.</summary>
    public string? ContentType { get; init; }

    /// <summary>The reason, for the audit log and for the subscriber that is told.</summary>
    public string? Reason { get; init; }
}
