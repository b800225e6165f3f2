using WebSub.Conformance.Checks;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Subscriber.SubscriberBench>;

namespace WebSub.Conformance.Subscriber;

/// <summary>Whether it finds the hub of a topic (§4): seen from the hub that it asks.</summary>
internal static class DiscoveryChecks
{
    public static readonly IReadOnlyList<Check<SubscriberBench>> All =
    [
        Must("D7", "4", "Hub and topic of Link headers come first; what the document names is not used then.", PrefersHeadersAsync),
        Must("D9-page", "4", "Without Link headers it finds them in an HTML page.", bench => FindsAsync(bench, TopicKind.Page)),
        Must(
            "D9-atom",
            "4",
            "Without Link headers it finds them in an Atom feed, here with two hubs.",
            bench => FindsAsync(bench, TopicKind.Atom)
        ),
        Must("D9-rss", "4", "Without Link headers it finds them in an RSS feed.", bench => FindsAsync(bench, TopicKind.Rss)),
        Should("D13", "4.1", "Relative links count from where they stand.", bench => FindsAsync(bench, TopicKind.Relative)),
        Should("D14", "6.1", "It follows redirects (301, 302, 307, 308) to the topic; links at their end count.", FollowsAsync),
        Should(
            "D15",
            "4",
            "It reads Link headers in every notation: several types, capitals, no quotes.",
            bench => FindsAsync(bench, TopicKind.Notation)
        ),
        Must("S5", "5.1", "It subscribes to the rel=self that it found, byte for byte, not to the URL that it was told.", UsesSelfAsync),
        Should("S28-https", "8.2", "A hub that is named with http and with https is asked with https.", PrefersHttpsAsync),
        Should("S13", "5.1.2", "A hub that answers 307 or 308 gets the same form again where that leads.", FollowsHubAsync),
    ];

    private static Task FindsAsync(SubscriberBench bench, TopicKind kind) => FoundAsync(bench.Scene(kind));

    private static async Task PrefersHeadersAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Headers);
        await FoundAsync(scene).ConfigureAwait(false);
        await bench.SettleAsync().ConfigureAwait(false);
        if (scene.Hub.Asked.All.Any(TopicHub.IsDecoy))
            throw new CheckFailedException($"it asked {scene.Hub.Decoy}, which the document names; the header names {scene.Hub.Url}");
    }

    private static async Task FollowsAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Redirected);
        await FoundAsync(scene).ConfigureAwait(false);
        if (scene.Hub.Asked.All.Any(TopicHub.IsDecoy))
            throw new CheckFailedException($"it asked {scene.Hub.Decoy}, which a redirect names; its end names {scene.Hub.Url}");
    }

    private static async Task UsesSelfAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Headers);
        var request =
            await scene.RequestAsync().ConfigureAwait(false) ?? throw new CheckSkippedException("the topic's hub was not asked; see D7");
        if (request.Topic is { } topic && topic != scene.Self)
            throw new CheckFailedException($"hub.topic is \"{topic}\"; \"{scene.Self}\" would be right");
    }

    private static async Task FollowsHubAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Relative);
        if (await scene.StartedAsync().ConfigureAwait(false) is not null)
            throw new CheckSkippedException("the topic's hub was not asked; see D13");
        if (await scene.RequestAsync().ConfigureAwait(false) is not { } request)
        {
            var last = scene.Hub.Asked.All[^1];
            throw new CheckFailedException(
                $"the last that it sent was {last.Method} {last.Path}; POST to {scene.Hub.Url}/last, after 307 and 308, would be right"
            );
        }

        var first = scene.Hub.Asked.All[0];
        if (!first.Body.AsSpan().SequenceEqual(request.Received.Body))
            throw new CheckFailedException("the form at the end of the redirects is another than at their beginning");
    }

    private static async Task PrefersHttpsAsync(SubscriberBench bench)
    {
        if (bench.Options.PublicUrl is not null)
            throw new CheckSkippedException("it shows only where nothing stands between subscriber and check; --public-url says otherwise");
        var scene = bench.Scene(TopicKind.TwoSchemes);
        if (scene.Hub.Url == scene.Hub.Secure)
            throw new CheckSkippedException("everything of this check has https");
        if (await scene.StartedAsync().ConfigureAwait(false) is not null)
            throw new CheckSkippedException("the topic's hub was not asked; see D7");
        await bench.SettleAsync().ConfigureAwait(false);
        if (!scene.Hub.Asked.All.Any(TopicHub.IsSecure))
            throw new CheckFailedException($"it asked {scene.Hub.Url} and never {scene.Hub.Secure}, though the topic names both");
        bench.Remark = "seen: the attempt with https; it leads nowhere here";
    }

    private static async Task FoundAsync(TopicScene scene)
    {
        if (await scene.StartedAsync().ConfigureAwait(false) is { } fault)
            throw new CheckFailedException(fault);
    }
}
