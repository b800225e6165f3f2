using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Hosting;

namespace WebSub.Hub.Signals;

/// <summary>Wakes <see cref="BehindService"/> when a due time may have come nearer.</summary>
internal sealed class BehindSignal : Wakeup;
