using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.OneProcess;

/// <summary>
/// The only process on a SQLite file: no other can take over its work, and the claims of an earlier process are void (rule 27).
/// </summary>
internal sealed class LoneNode(RequestStore requests, TopicStore topics, BehindStore behind, ReplayStore replays, HubClock time) : INodeLife
{
    /// <inheritdoc/>
    public bool IsSeen => true;

    /// <inheritdoc/>
    public bool Covers(Timestamp claimedAt) => true;

    /// <inheritdoc/>
    public async Task BeginAsync(string node, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(time);
        await requests.FreeClaimsAsync(now, cancellationToken);
        await topics.FreeClaimsAsync(now, cancellationToken);
        await behind.FreeClaimsAsync(now, cancellationToken);
        await replays.FreeClaimsAsync(now, cancellationToken);
    }
}
