using WebSub.Subscriber.Scheduling;

namespace WebSub.Subscriber.Inbox;

/// <summary>Tells the <see cref="InboxDispatcher"/> that a notification was stored.</summary>
internal sealed class InboxSignal
{
    public WorkSignal Work { get; } = new();

    public void Set() => Work.Set();
}
