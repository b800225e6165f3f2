namespace WebSub.Hub;

/// <summary>An operator's action that was carried out.</summary>
public sealed record WebSubHubCompletedAction
{
    /// <summary>The number of the event: higher than those of all earlier events of this process.</summary>
    public required long Sequence { get; init; }

    /// <summary>The action, as it is in the audit log.</summary>
    public required HubAction Action { get; init; }
}
