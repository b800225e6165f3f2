using WebSub.Hub.Hosting;

namespace WebSub.Hub.Publishing;

/// <summary>Wakes <see cref="TopicFetcher"/> when a topic has become due.</summary>
internal sealed class FetchSignal : Wakeup;
