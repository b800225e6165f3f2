using System.Globalization;
using WebSub.Conformance.Checks;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Publisher.PublisherBench>;

namespace WebSub.Conformance.Publisher;

/// <summary>Whether hubs hear of a change (§6): seen from what they deliver to a subscriber of ours.</summary>
internal static class ChangeChecks
{
    public static readonly IReadOnlyList<Check<PublisherBench>> All =
    [
        Must("P2", "6", "It tells its hub when the topic has changed: an update is delivered.", TellsAHubAsync),
        Should(
            "P2-content",
            "6",
            "It tells its hub once the change can be seen: what is delivered is what the topic serves.",
            TellsInTimeAsync
        ),
        Should("P5", "4", "It tells every hub that it names: an update is delivered by each.", TellsAllHubsAsync),
    ];

    private static async Task TellsAHubAsync(PublisherBench bench)
    {
        var change = await bench.ChangeAsync().ConfigureAwait(false);
        if (change.Hubs.Any(h => h.Delivery is not null))
            return;
        if (change.Hubs.All(h => h.Problem is not null))
            throw new CheckSkippedException(change.Hubs[0].Problem!);
        if (change.Before.Body.AsSpan().SequenceEqual(change.After.Body))
            throw new CheckSkippedException("the topic serves the same as before; was it changed?");
        throw new CheckFailedException($"no hub delivered anything {Within(bench)}, and the topic has changed");
    }

    private static async Task TellsAllHubsAsync(PublisherBench bench)
    {
        var change = await bench.ChangeAsync().ConfigureAwait(false);
        if (change.Hubs.Count == 1)
            throw new CheckSkippedException("it names one hub");
        if (change.Hubs.All(h => h.Delivery is null))
            throw new CheckSkippedException("no hub delivered anything; see P2");
        if (change.Hubs.FirstOrDefault(h => h is { Delivery: null, Problem: null }) is { } silent)
            throw new CheckFailedException($"{silent.Hub} delivered nothing {Within(bench)}; another hub did");
        if (change.Hubs.FirstOrDefault(h => h.Problem is not null) is { } closed)
            throw new CheckSkippedException(closed.Problem!);
    }

    private static async Task TellsInTimeAsync(PublisherBench bench)
    {
        var change = await bench.ChangeAsync().ConfigureAwait(false);
        var delivered = change.Hubs.Select(h => h.Delivery).OfType<Peers.ReceivedRequest>().ToList();
        if (delivered.Count == 0)
            throw new CheckSkippedException("nothing was delivered; see P2");
        foreach (var body in delivered.Select(d => d.Body).Where(b => !b.AsSpan().SequenceEqual(change.After.Body)))
        {
            if (body.AsSpan().SequenceEqual(change.Before.Body))
                throw new CheckFailedException(
                    "what the topic served before was delivered: the hub was told before the change could be seen"
                );
            if (change.After.IsFeed)
                throw new CheckSkippedException(
                    "another text was delivered; of a feed a hub may leave out entries that were delivered before"
                );
            throw new CheckFailedException("another text was delivered than the topic serves");
        }
    }

    private static string Within(PublisherBench bench) =>
        string.Create(CultureInfo.InvariantCulture, $"within {bench.Options.ChangePatience.TotalSeconds:0.#} s of the change");
}
