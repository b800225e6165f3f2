using WebSub.Hub.Delivery.Behind;
using WebSub.Work;

namespace WebSub.Hub.Signals;

/// <summary>Wakes <see cref="BehindService"/> when a due time may have come nearer.</summary>
internal sealed class BehindSignal : WorkSignal;
