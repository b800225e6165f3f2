using System.Diagnostics;
using WebSub.Http;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// New subscriptions a second, from the first request to the last answered challenge, with 8 and with 48 clients that each send the next
/// request once the last one has its 202. The yardstick is the same number of HTTP exchanges, two for each subscription, with nothing
/// stored. In the end every subscription gets an update: each of them was stored.
/// </summary>
internal static class Subscribing
{
    private const int Count = 6_000;
    private const int QuickCount = 2_000;

    /// <summary>Topics of a round; so many that lanes are shared and yet no topic is the only one.</summary>
    private const int Topics = 20;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        var measurements = new List<Measurement>();
        foreach (var (storage, least) in new[] { (Storage.Sqlite, 3_000), (Storage.PostgreSql, 1_500) })
        {
            foreach (var clients in new[] { 8, 48 })
                measurements.Add(await MeasureAsync(run, storage, clients, least));
        }

        return measurements;
    }

    private static async Task<Measurement> MeasureAsync(Run run, Storage storage, int clients, int least)
    {
        var count = run.Quick ? QuickCount : Count;
        run.Say($"subscribing on {storage}: {count:n0} subscriptions a round, {clients} clients");
        await using var rig = await Rig.StartAsync(storage, origins: 1, new Dictionary<string, string>(), run.CancellationToken);
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        var (values, yardsticks, all) = (new List<double>(), new List<double>(), new List<Subscription>());
        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var subscriptions = Enumerable.Range(all.Count, count).Select(NewSubscription).ToList();
            all.AddRange(subscriptions);
            var bare =
                count / await TimeAsync(run, rig, 2 * count, () => ExchangeAsync(client, subscriptions, clients, run.CancellationToken));
            var hub = count / await TimeAsync(run, rig, count, () => rig.Hub.SubscribeAsync(subscriptions, run.CancellationToken, clients));
            await rig.SettleAsync();
            run.Say($"  {(round < 0 ? "warm-up" : $"round {round + 1}")}: hub {hub:n0}/s, bare exchanges {bare:n0}/s");
            if (round < 0)
                continue;
            values.Add(hub);
            yardsticks.Add(bare);
        }

        await DeliverAsync(run, rig, all);
        return new Measurement($"subscribing, {clients} clients", storage, "subscriptions/s", Target.AtLeast(least)).With(
            values,
            yardsticks
        );

        Subscription NewSubscription(int i) => new($"http://publisher.example/{i % Topics}", rig.Receiver.Callback(i), Updates.SecretOf(i));
    }

    /// <summary>The seconds until what was begun has led to so many challenges.</summary>
    private static async Task<double> TimeAsync(Run run, Rig rig, int challenges, Func<Task> begin)
    {
        var before = await rig.Receiver.ChallengesAsync(run.CancellationToken);
        var from = Stopwatch.GetTimestamp();
        await begin();
        await rig.Receiver.ChallengedAsync(before + challenges, run.CancellationToken);
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private static Task ExchangeAsync(
        HttpClient client,
        List<Subscription> subscriptions,
        int clients,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            subscriptions,
            new ParallelOptions { MaxDegreeOfParallelism = clients, CancellationToken = cancellationToken },
            async (subscription, token) =>
            {
                var challenge = new Uri($"{subscription.Callback}?hub.challenge={subscription.Secret}");
                await client.GetStringAsync(challenge, token);
                await client.GetStringAsync(challenge, token);
            }
        );

    private static async Task DeliverAsync(Run run, Rig rig, List<Subscription> subscriptions)
    {
        var (_, content) = rig.NextUpdate();
        await rig.Receiver.ExpectAsync(subscriptions.Count, run.CancellationToken);
        await rig.Hub.PublishAsync(subscriptions.Select(s => s.Topic).Distinct(), content, run.CancellationToken);
        await rig.Receiver.CompletedAtAsync(run.CancellationToken);
    }
}
