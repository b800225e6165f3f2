namespace WebSub.Hub.Storage;

/// <summary>What a save found.</summary>
/// <param name="Fenced">Another node has the lane; nothing of the run was saved (rule 6).</param>
/// <param name="MembersVersion">The version of the lane's rows now.</param>
/// <param name="Joined">True if subscriptions joined the lane at its new cursor (rule 7).</param>
/// <param name="HasBehind">True if the lane has subscriptions that go by themselves; one may just have become due.</param>
internal readonly record struct LaneSaved(bool Fenced, long MembersVersion, bool Joined, bool HasBehind)
{
    /// <summary>Nothing was saved.</summary>
    public static LaneSaved FencedOff { get; } = new(true, 0, false, false);
}
