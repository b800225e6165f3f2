using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Health;

/// <summary>Passes updates that the hub did not deliver to their handlers, as if it had: queued ones by the inbox.</summary>
internal sealed class FoundUpdates(
    InboxArrivals inbox,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    Wakeups wakeups,
    RecentDeliveries recent,
    IServiceScopeFactory scopes,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<FoundUpdates> logger
)
{
    /// <summary>Passes an update on. False if it is there already.</summary>
    public async Task<bool> PassOnAsync(FoundUpdate update, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = Convert.ToHexStringLower(SHA256.HashData(update.Body));
        var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        if (update.ContentType is not null)
            headers[HeaderNames.ContentType] = update.ContentType;
        if (update.ContentEncoding is not null)
            headers[HeaderNames.ContentEncoding] = update.ContentEncoding;
        var rule = RepeatRule.Of(options.Value.Inbox);
        if (handlers.Find(update.Subscription.Handler) is not { Inline: not null } inline)
        {
            var isNew = await inbox.AddFoundAsync(
                new()
                {
                    SubscriptionId = update.Subscription.Id.ToString("D"),
                    Topic = update.Topic,
                    DeliveryId = update.DeliveryId,
                    BodyHash = hash,
                    Headers = HeaderBag.Write(headers),
                    ContentType = update.ContentType,
                    Body = update.Body,
                    ReceivedAt = DatabaseTime.From(now),
                    Source = update.Source.ToString(),
                },
                rule,
                cancellationToken
            );
            wakeups.Inbox();
            return isNew;
        }

        var mark = new DeliveryMark(update.DeliveryId, "", null, false, now);
        if (recent.IsRepeat(update.Subscription.Id, hash, mark, rule))
            return false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await HandlerPipeline.RunAsync(
                inline,
                scope.ServiceProvider,
                new()
                {
                    Body = update.Body,
                    ContentType = update.ContentType,
                    Headers = headers,
                    Subscription = callbacks.View(update.Subscription),
                    Topic = update.Topic,
                    DeliveryId = update.DeliveryId,
                    Source = update.Source,
                    ReceivedAt = now,
                },
                cancellationToken
            );
            recent.Add(update.Subscription.Id, hash, mark);
        }
#pragma warning disable CA1031 // The fault is the app's; it is told of, as for a delivery.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.FoundUpdateFailed(logger, update.Subscription.Id, update.Subscription.Handler, e);
        }

        return true;
    }
}
