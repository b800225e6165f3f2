using WebSub.Hub.Hosting;

namespace WebSub.Hub.Delivery.Behind;

/// <summary>Wakes <see cref="BehindService"/> when a due time may have come nearer.</summary>
internal sealed class BehindSignal : Wakeup;
