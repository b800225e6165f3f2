namespace WebSub.Subscriber;

/// <summary>
/// Receives every change to every subscription, in order, soon after it was stored. Any number of listeners can be added.
/// </summary>
public interface IWebSubEvents
{
    /// <summary>Called after a change. An exception is logged and otherwise ignored.</summary>
    /// <param name="change">The change, with the subscription as it is now.</param>
    /// <param name="cancellationToken">Fires when the app must exit.</param>
    Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken);
}
