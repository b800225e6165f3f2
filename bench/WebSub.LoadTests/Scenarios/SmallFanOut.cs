using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// 10,000 topics with one subscriber each: how fast an accepted backlog of one update per topic is drained. The backlog builds up behind a
/// plug: the hub may have 64 attempts in flight and one slow one, all taken by callbacks of another topic that do not answer. Once every
/// update has its 202, the plug is pulled and the clock starts.
/// </summary>
internal static class SmallFanOut
{
    private const int Topics = 10_000;
    private const int Places = 64;
    private const int SlowPlaces = 1;

    private static readonly Dictionary<string, string> Settings = new()
    {
        // As many in flight to the receiver as the default allows to one origin.
        ["WebSub__Hub__Delivery__MaxConcurrency"] = $"{Places}",
        ["WebSub__Hub__Delivery__MaxSlow"] = $"{SlowPlaces}",
        ["WebSub__Hub__Delivery__TimeoutSeconds"] = "300",
        // Otherwise the plugs would be ended early as soon as they have taken all slots.
        ["WebSub__Hub__Delivery__StragglerMilliseconds"] = "300000",
    };

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        run.Say($"small-fan-out on {Storage.Sqlite}: {Topics:n0} topics with one subscriber each");
        await using var rig = await Rig.StartAsync(Storage.Sqlite, origins: 2, Settings, run.CancellationToken);
        var subscriptions = Enumerable
            .Range(0, Topics)
            .Select(i => new Subscription($"http://publisher.example/{i}", rig.Receiver.Callback(i), Updates.SecretOf(i)))
            .ToList();
        await rig.SubscribeAsync(subscriptions);

        var plugs = 0;
        return
        [
            await Rates.MeasureAsync(
                run,
                rig,
                subscriptions,
                times: 3,
                DrainAsync,
                new("small-fan-out", Storage.Sqlite, "deliveries/s", Target.RatioAtLeast(0.9))
            ),
        ];

        async Task<long> DrainAsync(byte[] content)
        {
            await PlugAsync($"http://publisher.example/plug/{++plugs}", content);
            await rig.Hub.PublishAsync(subscriptions.Select(s => s.Topic), content, run.CancellationToken);
            await rig.SettleAsync();
            return await rig.Receiver.ReleaseAsync(run.CancellationToken);
        }

        async Task PlugAsync(string topic, byte[] content)
        {
            var first = Topics + (plugs * (Places + SlowPlaces));
            await rig.SubscribeAsync([
                .. Enumerable
                    .Range(first, Places + SlowPlaces)
                    .Select(i => new Subscription(topic, rig.Receiver.Callback(i, origin: 1, "hold/"), Updates.SecretOf(i))),
            ]);
            await rig.Hub.PublishAsync(topic, content, run.CancellationToken);
            await rig.Receiver.HeldAsync(Places + SlowPlaces, run.CancellationToken);
        }
    }
}
