using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>Wakes the polls of topics when a subscription has been verified.</summary>
internal sealed class HealthSignal : WorkSignal;
