using System.Globalization;
using WebSub.Conformance.Checks;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Subscriber.SubscriberBench>;

namespace WebSub.Conformance.Subscriber;

/// <summary>How its subscriptions end, or do not: renewal, unsubscribe, denial (§5.2, §5.3).</summary>
internal static class EndingChecks
{
    public static readonly IReadOnlyList<Check<SubscriberBench>> All =
    [
        Must("S4-unsubscribe", "5.1", "It ends a subscription with its topic and its callback.", NamesTheSubscriptionAsync),
        Must(
            "S17-ended",
            "5.3.1",
            "After an unsubscribe, a verification of the subscription is answered 404 (or 410).",
            DeniesTheEndedAsync
        ),
        Must("S18", "5.3", "A lease in the verification of an unsubscribe does not matter.", ConfirmsTheEndAsync),
        Must("S19", "5.3.1", "It renews before the lease ends that the hub has named.", RenewsAsync).Long(),
        Should("S20", "6.1", "It fetches the topic again before it renews.", RenewsFromTheTopicAsync).Long(),
        Should("S6-renewal", "5.1.1", "A renewal has a new callback.", RenewsWithANewCallbackAsync).Long(),
        Should("S21", "5.2", "After a denial a verification is answered 404, unless it has asked again.", TakesNoForNoAsync),
        May("S23", "7", "After an unsubscribe, updates are answered 410, or 404.", RefusesAfterTheEndAsync),
    ];

    private static async Task NamesTheSubscriptionAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Notation);
        var (began, ended) = await EndedAsync(scene).ConfigureAwait(false);
        if (ended.Topic != began.Topic)
            throw new CheckFailedException($"hub.topic is \"{ended.Topic}\"; it subscribed to \"{began.Topic}\"");
        if (ended.Callback != began.Callback)
            throw new CheckFailedException($"hub.callback is \"{ended.Callback}\"; it subscribed with \"{began.Callback}\"");
    }

    private static async Task ConfirmsTheEndAsync(SubscriberBench bench)
    {
        var (_, ended) = await EndedOrSkipAsync(bench).ConfigureAwait(false);
        var answer = await ended.Verification.ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status}; 200 would be right");
    }

    private static async Task DeniesTheEndedAsync(SubscriberBench bench)
    {
        var (began, _) = await EndedOrSkipAsync(bench).ConfigureAwait(false);
        var answer = await bench
            .VerifyAsync(bench.Scene(TopicKind.Notation), began.Callback!, HubModes.Subscribe, began.Topic!, CallbackCaller.NewChallenge())
            .ConfigureAwait(false);
        if (answer.Status is not (404 or 410))
            throw new CheckFailedException($"it answered {answer.Status}; 404 would be right");
    }

    private static async Task RefusesAfterTheEndAsync(SubscriberBench bench)
    {
        var (began, _) = await EndedOrSkipAsync(bench).ConfigureAwait(false);
        var scene = bench.Scene(TopicKind.Notation);
        var update = Update.Of(scene.Kind);
        var signature = began.Secret is { Length: > 0 }
            ? SubscriberBench.Sign(began, Signatures.SignatureMethod.Sha256, update.Body)
            : null;
        var answer = await OfTheEndedAsync(bench.DeliverAsync(scene, began, update, signature)).ConfigureAwait(false);
        if (answer.Status is not (404 or 410))
            throw new CheckFailedException($"it answered {answer.Status}; 410 would be right");
    }

    private static async Task<(HubRequest Began, HubRequest Ended)> EndedOrSkipAsync(SubscriberBench bench)
    {
        try
        {
            return await EndedAsync(bench.Scene(TopicKind.Notation)).ConfigureAwait(false);
        }
        catch (CheckFailedException)
        {
            throw new CheckSkippedException("the subscription was not ended; see S4-unsubscribe");
        }
    }

    private static Task<CallbackAnswer> VerifyAsync(SubscriberBench bench, TopicScene scene, HubRequest subscription) =>
        bench.VerifyAsync(scene, subscription.Callback!, HubModes.Subscribe, subscription.Topic!, CallbackCaller.NewChallenge());

    /// <summary>What the callback of a subscription answers that has ended; a subscriber may be gone with its last subscription.</summary>
    private static async Task<CallbackAnswer> OfTheEndedAsync(Task<CallbackAnswer> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (CheckFailedException e)
        {
            throw new CheckSkippedException($"nobody confirms or takes anything any more: {e.Message}");
        }
    }

    private static async Task<(HubRequest Began, HubRequest Ended)> EndedAsync(TopicScene scene)
    {
        var ended = await scene.EndedAsync().ConfigureAwait(false);
        return (await scene.SubscribedAsync().ConfigureAwait(false), ended);
    }

    private static async Task RenewsAsync(SubscriberBench bench)
    {
        var (began, renewed, lease) = await RenewedAsync(bench).ConfigureAwait(false);
        if (renewed is null)
            throw new CheckFailedException(
                string.Create(CultureInfo.InvariantCulture, $"it has not renewed within the lease of {lease.TotalSeconds:0} s")
            );
        if (renewed.Topic != began.Topic)
            throw new CheckFailedException($"the renewal is for \"{renewed.Topic}\"; the subscription is to \"{began.Topic}\"");
    }

    private static async Task RenewsFromTheTopicAsync(SubscriberBench bench)
    {
        var (began, renewed, _) = await RenewedAsync(bench).ConfigureAwait(false);
        if (renewed is null)
            throw new CheckSkippedException("it has not renewed; see S19");
        if (!bench.Scene(TopicKind.Rss).Visits.All.Any(v => v.At > began.At && v.At <= renewed.At))
            throw new CheckFailedException("it asked the hub that it knew, and did not look whether the topic still names it");
    }

    private static async Task RenewsWithANewCallbackAsync(SubscriberBench bench)
    {
        var (began, renewed, _) = await RenewedAsync(bench).ConfigureAwait(false);
        if (renewed is null)
            throw new CheckSkippedException("it has not renewed; see S19");
        if (renewed.Callback == began.Callback)
            throw new CheckFailedException("the renewal has the same callback as before");
    }

    private static async Task<(HubRequest Began, HubRequest? Renewed, TimeSpan Lease)> RenewedAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Rss);
        var began = await scene.SubscribedAsync().ConfigureAwait(false);
        var lease = TimeSpan.FromSeconds(scene.Hub.Lease);
        var renewed = await scene
            .Hub.Requests.FindAsync(r => r != began && r.Mode == HubModes.Subscribe, lease, bench.Over)
            .ConfigureAwait(false);
        return (began, renewed, lease);
    }

    private static async Task TakesNoForNoAsync(SubscriberBench bench)
    {
        var scene = bench.Scene(TopicKind.Atom);
        var subscription = await scene.SubscribedAsync().ConfigureAwait(false);
        var before = scene.Hub.Requests.All.Count;
        await bench
            .AskAsync(
                scene,
                subscription.Callback!,
                (HubParameters.Mode, HubModes.Denied),
                (HubParameters.Topic, subscription.Topic!),
                (HubParameters.Reason, "the check of a denial")
            )
            .ConfigureAwait(false);
        await bench.SettleAsync().ConfigureAwait(false);
        var answer = await OfTheEndedAsync(VerifyAsync(bench, scene, subscription)).ConfigureAwait(false);
        if (answer.IsSuccess && scene.Hub.Requests.All.Count > before)
            throw new CheckSkippedException("it has asked again at once, as it may");
        if (answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status} after \"hub.mode=denied\"; 404 would be right");
    }
}
