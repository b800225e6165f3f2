using WebSub.Hub.Values;

namespace WebSub.Hub.Hosting;

/// <summary>How this process takes its place at the hub's database, and whether the others still count on it (rules 26, 27).</summary>
internal interface INodeLife
{
    /// <summary>False while other nodes must assume that this one is dead: then what it claims is theirs at once.</summary>
    bool IsSeen { get; }

    /// <summary>
    /// True if a claim made or renewed at this time stamp still holds: no other node has had reason to assume since then that this one is
    /// dead, and so to free all that it held.
    /// </summary>
    bool Covers(Timestamp claimedAt);

    /// <summary>Takes the place, under this name; returns when claims may be made.</summary>
    Task BeginAsync(string node, CancellationToken cancellationToken);
}
