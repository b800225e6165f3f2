using WebSub.Work;

namespace WebSub.Subscriber.Leases;

/// <summary>Wakes <see cref="LeaseService"/> when a due time may have changed.</summary>
internal sealed class LeaseSignal : WorkSignal;
