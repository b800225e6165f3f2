using System.Globalization;
using WebSub.Conformance.Checks;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Publisher.PublisherBench>;

namespace WebSub.Conformance.Publisher;

/// <summary>
/// Whether hubs hear of a change (§6): seen from what they deliver to a subscriber of ours, or from the pings that come to the check's own
/// hub. Only those tell a publisher that says so from a hub that looks by itself.
/// </summary>
internal static class ChangeChecks
{
    public static readonly IReadOnlyList<Check<PublisherBench>> All =
    [
        Must("P2", "6", "It tells its hub when the topic has changed: an update is delivered, or a ping seen.", TellsAHubAsync),
        Should(
            "P2-content",
            "6",
            "It tells its hub once the change can be seen: what is delivered, or found at a ping, is what the topic serves.",
            TellsInTimeAsync
        ),
        Should("P5", "4", "It tells every hub that it names: each delivers an update, or a ping to it is seen.", TellsAllHubsAsync),
    ];

    private static async Task TellsAHubAsync(PublisherBench bench)
    {
        var change = await bench.ChangeAsync().ConfigureAwait(false);
        if (change.Hubs.Any(h => h.HasHeard))
        {
            bench.Remark = Sight(change, bench);
            return;
        }

        if (change.Hubs.All(h => h.Problem is not null))
            throw new CheckSkippedException(change.Hubs[0].Problem!);
        if (change.Before.Body.AsSpan().SequenceEqual(change.After.Body))
            throw new CheckSkippedException("the topic serves the same as before; was it changed?");
        throw new CheckFailedException(
            change.Hubs.All(h => bench.IsOwnHub(h.Hub))
                ? $"no ping of the topic came to {change.Hubs[0].Hub} {Within(bench)}, and the topic has changed"
                : $"no hub delivered anything {Within(bench)}, and the topic has changed"
        );
    }

    /// <summary>What was seen of the telling, and what was not.</summary>
    private static string Sight(Change change, PublisherBench bench)
    {
        if (change.Hubs.FirstOrDefault(h => h.Ping is not null) is { Ping: { } ping } told)
            return $"seen: {ping.Method} {told.Hub} with hub.mode=publish";
        return "seen: an update was delivered; not seen: whether the publisher told the hub, or the hub looked by itself. "
            + $"A publisher that names {bench.OwnHub} as a hub shows its pings (--port)";
    }

    private static async Task TellsAllHubsAsync(PublisherBench bench)
    {
        var change = await bench.ChangeAsync().ConfigureAwait(false);
        if (change.Hubs.Count == 1)
            throw new CheckSkippedException("it names one hub");
        if (!change.Hubs.Any(h => h.HasHeard))
            throw new CheckSkippedException("no hub heard of the change; see P2");
        if (change.Hubs.FirstOrDefault(h => h is { HasHeard: false, Problem: null }) is { } silent)
            throw new CheckFailedException(
                bench.IsOwnHub(silent.Hub)
                    ? $"no ping of the topic came to {silent.Hub} {Within(bench)}; another hub heard of the change"
                    : $"{silent.Hub} delivered nothing {Within(bench)}; another hub heard of the change"
            );
        if (change.Hubs.FirstOrDefault(h => h.Problem is not null) is { } closed)
            throw new CheckSkippedException(closed.Problem!);
        if (change.Hubs.Where(h => h.Ping is null).Select(h => h.Hub).ToList() is { Count: > 0 } unseen)
            bench.Remark = $"not seen: whether {string.Join(" and ", unseen)} was told, or looked by itself";
    }

    private static async Task TellsInTimeAsync(PublisherBench bench)
    {
        var change = await bench.ChangeAsync().ConfigureAwait(false);
        var contents = change.Hubs.Select(h => h.Content).OfType<byte[]>().ToList();
        if (contents.Count == 0)
            throw new CheckSkippedException("nothing was delivered, or found at a ping; see P2");
        foreach (var body in contents.Where(b => !b.AsSpan().SequenceEqual(change.After.Body)))
        {
            if (body.AsSpan().SequenceEqual(change.Before.Body))
                throw new CheckFailedException(
                    "a hub delivered, or found, what the topic served before: it was told before the change could be seen"
                );
            if (change.After.IsFeed)
                throw new CheckSkippedException(
                    "another text was delivered; of a feed a hub may leave out entries that were delivered before"
                );
            throw new CheckFailedException("another text was delivered, or found at a ping, than the topic serves now");
        }
    }

    private static string Within(PublisherBench bench) =>
        string.Create(CultureInfo.InvariantCulture, $"within {bench.Options.ChangePatience.TotalSeconds:0.#} s of the change");
}
