using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// 100 callbacks that answer at once, 64 that take ten seconds, and three updates in a row: when do the fast ones have all three? Each
/// round measures this with every slow one on its own origin, with all on one origin, and without slow ones. Every measurement has a fresh
/// topic, so the hub does not yet know which callbacks are slow.
/// </summary>
internal static class Isolation
{
    private const int Fast = 100;
    private const int Slow = 64;
    private const int InARow = 3;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        run.Say($"isolation on {Storage.Sqlite}: {Fast} fast callbacks beside {Slow} that take ten seconds");
        await using var rig = await Rig.StartAsync(
            Storage.Sqlite,
            origins: 1 + Slow,
            new Dictionary<string, string>(),
            run.CancellationToken
        );
        var callbacks = 0;
        var topics = 0;
        var (alone, otherOrigins, sharedOrigin) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var without = await MeasureAsync([]);
            var other = await MeasureAsync(Enumerable.Range(1, Slow));
            var shared = await MeasureAsync(Enumerable.Repeat(0, Slow));
            var name = round < 0 ? "warm-up" : $"round {round + 1}";
            run.Say($"  {name}: without slow ones {without:n0} ms, on other origins {other:n0}, on the same origin {shared:n0}");
            if (round < 0)
                continue;
            alone.Add(without);
            otherOrigins.Add(other);
            sharedOrigin.Add(shared);
        }

        return
        [
            new Measurement("isolation, other origins", Storage.Sqlite, "ms", Target.RatioAtMost(1.2)).With(otherOrigins, alone),
            new Measurement("isolation, shared origin", Storage.Sqlite, "ms", Target.DifferenceAtMost(100)).With(sharedOrigin, alone),
        ];

        async Task<double> MeasureAsync(IEnumerable<int> slowOrigins)
        {
            var topic = $"http://publisher.example/{++topics}";
            await rig.SubscribeAsync([
                .. Enumerable.Range(0, Fast).Select(_ => Subscribe(topic, 0, "")),
                .. slowOrigins.Select(origin => Subscribe(topic, origin, "slow/")),
            ]);
            return (await Rates.TimeInARowAsync(run, rig, topic, Fast, InARow)).TotalMilliseconds;
        }

        Subscription Subscribe(string topic, int origin, string kind)
        {
            var callback = callbacks++;
            return new(topic, rig.Receiver.Callback(callback, origin, kind), Updates.SecretOf(callback));
        }
    }
}
