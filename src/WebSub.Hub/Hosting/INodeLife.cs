using WebSub.Hub.Values;

namespace WebSub.Hub.Hosting;

/// <summary>How this process registers at the hub's database, and whether other nodes still see it as alive (rules 26, 27).</summary>
internal interface INodeLife
{
    /// <summary>False while other nodes must assume that this one is dead and would take over at once what it claims.</summary>
    bool IsSeen { get; }

    /// <summary>
    /// True if a claim made or renewed at this time stamp still holds: since then no other node has had reason to assume that this one is
    /// dead and to release its claims.
    /// </summary>
    bool Covers(Timestamp claimedAt);

    /// <summary>Registers the node under this name; returns when it may make claims.</summary>
    Task BeginAsync(string node, CancellationToken cancellationToken);
}
