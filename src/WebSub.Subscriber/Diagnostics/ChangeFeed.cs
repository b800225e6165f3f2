using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Subscriptions;
using WebSub.Work;

namespace WebSub.Subscriber.Diagnostics;

/// <summary>Logs changes to subscriptions and passes them to the app's <see cref="IWebSubEvents"/>.</summary>
internal sealed class ChangeFeed(
    IServiceScopeFactory scopes,
    IServiceProviderIsService known,
    TimeProvider time,
    ILogger<ChangeFeed> logger
) : EventFeed<WebSubSubscriptionChange, IWebSubEvents>(scopes, known, logger)
{
    public void Publish(WebSubChangeKind kind, WebSubSubscription subscription, string? reason)
    {
        Log.Changed(logger, subscription.Id, kind, subscription.Topic ?? subscription.Target.ToString(), reason ?? "");
        Add(
            new()
            {
                Kind = kind,
                Subscription = subscription,
                Reason = reason,
                At = time.GetUtcNow(),
            }
        );
    }

    /// <inheritdoc/>
    protected override Task TellAsync(IWebSubEvents listener, WebSubSubscriptionChange change) =>
        listener.OnChangedAsync(change, CancellationToken.None);

    /// <inheritdoc/>
    protected override string NameOf(WebSubSubscriptionChange change) => $"{change.Kind} of {change.Subscription.Id}";
}
