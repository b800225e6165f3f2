using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>How this node comes by lanes with work: in memory on SQLite, by claims in rows on PostgreSQL.</summary>
internal interface ILaneClaims
{
    /// <summary>Takes lanes with work that no node runs.</summary>
    /// <param name="topics">Topics that were raised since the last call.</param>
    /// <param name="running">The lanes this node runs already.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<LaneRow>> TakeAsync(
        IReadOnlyCollection<TopicId> topics,
        IReadOnlyCollection<LaneId> running,
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>Looks for work that no signal told of, at the next call: after a failure, and when idle (rule 3).</summary>
    void Rescan();

    /// <summary>True if claims end by themselves and are renewed.</summary>
    bool Expire { get; }

    /// <summary>
    /// True if an attempt sent now ends before a claim that was made or renewed at this time stamp, and no node takes us for dead (rule
    /// 26).
    /// </summary>
    bool Cover(Timestamp claimedAt);

    /// <summary>True if others may have freed since this time stamp what we hold, and we are seen again.</summary>
    bool MayHaveLost(Timestamp timestamp);

    /// <summary>True if <see cref="TakeAsync"/> may find more lanes right now.</summary>
    bool HasMore { get; }
}
