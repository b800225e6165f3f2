using WebSub.Work;

namespace WebSub.Subscriber.Inbox;

/// <summary>Wakes <see cref="InboxDispatcher"/> when a notification has been stored.</summary>
internal sealed class InboxSignal : WorkSignal;
