namespace WebSub.Hub;

/// <summary>A process of the hub.</summary>
public sealed record HubNodeState
{
    /// <summary>Its name in claims; random, so a process that is started again has another one.</summary>
    public required string Name { get; init; }

    /// <summary>True for the node that answers.</summary>
    public bool IsThis { get; init; }

    /// <summary>How many lanes it holds.</summary>
    public long Lanes { get; init; }

    /// <summary>When it began to take part; null for one that has yet to register, or is of a version that does not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its version; null as <see cref="StartedAt"/>.</summary>
    public string? Version { get; init; }

    /// <summary>What it does; null as <see cref="StartedAt"/>.</summary>
    public HubRoles? Roles { get; init; }
}
