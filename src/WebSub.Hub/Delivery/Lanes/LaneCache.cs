using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// Lanes as their last run left them, bounded in bytes (rule 33): a publish to a lane that nothing has happened to reads its row and no
/// member. Only lanes whose members are all joined are kept, and one counts only if its row says that no member came, changed or went and
/// no other node has run it since.
/// </summary>
internal sealed class LaneCache
{
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int LaneCost = 512;
    private const int MemberCost = 640;
    private readonly LruCache<LaneId, LoadedLane> _lanes = new(MaxBytes);

    /// <summary>The lane's members, for a run that begins now; null if they have to be read.</summary>
    /// <param name="lane">The lane as it was read or claimed.</param>
    /// <param name="claimed">True if claiming raised its epoch: on PostgreSQL.</param>
    public LoadedLane? Take(LaneRow lane, bool claimed)
    {
        if (_lanes.Find(lane.Id) is not { } loaded)
            return null;
        var isCurrent = loaded.LeftAtEpoch + (claimed ? 1 : 0) == lane.Epoch && loaded.Lane.IsSameAs(lane);
        loaded.LeftAtEpoch = null;
        return isCurrent ? loaded : null;
    }

    /// <summary>The lane as it was when it was last read, if it is kept; what runs change of it is not up to date.</summary>
    public LaneRow? Find(LaneId lane) => _lanes.Find(lane)?.Lane;

    /// <summary>Keeps what a run has left.</summary>
    public void Keep(LoadedLane loaded, long epoch)
    {
        loaded.LeftAtEpoch = epoch;
        if (_lanes.Find(loaded.Lane.Id) != loaded)
            _lanes.Set(loaded.Lane.Id, loaded, LaneCost + (loaded.Targets.Count * (long)MemberCost));
    }
}
