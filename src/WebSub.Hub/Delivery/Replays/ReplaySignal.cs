using WebSub.Work;

namespace WebSub.Hub.Delivery.Replays;

/// <summary>Wakes <see cref="ReplayService"/> when something is to be sent again.</summary>
internal sealed class ReplaySignal : WorkSignal;
