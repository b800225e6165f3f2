using WebSub.Hub.Signals;

namespace WebSub.Hub.OneProcess;

/// <summary>A SQLite database has one process, so there is no other node to tell.</summary>
internal sealed class NoPeers : IPeers
{
    /// <inheritdoc/>
    public void TellHead(long topicId, long head)
    {
        // Nobody to tell.
    }

    /// <inheritdoc/>
    public void TellChanged(long topicId)
    {
        // Nobody to tell.
    }
}
