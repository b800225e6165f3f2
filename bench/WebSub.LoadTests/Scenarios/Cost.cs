using WebSub.Http;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// What an update, a lane that it wakes and a delivery cost in processor time of the hub and its database, for planning: an update nobody
/// is subscribed to, one topic with 10,000 subscribers, and 2,000 topics with one subscriber each give the three numbers. Two more mixtures
/// show whether the numbers add up to what those take; they are no part of how the numbers were found.
/// </summary>
internal static class Cost
{
    private const int Pushed = 6_400;
    private const int Subscribers = 10_000;
    private const int Lanes = 2_000;

    /// <summary>How many subscriptions of a topic share a lane.</summary>
    private const int LaneSize = 1_000;
    private const double LeastOff = 0.75;
    private const double MostOff = 1.25;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run) =>
        [.. await MeasureAsync(run, Storage.Sqlite), .. await MeasureAsync(run, Storage.PostgreSql)];

    private static async Task<IEnumerable<Measurement>> MeasureAsync(Run run, Storage storage)
    {
        run.Say($"cost on {storage}");
        var update = await PushedAsync(run, storage);
        var tall = await MixtureAsync(run, storage, topics: 1, Subscribers);
        var thin = await MixtureAsync(run, storage, topics: Lanes, 1);
        // Two equations: tall = update + 10 lanes + 10,000 deliveries, and a topic of thin = update + lane + delivery.
        const int TallLanes = Subscribers / LaneSize;
        var one = thin * (1d / Lanes);
        var delivery = (tall - update - ((one - update) * TallLanes)) * (1d / (Subscribers - TallLanes));
        var lane = one - update - delivery;
        run.Say($"  an update: {update}; a lane: {lane}; a delivery: {delivery}");
        return [await CheckAsync(topics: 100, subscribers: 100), await CheckAsync(topics: 1_000, subscribers: 10)];

        async Task<Measurement> CheckAsync(int topics, int subscribers)
        {
            var expected = (update + lane + (delivery * subscribers)) * topics;
            var taken = await MixtureAsync(run, storage, topics, subscribers);
            var name = FormattableString.Invariant($"cost, {topics} × {subscribers}");
            return new Measurement(name, storage, "ms", Target.RatioBetween(LeastOff, MostOff)).With(
                [taken.Sum / 1000],
                [expected.Sum / 1000]
            );
        }
    }

    /// <summary>An update that 64 publishers push; nobody is subscribed.</summary>
    private static async Task<ProcessorCost> PushedAsync(Run run, Storage storage)
    {
        await using var rig = await StartAsync(run, storage);
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        return await MedianAsync(run, rig, $"{Pushed:n0} updates pushed", PushAsync) * (1d / Pushed);

        Task PushAsync()
        {
            var update = Pushing.Sign(rig.NextUpdate().Content);
            return Pushing.RateAsync(client, Pushed, UrlOf, _ => update, run.CancellationToken);
        }

        Uri UrlOf(int i) => new($"{rig.Hub.Url}?hub.mode=publish&hub.topic=http%3A%2F%2Fpublisher.example%2F{i}");
    }

    /// <summary>An update to each of so many topics with so many subscribers each, all of it together.</summary>
    private static async Task<ProcessorCost> MixtureAsync(Run run, Storage storage, int topics, int subscribers)
    {
        await using var rig = await StartAsync(run, storage);
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        await rig.SubscribeAsync([
            .. Enumerable
                .Range(0, topics * subscribers)
                .Select(i => new Subscription(TopicOf(i % topics), rig.Receiver.Callback(i), Updates.SecretOf(i))),
        ]);
        return await MedianAsync(run, rig, $"{topics:n0} topics × {subscribers:n0} subscribers", PublishAsync);

        async Task PublishAsync()
        {
            var update = Pushing.Sign(rig.NextUpdate().Content);
            await rig.Receiver.ExpectAsync(topics * subscribers, run.CancellationToken);
            await Parallel.ForAsync(
                0,
                topics,
                new ParallelOptions { MaxDegreeOfParallelism = Pushing.Publishers, CancellationToken = run.CancellationToken },
                async (i, cancel) => await Pushing.PostAsync(client, UrlOf(rig, TopicOf(i)), update, cancel)
            );
            await rig.Receiver.CompletedAtAsync(run.CancellationToken);
        }

        static string TopicOf(int i) => $"http://publisher.example/{i}";

        static Uri UrlOf(Rig rig, string topic) => new($"{rig.Hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(topic)}");
    }

    private static Task<Rig> StartAsync(Run run, Storage storage) =>
        Rig.StartAsync(storage, origins: 1, new Dictionary<string, string>(), run.CancellationToken);

    private static async Task<ProcessorCost> MedianAsync(Run run, Rig rig, FormattableString what, Func<Task> act)
    {
        var costs = new List<ProcessorCost>();
        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var before = rig.ProcessorTime;
            await act();
            // Lanes save what was delivered within a second.
            await rig.SettleAsync();
            await rig.SettleAsync();
            await rig.SettleAsync();
            if (round >= 0)
                costs.Add(ProcessorCost.Between(before, rig.ProcessorTime));
        }

        var median = ProcessorCost.MedianOf(costs);
        run.Say($"  {FormattableString.Invariant(what)}: {median}");
        return median;
    }
}
