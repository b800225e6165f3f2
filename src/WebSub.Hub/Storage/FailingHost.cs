namespace WebSub.Hub.Storage;

/// <summary>A host whose subscriptions are behind.</summary>
internal sealed record FailingHost
{
    public required string Host { get; init; }

    /// <summary>How many of its subscriptions are.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Attempts of their next entries that failed.</summary>
    public long Attempts { get; init; }

    /// <summary>Entries that the one furthest behind has yet to get.</summary>
    public long LagMax { get; init; }

    /// <summary>What one of them was answered last.</summary>
    public string? LastError { get; init; }
}
