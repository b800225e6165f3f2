namespace WebSub.Subscriber;

/// <summary>
/// Hears of every change of every subscription, in order, soon after it was stored. Any number of listeners may be added.
/// </summary>
public interface IWebSubEvents
{
    /// <summary>Something changed. An exception is logged and nothing else.</summary>
    /// <param name="change">What changed, and how the subscription is now.</param>
    /// <param name="cancellationToken">Fires when the app has to end.</param>
    Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken);
}
