namespace WebSub.Subscriber.Storage;

/// <summary>A hole in the numbered delivery ids of a subscription.</summary>
internal sealed record GapRow
{
    public string Id { get; init; } = "";

    /// <summary>The last number before the hole.</summary>
    public long GapAfter { get; init; }

    /// <summary>The first number after it.</summary>
    public long GapBefore { get; init; }
}
