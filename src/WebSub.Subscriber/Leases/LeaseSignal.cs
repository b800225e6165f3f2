using WebSub.Subscriber.Scheduling;

namespace WebSub.Subscriber.Leases;

/// <summary>Tells the <see cref="LeaseService"/> that a due time may have changed.</summary>
internal sealed class LeaseSignal
{
    public WorkSignal Work { get; } = new();

    public void Set() => Work.Set();
}
