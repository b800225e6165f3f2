using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>One topic with 10,000 subscribers on one origin: how fast an update reaches all of them.</summary>
internal static class FanOut
{
    private const int Subscribers = 10_000;
    private const int QuickSubscribers = 1_000;
    private const string Topic = "http://publisher.example/news";

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        var measurements = new List<Measurement> { await RunAsync(run, Storage.Sqlite) };
        if (PostgreSqlProcess.Programs is not null)
            measurements.Add(await RunAsync(run, Storage.PostgreSql));
        else
            run.Say($"fan-out on PostgreSQL is left out: PostgreSQL is not installed.");
        return measurements;
    }

    private static async Task<Measurement> RunAsync(Run run, Storage storage)
    {
        // Subscribing 10,000 to one topic takes half a minute on PostgreSQL.
        var subscribers = run.Quick && storage == Storage.PostgreSql ? QuickSubscribers : Subscribers;
        run.Say($"fan-out on {storage}: {subscribers:n0} subscribers of one topic");
        await using var rig = await Rig.StartAsync(storage, origins: 1, new Dictionary<string, string>(), run.CancellationToken);
        var subscriptions = Enumerable
            .Range(0, subscribers)
            .Select(i => new Subscription(Topic, rig.Receiver.Callback(i), Updates.SecretOf(i)))
            .ToList();
        await rig.SubscribeAsync(subscriptions);
        return await Rates.MeasureAsync(
            run,
            rig,
            subscriptions,
            times: 5,
            Rates.Publishing(run, rig, Topic),
            new("fan-out", storage, "deliveries/s", Target.RatioAtLeast(1))
        );
    }
}
