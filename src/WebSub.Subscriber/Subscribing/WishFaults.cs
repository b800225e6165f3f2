using WebSub.Subscriber.Hosting;
using WebSub.Values;

namespace WebSub.Subscriber.Subscribing;

/// <summary>What is wrong with a requested subscription, before anything is stored or sent.</summary>
internal static class WishFaults
{
    /// <summary>Each fault as a sentence, with the argument that has it.</summary>
    public static IEnumerable<(string Argument, string Sentence)> Of(
        WebSubTarget target,
        WebSubSubscribeOptions? options,
        Uri? defaultHub,
        IEnumerable<HubHttpClient> clients
    )
    {
        if (target.ResourceUrl is { } resource && !Topic.TryParse(resource, out _, out var fault))
            yield return ("target", Sentence("resource", resource, fault));
        if (target.TopicName is { } topic && VerbatimUrl.TryCreate(topic, out _, out _) && !Topic.TryParse(topic, out _, out fault))
            yield return ("target", Sentence("topic", topic, fault));
        if (target.HubUrl is { } hub && !VerbatimUrl.TryCreate(hub, out _, out fault))
            yield return ("target", $"The hub \"{hub}\" {fault}.");
        if (target is { TopicName: not null, HubUrl: null } && defaultHub is null)
            yield return ("target", $"The topic \"{target.TopicName}\" has no hub. Name one, or set WebSub:Subscriber:DefaultHub.");
        if (options?.Secret is { } secret && !Secret.TryParse(secret, out _, out fault))
            yield return ("options", $"The secret {fault}.");
        if (options?.HttpClient is { } client && !clients.Any(c => c.Name == client))
            yield return ("options", $"There is no HTTP client named \"{client}\" for hubs. Add it with AddHubHttpClient(\"{client}\").");
        if (options?.DiscoveryHttpClient is { } finder && !clients.Any(c => c.Name == finder))
            yield return (
                "options",
                $"There is no HTTP client named \"{finder}\" for discovery. Add it with AddHubHttpClient(\"{finder}\")."
            );
        if (options?.LeaseSeconds <= 0)
            yield return ("options", $"The lease is {options.LeaseSeconds} s; it must be more than 0.");
        if (options?.CallbackUrl is { } callback && !Callback.TryParse(callback, out _, out fault))
            yield return ("options", Sentence("callback", callback, fault));
    }

    // What is wrong with a URL that is one may be the password in it, which is not to be repeated.
    private static string Sentence(string what, string url, string fault) =>
        VerbatimUrl.TryCreate(url, out _, out _) ? $"The {what} {fault}." : $"The {what} \"{url}\" {fault}.";
}
