using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A host whose subscriptions are behind.</summary>
internal sealed record FailingHost
{
    public required string Host { get; init; }

    /// <summary>How many of its subscriptions are.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Since when the first of them has been; null if that was before it was noted.</summary>
    public DatabaseTime? Since { get; init; }

    /// <summary>Attempts that have failed since they are behind.</summary>
    public long Failed { get; init; }

    /// <summary>Entries that the one furthest behind has yet to get.</summary>
    public long LagMax { get; init; }

    /// <summary>What one of them was answered last.</summary>
    public string? LastError { get; init; }
}
