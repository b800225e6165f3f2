using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Discovery;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

/// <summary>Makes one attempt of a pending request.</summary>
/// <remarks>
/// <para>1. A renewal waits for its place in the queue for its hub.</para>
/// <para>
/// 2. Subscribing always starts with discovery (S20): topic and hubs in the document's order. While the resource does not answer, a renewal
/// goes to its current hub.
/// </para>
/// <para>3. If all hubs are wanted, each further one gets its own subscription.</para>
/// <para>
/// 4. For each hub until one accepts: save the request (S31), then POST, then save the response. Never one transaction around both.
/// </para>
/// </remarks>
internal sealed class RequestSender(
    SubscriptionService subscriptions,
    SubscriptionTransitions transitions,
    CallbackUrls callbacks,
    CallbackPrefixes prefixes,
    SubscriberHttp http,
    HealthStore health,
    DiscoveredBefore before,
    HubPacer pacer,
    ChangeFeed feed,
    SubscriberMetrics metrics,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<RequestSender> logger
)
{
    // A page may name any number of hubs, and each is a request to some server.
    private const int MaxHubs = 10;

    private const int NoContent = 204;

    // The longest that one response may hold back all other renewals.
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    public async Task SendAsync(Subscription subscription, PendingRequest pending, CancellationToken cancellationToken)
    {
        // 1.
        if (
            pending.IsSubscribe
            && (subscription.Active ?? (subscription.State == WebSubSubscriptionState.Expired ? subscription.Ended : null)) is { } active
        )
        {
            var now = time.GetUtcNow();
            var place = pacer.Reserve(pending.Id, active.Hub, now);
            if (place > now)
            {
                await subscriptions.ChangeAsync(subscription.Id, s => transitions.Postponed(s, pending.Id, place), cancellationToken);
                return;
            }
        }

        // 2.
        var route = await RouteAsync(subscription, pending, cancellationToken);
        var (topic, hubs) = route;
        if (hubs.Count == 0)
        {
            Log.NotDiscovered(logger, subscription.Id, subscription.Target.ToString(), route.Fault);
            await subscriptions.ChangeAsync(
                subscription.Id,
                s => transitions.NotDiscovered(s, pending.Id, route.Fault, time.GetUtcNow(), route.RetryAfter),
                cancellationToken
            );
            return;
        }

        // 3.
        if (pending.IsSubscribe && subscription.Options.AllHubs && route.IsFresh)
        {
            // It stays at its current hub if it can: at that hub, another callback would be a second subscription.
            var mine = hubs.FirstOrDefault(h => HubOrder.IsSame(h, subscription.Active?.Hub)) ?? hubs[0];
            await subscriptions.SpreadAsync(subscription, topic, [.. hubs.Where(h => h != mine)], cancellationToken);
            hubs = [mine];
        }

        // A hub that was named with http only may answer with https as well, if the app believes so.
        if (options.Value.PreferHttps && pending.IsSubscribe)
            hubs = [.. HubOrder.WithTwins(hubs, subscription.Active?.Hub, pending.VerifyAttempts > 0)];

        // 4.
        for (var i = 0; i < hubs.Count; i++)
        {
            var hub = hubs[i];
            var sending = await subscriptions.ChangeAsync(
                subscription.Id,
                s => transitions.Sending(s, pending.Id, hub, topic, time.GetUtcNow()),
                cancellationToken
            );
            // The request has been replaced in the meantime.
            if (sending?.Next is not { Pending: { } request } current)
                return;

            if (callbacks.OwnPath(current.Options) is { } path)
                prefixes.AddOwn([path]);
            if (pending.IsSubscribe && CallbackReach.Doubt(request.CallbackUrl, hub) is { } doubt)
                Log.CannotBeReached(logger, subscription.Id, hub, doubt);
            var response = await PostAsync(current, request, cancellationToken);
            metrics.RequestSent(pending.Mode, response.Outcome);
            Log.RequestSent(logger, subscription.Id, pending.Mode, topic, response.Explanation);
            if (response.IsAccepted)
            {
                if (!pending.IsSubscribe && response.StatusCode == NoContent)
                    await subscriptions.ChangeAsync(
                        subscription.Id,
                        s => transitions.LetGo(s, pending.Id, time.GetUtcNow()),
                        cancellationToken
                    );
                else
                    await subscriptions.AcceptedAsync(subscription.Id, pending.Id, cancellationToken);
                return;
            }

            if (response.RetryAfter is { } wait)
                pacer.Hold(hub, time.GetUtcNow() + (wait < LongestHold ? wait : LongestHold));
            if (i == hubs.Count - 1)
                await subscriptions.ChangeAsync(
                    subscription.Id,
                    s => transitions.Failed(s, pending.Id, response, time.GetUtcNow()),
                    cancellationToken
                );
        }
    }

    private async Task<Route> RouteAsync(Subscription subscription, PendingRequest pending, CancellationToken cancellationToken)
    {
        if (!pending.IsSubscribe)
            return new(pending.Topic!, [pending.Hub!]);
        if (subscription.Target.TopicName is { } given)
        {
            var hub = subscription.Target.HubUrl ?? options.Value.DefaultHub?.OriginalString;
            return hub is null ? Route.Nowhere("The topic has no hub, and WebSub:Subscriber:DefaultHub is not set.") : new(given, [hub]);
        }

        var discovery = new TopicDiscovery(http.ClientFor(subscription.Options.DiscoveryHttpClient), time);
        var how = new DiscoveryOptions { Accept = subscription.Options.Accept, AcceptLanguage = subscription.Options.AcceptLanguage };
        var resource = subscription.Target.ResourceUrl!;
        var result = before.Take(resource) ?? await discovery.DiscoverAsync(resource, how, cancellationToken);
        if (
            result.Error is DiscoveryError.Unreachable or DiscoveryError.TimedOut or DiscoveryError.ErrorStatus
            && subscription.Active is { } confirmed
        )
        {
            // A site that is down is no reason to lose the hub, which may well have updates of it.
            Log.RenewedUnseen(logger, subscription.Id, subscription.Target.ToString(), result.Explanation, confirmed.Hub);
            return new(confirmed.Topic, [confirmed.Hub]);
        }

        if (!result.IsSuccess)
            return Route.Nowhere(result.Explanation, result.RetryAfter);

        var hubs = HubOrder.SecureFirst([.. result.Hubs.Select(h => h.Url)]).Take(MaxHubs).ToList();
        if (hubs.Count > 1 && options.Value.Health.ChangeHub)
            hubs = [.. HubOrder.Last(hubs, await health.AvoidedHubAsync(subscription.Id, cancellationToken))];
        feed.Publish(
            WebSubChangeKind.Discovered,
            callbacks.View(subscription) with
            {
                Topic = result.Self!.Url,
                Hub = hubs[0],
            },
            result.Explanation
        );
        return new(result.Self.Url, hubs) { IsFresh = true };
    }

    private static List<KeyValuePair<string, string>> Extra(WebSubSubscribeOptions how)
    {
        List<KeyValuePair<string, string>> extra = [];
        if (how.Verify != WebSubVerify.None && !how.Parameters.Any(p => p.Key == HubParameters.Verify))
            extra.Add(new(HubParameters.Verify, how.Verify == WebSubVerify.Sync ? "sync" : "async"));
        if (how.VerifyToken is { } token)
            extra.Add(new(HubParameters.VerifyToken, token));
        return [.. extra, .. how.Parameters];
    }

    private Task<HubResponse> PostAsync(Subscription subscription, PendingRequest request, CancellationToken cancellationToken)
    {
        var message = new SubscriptionRequest
        {
            Mode = request.Mode,
            Topic = request.Topic!,
            Callback = request.CallbackUrl ?? callbacks.For(subscription, request.CallbackKey!),
            LeaseSeconds = request.LeaseSeconds,
            Secret = request.Secret,
            Extra = Extra(subscription.Options),
        };
        return new HubClient(http.ClientFor(subscription.Options.HttpClient), time).PostAsync(
            request.Hub!,
            message.ToFields(),
            subscription.Options.Headers,
            cancellationToken
        );
    }
}
