namespace WebSub.Hub.Delivery;

/// <summary>Wakes <see cref="BehindService"/> when a due time may have come nearer.</summary>
internal sealed class BehindSignal : Wakeup;
