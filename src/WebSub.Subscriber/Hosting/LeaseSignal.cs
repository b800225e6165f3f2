using WebSub.Subscriber.Leases;
using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>Wakes <see cref="LeaseService"/> when a due time may have changed.</summary>
internal sealed class LeaseSignal : WorkSignal;
