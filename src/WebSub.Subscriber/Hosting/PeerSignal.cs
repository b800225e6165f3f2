using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>Wakes <see cref="PeerNotices"/> when other processes should look for work.</summary>
internal sealed class PeerSignal : WorkSignal;
