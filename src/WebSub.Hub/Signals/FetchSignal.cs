using WebSub.Hub.Publishing;
using WebSub.Work;

namespace WebSub.Hub.Signals;

/// <summary>Wakes <see cref="TopicFetcher"/> when a topic has become due.</summary>
internal sealed class FetchSignal : WorkSignal;
