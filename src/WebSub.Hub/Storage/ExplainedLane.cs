namespace WebSub.Hub.Storage;

/// <summary>The lane that a subscription's updates go out with.</summary>
/// <param name="Number">Its number within the topic, from 1.</param>
/// <param name="Size">How many subscriptions it has.</param>
/// <param name="Cursor">The last entry that all which go with it have had, as far as that has been saved.</param>
/// <param name="IsOfCluster">True if nodes claim it; else the one process holds it.</param>
/// <param name="Holder">The node that has claimed it; null for none.</param>
internal sealed record ExplainedLane(long Number, long Size, long Cursor, bool IsOfCluster, string? Holder);
