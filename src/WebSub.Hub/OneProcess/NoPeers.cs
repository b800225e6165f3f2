using WebSub.Hub.Signals;
using WebSub.Hub.Values;

namespace WebSub.Hub.OneProcess;

/// <summary>A SQLite database has one process, so there is no other node to tell.</summary>
internal sealed class NoPeers : IPeers
{
    /// <inheritdoc/>
    public void TellHead(TopicId topicId, long head)
    {
        // Nobody to tell.
    }

    /// <inheritdoc/>
    public void TellChanged(TopicId topicId)
    {
        // Nobody to tell.
    }
}
