using System.Globalization;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Hub.HubBench>;

namespace WebSub.Conformance.Hub;

/// <summary>What a hub delivers, and what it does when that fails (§7).</summary>
internal static class DeliveryChecks
{
    private const string OddType = "text/plain; Charset=\"utf-8\";  Version=1";

    // Clocks of two machines, and a hub that counts from when it began to read the answer.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(200);

    public static readonly IReadOnlyList<Check<HubBench>> All =
    [
        Must("H17", "5.1.1", "Deliveries go to the callback with its query.", KeepsTheQueryAsync),
        Must("H25", "7", "A delivery has the full content of the topic, byte for byte.", DeliversEveryByteAsync),
        Must("H25-type", "7", "A delivery has a Content-Type that fits the topic's.", KeepsTheMediaTypeAsync),
        Should("H25-verbatim", "7", "The Content-Type is the topic's, as it was written.", KeepsTheTypeVerbatimAsync),
        Must("H27", "7", "A delivery has Link headers with rel=hub and with rel=self, the topic's URL.", HasLinksAsync),
        Should("H27-one", "7", "The links are one header.", HasOneLinkHeaderAsync),
        Must("H28", "7", "A delivery that is answered with a redirect has failed; the redirect is not followed.", FollowsNoRedirectAsync),
        May("H28-gone", "7", "410 ends the subscription: the next update does not come.", EndsWhatIsGoneAsync),
        Should("H29", "7", "A delivery that is answered 500 is tried again.", TriesAgainAsync).Long(),
        Should("H29-after", "7", "Retry-After is obeyed: no attempt before that time.", ObeysRetryAfterAsync).Long(),
        Must("H30", "7", "Failures end no subscription: the next update is tried.", GoesOnAfterFailuresAsync).Long(),
    ];

    private static async Task KeepsTheQueryAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback("?id=a%20b"));
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        var delivery = await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        if (delivery.Target != callback.Target)
            throw new CheckFailedException($"the delivery went to {delivery.Target}; {callback.Target} would be right");
    }

    private static async Task DeliversEveryByteAsync(HubBench bench)
    {
        byte[] content = [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 7)), 13, 10, 32];
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        topic.Show(content, "application/octet-stream");
        await bench.PingAsync(topic, HubParameters.Url).ConfigureAwait(false);
        var delivery = await bench.DeliveryAsync(topic, callback, _ => true).ConfigureAwait(false);
        if (!topic.HasShown(delivery.Body))
            throw new CheckFailedException(
                $"{delivery.Body.Length} bytes came of {content.Length}; they differ from byte "
                    + $"{delivery.Body.AsSpan().CommonPrefixLength(content)} on"
            );
    }

    private static async Task KeepsTheMediaTypeAsync(HubBench bench)
    {
        var delivery = await UpdateAsync(bench, "application/json").ConfigureAwait(false);
        var type = delivery["Content-Type"]?.Split(';')[0].Trim();
        if (!string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
            throw new CheckFailedException($"the Content-Type is \"{type}\"; \"application/json\" would be right");
    }

    private static async Task KeepsTheTypeVerbatimAsync(HubBench bench)
    {
        var type = (await UpdateAsync(bench, OddType).ConfigureAwait(false))["Content-Type"];
        if (type != OddType)
            throw new CheckFailedException($"the Content-Type is \"{type}\"; \"{OddType}\" would be right");
    }

    private static async Task HasLinksAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        var links = LinkHeader.Parse((await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false)).All(LinkHeader.Name));
        if (!links.Any(l => l.Has("hub")))
            throw new CheckFailedException("the delivery has no Link with rel=hub");
        var self = links.FirstOrDefault(l => l.Has("self"))?.Target;
        if (self != topic.Url)
            throw new CheckFailedException($"the delivery's rel=self is \"{self}\"; \"{topic.Url}\" would be right");
    }

    private static async Task HasOneLinkHeaderAsync(HubBench bench)
    {
        var lines = (await UpdateAsync(bench, "text/plain").ConfigureAwait(false)).All(LinkHeader.Name).Count();
        if (lines > 1)
            throw new CheckFailedException($"the delivery has {lines} Link headers");
    }

    private static async Task FollowsNoRedirectAsync(HubBench bench)
    {
        var (topic, callback, elsewhere) = (bench.Topic(), bench.Callback(), bench.Callback());
        callback.OnDelivery = (_, _) => Task.FromResult(PeerAnswer.Text(307).With("Location", elsewhere.Url));
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        HubBench.ExpectNothing(elsewhere, "update 1", "it followed the redirect of a delivery");
    }

    private static async Task EndsWhatIsGoneAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        callback.OnDelivery = (_, _) => Task.FromResult(PeerAnswer.Text(410));
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        // The hub has yet to read the answer.
        await bench.PauseAsync(bench.Options.Quiet).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 2").ConfigureAwait(false);
        HubBench.ExpectNothing(callback, "update 2", "it delivered the next update to a callback that had answered 410");
    }

    private static async Task TriesAgainAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        callback.OnDelivery = Refuse(_ => PeerAnswer.Text(500), times: 1);
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        var first = await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        _ =
            await SecondAsync(bench, callback, first).ConfigureAwait(false)
            ?? throw new CheckFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no second attempt came within {bench.Options.RetryPatience.TotalSeconds:0.#} s"
                )
            );
    }

    private static async Task ObeysRetryAfterAsync(HubBench bench)
    {
        var wait = bench.Options.RetryAfter;
        var (topic, callback) = (bench.Topic(), bench.Callback());
        callback.OnDelivery = Refuse(
            _ => PeerAnswer.Text(503).With("Retry-After", wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)),
            times: 1
        );
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        var first = await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        var second =
            await SecondAsync(bench, callback, first).ConfigureAwait(false)
            ?? throw new CheckSkippedException("there was no second attempt; see H29");
        var pause = second.At - first.At;
        if (pause < wait - Tolerance)
            throw new CheckFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the next attempt came after {pause.TotalSeconds:0.0} s though Retry-After was {wait.TotalSeconds:0} s"
                )
            );
    }

    private static async Task GoesOnAfterFailuresAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        callback.OnDelivery = (d, _) => Task.FromResult(PeerAnswer.Text(d.Text.Contains("update 1", StringComparison.Ordinal) ? 500 : 200));
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        var first = await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        await SecondAsync(bench, callback, first).ConfigureAwait(false);
        callback.OnDelivery = (_, _) => Task.FromResult(PeerAnswer.Text(200));
        await bench.UpdateAsync(topic, "update 2").ConfigureAwait(false);
        await callback
            .Deliveries.FirstAsync(
                d => d.Text.Contains("update 2", StringComparison.Ordinal),
                "delivery of the update after the one that failed",
                bench.Options.RetryPatience,
                bench.Over
            )
            .ConfigureAwait(false);
    }

    private static Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> Refuse(Func<ReceivedRequest, PeerAnswer> answer, int times)
    {
        var left = times;
        return (delivery, _) => Task.FromResult(Interlocked.Decrement(ref left) >= 0 ? answer(delivery) : PeerAnswer.Text(200));
    }

    private static Task<ReceivedRequest?> SecondAsync(HubBench bench, PeerCallback callback, ReceivedRequest first) =>
        callback.Deliveries.FindAsync(d => d != first, bench.Options.RetryPatience, bench.Over);

    private static async Task<ReceivedRequest> UpdateAsync(HubBench bench, string contentType)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "\"update 1\"", contentType).ConfigureAwait(false);
        return await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
    }
}
