using WebSub.Hub.Signals;
using WebSub.Hub.Values;

namespace WebSub.Hub.OneProcess;

/// <summary>A SQLite database has one process, so there is no other node to notify.</summary>
internal sealed class NoPeers : IPeers
{
    /// <inheritdoc/>
    public void TellHead(TopicId topicId, long head)
    {
        // There is no other node.
    }

    /// <inheritdoc/>
    public void TellChanged(TopicId topicId)
    {
        // There is no other node.
    }
}
