using System.Diagnostics;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>Measures deliveries a second of the hub and of the bare loop, in turn, in the same run against the same receiver.</summary>
internal static class Rates
{
    private const int LoopTimes = 5;

    /// <param name="run">How many rounds.</param>
    /// <param name="rig">The hub and the receiver.</param>
    /// <param name="subscriptions">What is delivered to.</param>
    /// <param name="times">Updates one after the other that make a measurement of the hub: a single one may be over in a fifth of a second.</param>
    /// <param name="deliver">Makes the hub deliver an update to all of them, and returns when it could begin, on the monotonic clock.</param>
    /// <param name="row">The row of the table to fill in.</param>
    public static async Task<Measurement> MeasureAsync(Run run, Rig rig, IReadOnlyList<Subscription> subscriptions, int times, Func<byte[], Task<long>> deliver, Measurement row)
    {
        var targets = subscriptions.Select(s => BareTarget.For(s, rig.Hub.Url)).ToList();
        using var client = BareLoop.OnClient();
        using var invoker = BareLoop.OnInvoker();
        Func<Task<double>>[] contestants = [HubAsync, () => LoopAsync(client), () => LoopAsync(invoker)];
        var rates = contestants.Select(_ => new List<double>()).ToArray();

        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var rate = new double[contestants.Length];
            for (var turn = 0; turn < contestants.Length; turn++)
            {
                // Nobody is always the first or always after the same one.
                var who = (run.WarmUps + round + turn) % contestants.Length;
                await rig.SettleAsync();
                rate[who] = await contestants[who]();
            }

            run.Say($"  {(round < 0 ? "warm-up" : $"round {round + 1}")}: hub {rate[0]:n0}/s, HttpClient {rate[1]:n0}/s, HttpMessageInvoker {rate[2]:n0}/s");
            if (round < 0) continue;
            for (var who = 0; who < contestants.Length; who++) rates[who].Add(rate[who]);
        }

        return row.With(rates[0], Math.Max(Median.Of(rates[1]), Median.Of(rates[2])));

        Task<double> HubAsync() => RateAsync(times, (_, content) => deliver(content));

        Task<double> LoopAsync(BareLoop loop) => RateAsync(LoopTimes, async (number, content) =>
        {
            var from = Stopwatch.GetTimestamp();
            await loop.SendAsync(targets, content, number);
            return from;
        });

        async Task<double> RateAsync(int times, Func<int, byte[], Task<long>> send)
        {
            var taken = TimeSpan.Zero;
            for (var i = 0; i < times; i++)
            {
                var (number, content) = rig.NextUpdate();
                await rig.Receiver.ExpectAsync(subscriptions.Count, run.CancellationToken);
                var from = await send(number, content);
                taken += Stopwatch.GetElapsedTime(from, await rig.Receiver.CompletedAtAsync(run.CancellationToken));
            }

            return times * subscriptions.Count / taken.TotalSeconds;
        }
    }
}
