using System.Diagnostics;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>Measures deliveries per second of the hub and of the bare loop, in turn, in the same run against the same receiver.</summary>
internal static class Rates
{
    /// <summary>The pause between two updates, so that the end of one is not part of the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int QuickTimes = 2;

    /// <summary>Publishes to one topic; returns when that began.</summary>
    public static Func<byte[], Task<long>> Publishing(Run run, Rig rig, string topic) =>
        async content =>
        {
            var from = Stopwatch.GetTimestamp();
            await rig.Hub.PublishAsync(topic, content, run.CancellationToken);
            return from;
        };

    /// <summary>
    /// How long it takes from the first of several updates in a row until every subscriber that is healthy has all of them. Whoever is slow
    /// or held is over then, so that the next measurement finds a quiet hub.
    /// </summary>
    public static async Task<TimeSpan> TimeInARowAsync(Run run, Rig rig, string topic, int healthy, int updates)
    {
        await rig.Receiver.ExpectAsync(healthy * updates, run.CancellationToken);
        var contents = Enumerable.Range(0, updates).Select(_ => rig.NextUpdate().Content).ToList();
        var from = Stopwatch.GetTimestamp();
        foreach (var content in contents)
            await rig.Hub.PublishAsync(topic, content, run.CancellationToken);
        var taken = Stopwatch.GetElapsedTime(from, await rig.Receiver.CompletedAtAsync(run.CancellationToken));

        await rig.Receiver.ReleaseAsync(run.CancellationToken);
        await rig.SettleAsync();
        return taken;
    }

    /// <param name="run">How many rounds.</param>
    /// <param name="rig">The hub and the receiver.</param>
    /// <param name="subscriptions">The subscriptions to deliver to.</param>
    /// <param name="times">Updates that each contestant delivers in a round: a single one may be over in a fifth of a second.</param>
    /// <param name="deliver">
    /// Makes the hub deliver an update to all of them, and returns when it could begin, on the monotonic clock.
    /// </param>
    /// <param name="row">The row of the table to fill in.</param>
    public static async Task<Measurement> MeasureAsync(
        Run run,
        Rig rig,
        IReadOnlyList<Subscription> subscriptions,
        int times,
        Func<byte[], Task<long>> deliver,
        Measurement row
    )
    {
        if (run.Quick)
            times = Math.Min(times, QuickTimes);
        var targets = subscriptions.Select(s => BareTarget.For(s, rig.Hub.Url)).ToList();
        using var client = BareLoop.OnClient(rig.Outbound);
        using var invoker = BareLoop.OnInvoker(rig.Outbound);
        Func<int, byte[], Task<long>>[] contestants = [(_, content) => deliver(content), LoopOn(client), LoopOn(invoker)];
        var rates = contestants.Select(_ => new List<double>()).ToArray();

        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var rate = await RoundAsync();
            var name = round < 0 ? "warm-up" : $"round {round + 1}";
            run.Say($"  {name}: hub {rate[0]:n0}/s, HttpClient {rate[1]:n0}/s, HttpMessageInvoker {rate[2]:n0}/s");
            if (round < 0)
                continue;
            for (var who = 0; who < contestants.Length; who++)
                rates[who].Add(rate[who]);
        }

        return row.With(rates[0], Median.Of(rates[1]) > Median.Of(rates[2]) ? rates[1] : rates[2]);

        // They alternate update by update: a machine that is busy for a second is busy for all of them.
        async Task<double[]> RoundAsync()
        {
            var taken = new TimeSpan[contestants.Length];
            for (var turn = 0; turn < times * contestants.Length; turn++)
            {
                var who = turn % contestants.Length;
                var (number, content) = rig.NextUpdate();
                await Task.Delay(Pause, TimeProvider.System, run.CancellationToken);
                await rig.Receiver.ExpectAsync(subscriptions.Count, run.CancellationToken);
                var from = await contestants[who](number, content);
                taken[who] += Stopwatch.GetElapsedTime(from, await rig.Receiver.CompletedAtAsync(run.CancellationToken));
            }

            return [.. taken.Select(t => times * subscriptions.Count / t.TotalSeconds)];
        }

        Func<int, byte[], Task<long>> LoopOn(BareLoop loop) =>
            async (number, content) =>
            {
                var from = Stopwatch.GetTimestamp();
                await loop.SendAsync(targets, content, number);
                return from;
            };
    }
}
