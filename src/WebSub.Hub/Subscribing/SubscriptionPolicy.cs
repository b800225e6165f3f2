using Microsoft.Extensions.Options;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Protocol;

namespace WebSub.Hub.Subscribing;

/// <summary>The hub's own policy: topics and callbacks by pattern, registered topics only, caps per callback host and topic.</summary>
internal sealed class SubscriptionPolicy(IOptions<HubOptions> options, TopicStore topics, SubscriptionStore subscriptions)
{
    /// <summary>Why a request is refused, as a sentence; null if it is not.</summary>
    public async Task<string?> RefusalAsync(RequestRow request, CancellationToken cancellationToken)
    {
        // Leaving is always allowed (§5: an unsubscription is not validated).
        if (request.Mode == HubModes.Unsubscribe) return null;

        var subscribing = options.Value.Subscribing;
        if (PatternRefusal(request) is { } unwanted) return unwanted;
        if (await RegistrationRefusalAsync(request.Topic, cancellationToken) is { } refusal) return refusal;

        if (subscribing.MaxPerCallbackHost == 0 && subscribing.MaxPerTopic == 0) return null;
        var (ofHost, ofTopic) = await subscriptions.CountOthersAsync(request, cancellationToken);
        if (subscribing.MaxPerCallbackHost > 0 && ofHost >= subscribing.MaxPerCallbackHost) return $"The callbacks of {request.CallbackHost} have {ofHost} subscriptions here; no more are allowed.";
        if (subscribing.MaxPerTopic > 0 && ofTopic >= subscribing.MaxPerTopic) return $"That topic has {ofTopic} subscriptions; no more are allowed.";
        return null;
    }

    /// <summary>The part of the policy that holds for predicates too: what topics and callbacks look like.</summary>
    public string? PatternRefusal(RequestRow request)
    {
        if (request.Mode == HubModes.Unsubscribe) return null;
        if (!Matches(options.Value.Subscribing.Topics, request.Topic)) return "This hub does not serve that topic.";
        return Matches(options.Value.Subscribing.Callbacks, request.Callback) ? null : "This hub does not deliver to that callback.";
    }

    private async Task<string?> RegistrationRefusalAsync(string topic, CancellationToken cancellationToken)
    {
        var isUrl = Values.Topic.TryParse(topic, out _, out var fault);
        var onlyRegistered = options.Value.Publishing.Policy == PublishingPolicy.Registered;
        if ((isUrl && !onlyRegistered) || await topics.IsRegisteredAsync(topic, cancellationToken)) return null;
        return onlyRegistered ? "hub.topic is not registered at this hub, which serves registered topics only." : $"hub.topic {fault}, or a topic that is registered at this hub.";
    }

    private static bool Matches(IReadOnlyList<string> patterns, string text) =>
        patterns.Count == 0 || patterns.Any(p => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(p.Replace("?", "\\?", StringComparison.Ordinal), text, ignoreCase: true));
}
