using WebSub.Hub.Hosting;
using WebSub.Hub.Publishing;

namespace WebSub.Hub.Signals;

/// <summary>Wakes <see cref="TopicFetcher"/> when a topic has become due.</summary>
internal sealed class FetchSignal : Wakeup;
