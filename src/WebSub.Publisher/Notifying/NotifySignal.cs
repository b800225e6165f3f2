using WebSub.Work;

namespace WebSub.Publisher.Notifying;

/// <summary>Wakes <see cref="NotifyService"/> when something has been published.</summary>
internal sealed class NotifySignal : WorkSignal;
