using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Subscribing;

/// <summary>The hub's own policy: topics and callbacks by pattern, registered topics only, limits per callback host and topic.</summary>
#pragma warning disable CA1001 // The semaphore has nothing to dispose of, and a request may still hold it when the host stops.
internal sealed class SubscriptionPolicy(
    IOptions<HubOptions> options,
    HubDatabase database,
    TopicStore topics,
    SubscriptionStore subscriptions,
    HubClock time
)
#pragma warning restore CA1001
{
    private readonly List<UrlPattern> _topics = [.. options.Value.Subscribing.Topics.Select(p => new UrlPattern(p))];
    private readonly List<UrlPattern> _callbacks = [.. options.Value.Subscribing.Callbacks.Select(p => new UrlPattern(p))];
    private readonly SemaphoreSlim _counting = new(1, 1);

    private bool HasCaps => options.Value.Subscribing is { MaxPerCallbackHost: > 0 } or { MaxPerTopic: > 0 };

    private bool OnlyRegistered => options.Value.Publishing.Policy == PublishingPolicy.Registered;

    /// <summary>
    /// What is wrong with a topic that is neither a URL nor registered, as a sentence; null if nothing is. On a hub that serves registered
    /// topics only, this is a matter of policy, not a fault.
    /// </summary>
    public async Task<string?> TopicFaultAsync(RequestRow request, CancellationToken cancellationToken) =>
        request.Mode == HubModes.Unsubscribe
        || OnlyRegistered
        || WebSub.Values.Topic.TryParse(request.Topic, out _, out var fault)
        || await topics.IsRegisteredAsync(request.Topic, cancellationToken)
            ? null
            : $"hub.topic {fault}, or a topic that is registered at this hub.";

    /// <summary>Why a request is refused, as a sentence; null if it is not.</summary>
    public async Task<string?> RefusalAsync(RequestRow request, CancellationToken cancellationToken)
    {
        // Unsubscribing is always allowed (§5: it is not validated).
        if (request.Mode == HubModes.Unsubscribe)
            return null;

        return PatternRefusal(request)
            ?? await RegistrationRefusalAsync(request.Topic, cancellationToken)
            ?? await CapRefusalAsync(request, cancellationToken);
    }

    /// <summary>The part of the policy that also applies to predicates: patterns of topics and callbacks.</summary>
    public string? PatternRefusal(RequestRow request)
    {
        if (request.Mode == HubModes.Unsubscribe)
            return null;
        if (!Matches(_topics, request.Topic))
            return "This hub does not serve that topic.";
        return Matches(_callbacks, request.Callback) ? null : "This hub does not deliver to that callback.";
    }

    /// <summary>The sentence that refuses a callback's subscription to one more predicate.</summary>
    public static string TooManyOf(long max) => $"The callback has {max} subscriptions; no more are allowed.";

    /// <summary>Why one more subscription is too many; null if it is not. A renewal does not count as one more.</summary>
    public async Task<string?> CapRefusalAsync(RequestRow request, CancellationToken cancellationToken)
    {
        if (
            request.Pattern is not null
            && await database.Db.ReadAsync(session => PatternStore.CountOthersAsync(session, request), cancellationToken)
                >= options.Value.Predicates.MaxPerCallback
        )
        {
            return TooManyOf(options.Value.Predicates.MaxPerCallback);
        }

        if (!HasCaps)
            return null;
        var subscribing = options.Value.Subscribing;
        var (ofHost, ofTopic) = await subscriptions.CountOthersAsync(request, DatabaseTime.Now(time), cancellationToken);
        if (subscribing.MaxPerCallbackHost > 0 && ofHost >= subscribing.MaxPerCallbackHost)
            return $"The callbacks of {request.CallbackHost} have {ofHost} subscriptions here; no more are allowed.";
        if (subscribing.MaxPerTopic > 0 && ofTopic >= subscribing.MaxPerTopic)
            return $"That topic has {ofTopic} subscriptions; no more are allowed.";
        return null;
    }

    /// <summary>
    /// If there are limits, only one request at a time counts and stores in this process; with several nodes, each may store one too many.
    /// </summary>
    public async Task<IDisposable?> CountAsync(RequestRow request, CancellationToken cancellationToken)
    {
        if (!HasCaps && request.Pattern is null)
            return null;
        await _counting.WaitAsync(cancellationToken);
        return new Turn(_counting);
    }

    private async Task<string?> RegistrationRefusalAsync(string topic, CancellationToken cancellationToken) =>
        !OnlyRegistered || await topics.IsRegisteredAsync(topic, cancellationToken)
            ? null
            : "hub.topic is not registered at this hub, which serves registered topics only.";

    private static bool Matches(List<UrlPattern> patterns, string text) => patterns.Count == 0 || patterns.Exists(p => p.Matches(text));

    private sealed class Turn(SemaphoreSlim counting) : IDisposable
    {
        public void Dispose() => counting.Release();
    }
}
