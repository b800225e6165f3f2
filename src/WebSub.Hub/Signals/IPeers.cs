using WebSub.Hub.Values;

namespace WebSub.Hub.Signals;

/// <summary>The other nodes of the hub's database: what they would find by polling is hinted at, after the commit (rule 3).</summary>
internal interface IPeers
{
    /// <summary>A topic has an entry with this sequence.</summary>
    void TellHead(TopicId topicId, long head);

    /// <summary>The subscriptions of a topic have changed (rule 10).</summary>
    void TellChanged(TopicId topicId);
}
