using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Hub.HubBench>;

namespace WebSub.Conformance.Hub;

/// <summary>What a hub delivers, and what it does when that fails (§7).</summary>
internal static class DeliveryChecks
{
    private const string OddType = "text/plain; Charset=\"utf-8\";  Version=1";
    private static readonly int[] Failures = [500, 404, 503, 403];

    // Clocks of two machines, and a hub that counts from when it began to read the answer.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(200);

    public static readonly IReadOnlyList<Check<HubBench>> All =
    [
        Must("H17", "5.1.1", "Deliveries go to the callback with its query.", KeepsTheQueryAsync),
        Must("H25", "7", "A delivery has the full content of the topic, byte for byte.", DeliversEveryByteAsync),
        Must("H25-type", "7", "A delivery has a Content-Type that fits the topic's.", KeepsTheMediaTypeAsync),
        Should("H25-verbatim", "7", "The Content-Type is the topic's, as it was written.", KeepsTheTypeVerbatimAsync),
        Must(
            "H27",
            "7",
            "A delivery has Link headers with rel=hub, which the topic names, and with rel=self, the topic's URL.",
            HasLinksAsync
        ),
        Should("H27-one", "7", "The links are one header.", HasOneLinkHeaderAsync),
        Must(
            "H28",
            "7",
            "A delivery that is answered with a redirect has failed; none (301, 302, 303, 307, 308) is followed.",
            FollowsNoRedirectAsync
        ),
        Should("H28-failed", "7", "After a redirect (301, 302, 303, 307, 308) another attempt comes, as after 500.", TriesMovedAgainAsync)
            .Long(),
        Must("H28-success", "7", "Any 2xx takes a delivery, whatever its body says: no other attempt comes.", TakesAnySuccessAsync).Long(),
        May("H28-gone", "7", "410 ends the subscription: the next update does not come.", EndsWhatIsGoneAsync),
        Should("H29", "7", "A delivery that is answered 500 is tried again.", TriesAgainAsync).Long(),
        Should("H29-after", "7", "Retry-After is obeyed: no attempt before that time.", ObeysRetryAfterAsync).Long(),
        Must("H30", "7", "Failures (here 500, 404, 503 and 403) end no subscription: the next update is tried.", GoesOnAfterFailuresAsync)
            .Long(),
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
        var hubs = links.Where(l => l.Has("hub")).Select(l => l.Target).ToList();
        if (hubs.Count == 0)
            throw new CheckFailedException("the delivery has no Link with rel=hub");
        if (!hubs.Any(bench.IsTheHub))
            throw new CheckFailedException(
                $"the delivery's rel=hub is \"{string.Join("\" and \"", hubs)}\", and the topic names \"{bench.Options.Hub}\"; "
                    + "if both are this hub, check it at the address that it gives itself"
            );
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
        var topic = bench.Topic();
        var moved = HubBench.Redirects.Select(status => (Status: status, Callback: bench.Callback(), Elsewhere: bench.Callback())).ToList();
        foreach (var (status, callback, elsewhere) in moved)
        {
            callback.OnDelivery = (_, _) => Task.FromResult(PeerAnswer.Text(status).With("Location", elsewhere.Url));
            await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        }

        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        foreach (var (_, callback, _) in moved)
            await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        foreach (var (status, _, elsewhere) in moved)
        {
            if (Came(elsewhere).FirstOrDefault() is { } next)
                throw new CheckFailedException($"it followed the redirect ({status}) of a delivery, with {next.Method}");
        }
    }

    private static async Task TriesMovedAgainAsync(HubBench bench)
    {
        var (topic, broken, elsewhere) = (bench.Topic(), bench.Callback(), bench.Callback());
        var moved = HubBench.Redirects.ToDictionary(status => status, _ => bench.Callback());
        broken.OnDelivery = Refuse(_ => PeerAnswer.Text(500), times: 1);
        foreach (var (status, callback) in moved)
            callback.OnDelivery = Refuse(_ => PeerAnswer.Text(status).With("Location", elsewhere.Url), times: 1);
        foreach (var callback in moved.Values.Prepend(broken))
            await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        await AgainAsync(bench, topic, broken).ConfigureAwait(false);
        foreach (var (status, callback) in moved)
        {
            var first = await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
            if (await SecondAsync(bench, callback, first).ConfigureAwait(false) is not null)
                continue;
            throw Came(elsewhere).Any()
                ? new CheckSkippedException("it followed the redirect; see H28")
                : new CheckFailedException($"after {status} no second attempt came, though one came after 500: is a redirect a success?");
        }
    }

    private static async Task TakesAnySuccessAsync(HubBench bench)
    {
        var (topic, broken) = (bench.Topic(), bench.Callback());
        broken.OnDelivery = Refuse(_ => PeerAnswer.Text(500), times: 1);
        PeerAnswer[] answers =
        [
            PeerAnswer.Text(200, "500 Internal Server Error"),
            PeerAnswer.Text(201),
            PeerAnswer.Text(202, "hub.mode=unsubscribe"),
            PeerAnswer.Text(204),
        ];
        var content = answers.ToDictionary(answer => answer, _ => bench.Callback());
        foreach (var (answer, callback) in content)
            callback.OnDelivery = (_, _) => Task.FromResult(answer);
        // The broken one last: a hub that sends to one after the other has then sent to all of them when it fails.
        foreach (var callback in content.Values.Append(broken))
            await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        // If they were to be tried again, it would be about when this one is.
        var (first, second) = await AgainAsync(bench, topic, broken).ConfigureAwait(false);
        await bench.PauseAsync(((second.At - first.At) / 2) + bench.Options.Quiet).ConfigureAwait(false);
        foreach (var (answer, callback) in content)
        {
            if (callback.Deliveries.All.CountBy(d => d.Text).FirstOrDefault(n => n.Value > 1) is { Value: > 1 and var copies })
                throw new CheckFailedException(
                    $"{copies} deliveries of one update came though the first was answered {answer.Status} "
                        + $"(\"{Encoding.UTF8.GetString(answer.Body)}\")"
                );
        }
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
        var (first, second) = await AgainAsync(bench, topic, callback).ConfigureAwait(false);
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
        var failures = new ConcurrentQueue<int>(Failures);
        callback.OnDelivery = (_, _) => Task.FromResult(PeerAnswer.Text(failures.TryDequeue(out var status) ? status : 200));
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        // Whether a hub tries each update, or one again and again: both are attempts.
        for (var count = 1; count <= Failures.Length; count++)
        {
            var before = count;
            await bench.UpdateAsync(topic, $"the update {count + 1}").ConfigureAwait(false);
            if (
                await callback
                    .Deliveries.FindAsync(_ => callback.Deliveries.All.Count > before, bench.Options.RetryPatience, bench.Over)
                    .ConfigureAwait(false)
                is null
            )
                throw new CheckFailedException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"after {string.Join(", ", Failures.Take(count))} no delivery of the next update came within "
                            + $"{bench.Options.RetryPatience.TotalSeconds:0.#} s"
                    )
                );
        }

        var last = $"the update {Failures.Length + 1}";
        await callback
            .Deliveries.FirstAsync(
                d => d.Text.Contains(last, StringComparison.Ordinal),
                "delivery of the update after those that failed",
                bench.Options.RetryPatience,
                bench.Over
            )
            .ConfigureAwait(false);
    }

    // Clients turn a POST into a GET after 301, 302 and 303.
    private static IEnumerable<ReceivedRequest> Came(PeerCallback elsewhere) =>
        elsewhere.Deliveries.All.Concat(elsewhere.Verifications.All);

    private static Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> Refuse(Func<ReceivedRequest, PeerAnswer> answer, int times)
    {
        var left = times;
        return (delivery, _) => Task.FromResult(Interlocked.Decrement(ref left) >= 0 ? answer(delivery) : PeerAnswer.Text(200));
    }

    /// <summary>The first attempt, and the second.</summary>
    /// <exception cref="CheckSkippedException">There is no second: what is compared with it cannot be told.</exception>
    private static async Task<(ReceivedRequest First, ReceivedRequest Second)> AgainAsync(
        HubBench bench,
        PeerTopic topic,
        PeerCallback callback
    )
    {
        var first = await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        return await SecondAsync(bench, callback, first).ConfigureAwait(false) is { } second
            ? (first, second)
            : throw new CheckSkippedException("there was no second attempt after 500; see H29");
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
