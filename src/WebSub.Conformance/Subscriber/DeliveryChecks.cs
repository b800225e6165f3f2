using WebSub.Conformance.Checks;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Subscriber.SubscriberBench>;

namespace WebSub.Conformance.Subscriber;

/// <summary>What its callback answers to updates (§7).</summary>
internal static class DeliveryChecks
{
    public static readonly IReadOnlyList<Check<SubscriberBench>> All =
    [
        Must("S22", "7", "An update is answered 2xx.", AcknowledgesAsync),
        Must("S24", "7", "An update is not answered with a redirect.", DoesNotRedirectAsync),
        Must("S26", "7", "An update is known by its callback: Link headers that name another topic do not matter.", IgnoresLinksAsync),
        May("X2", "", "A hub that answers 204, as of PubSubHubbub 0.3, has accepted: its verification is confirmed.", TakesNoContentAsync),
    ];

    private static async Task AcknowledgesAsync(SubscriberBench bench)
    {
        var status = (await bench.DeliveredAsync().ConfigureAwait(false)).Answer.Status;
        if (status is >= 300 and < 400)
            throw new CheckSkippedException("it answered with a redirect; see S24");
        if (status is < 200 or >= 300)
            throw new CheckFailedException($"it answered {status}; 200 would be right");
    }

    private static async Task DoesNotRedirectAsync(SubscriberBench bench)
    {
        var status = (await bench.DeliveredAsync().ConfigureAwait(false)).Answer.Status;
        if (status is >= 300 and < 400)
            throw new CheckFailedException($"it answered {status}; 200 would be right");
    }

    private static async Task IgnoresLinksAsync(SubscriberBench bench)
    {
        var genuine = await bench.DeliveredAsync().ConfigureAwait(false);
        if (!genuine.Answer.IsSuccess)
            throw new CheckSkippedException("no update is answered 2xx; see S22");
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        var update = Update.Of(scene.Kind);
        var signature = genuine.Method is { } method ? SubscriberBench.Sign(subscription, method, update.Body) : null;
        var link = LinkHeader.Write([scene.Hub.Decoy], $"{scene.Url}/another");
        var answer = await bench.DeliverAsync(scene, subscription, update, signature, link).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status} to an update with rel=self of another URL; 200 would be right");
    }

    private static async Task TakesNoContentAsync(SubscriberBench bench)
    {
        var request =
            await bench.Scene(TopicKind.Redirected).RequestAsync().ConfigureAwait(false)
            ?? throw new CheckSkippedException("the topic's hub was not asked; see D14");
        var answer = await request.Verification.ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status} to the verification; 200 would be right");
    }
}
