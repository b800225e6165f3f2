using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>What one step of carrying out an action has changed.</summary>
internal sealed record ActionStep
{
    /// <summary>Topics whose runs must read their members again.</summary>
    public IReadOnlyCollection<TopicId> Topics { get; init; } = [];

    /// <summary>The topic of a subscription that was ended, and its callback.</summary>
    public (string Topic, string Callback)? Ended { get; init; }

    /// <summary>How many rows were concerned.</summary>
    public long Affected { get; init; }

    /// <summary>The last row that was dealt with; null if all were.</summary>
    public long? Progress { get; init; }

    /// <summary>Why nothing was done.</summary>
    public string? Result { get; init; }
}
