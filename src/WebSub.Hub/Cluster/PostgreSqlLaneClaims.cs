using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Claims stored in rows, so that any number of nodes share the lanes of one PostgreSQL database. Signals only say when to look; topics
/// with work are in <c>topic_work</c>.
/// </summary>
internal sealed class PostgreSqlLaneClaims(IOptions<HubOptions> options, LaneStore lanes, HubNode node, INodeLife life, HubClock time)
    : ILaneClaims
{
    /// <inheritdoc/>
    public void Rescan()
    {
        // Every call reads topic_work.
    }

    /// <inheritdoc/>
    public bool Expire => true;

    /// <inheritdoc/>
    public bool Cover(Timestamp claimedAt) =>
        life.Covers(claimedAt) && time.GetElapsedTime(claimedAt) + options.Value.Delivery.Timeout < options.Value.Delivery.ClaimFor;

    /// <inheritdoc/>
    public bool MayHaveLost(Timestamp timestamp) => life.IsSeen && !life.Covers(timestamp);

    /// <inheritdoc/>
    public bool HasMore { get; private set; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LaneRow>> TakeAsync(
        IReadOnlyCollection<TopicId> topics,
        IReadOnlyCollection<LaneId> running,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (max == 0 || !life.IsSeen)
            return [];
        var now = DatabaseTime.Now(time);
        var claimed = await lanes.ClaimAsync(node.Name, running, max, now, now + options.Value.Delivery.ClaimFor, cancellationToken);
        HasMore = claimed.Count == max;
        return claimed;
    }
}
