using WebSub.Subscriber.Inbox;
using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>Wakes <see cref="InboxDispatcher"/> when a notification has been stored.</summary>
internal sealed class InboxSignal : WorkSignal;
