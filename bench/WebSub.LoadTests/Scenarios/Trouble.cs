using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// Five updates in a row to 1,000 healthy subscribers, alone and beside 100 in trouble: fifty that cut every connection and fifty that
/// take ten seconds, on origins of their own. Each measurement has a fresh topic, so the hub does not yet know who is in trouble.
/// </summary>
internal static class Trouble
{
    private const int Healthy = 1_000;
    private const int OfEachKind = 50;
    private const int InARow = 5;
    private static readonly string[] Kinds = ["dead/", "slow/"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run) =>
        [await MeasureAsync(run, Storage.Sqlite), await MeasureAsync(run, Storage.PostgreSql)];

    private static async Task<Measurement> MeasureAsync(Run run, Storage storage)
    {
        run.Say($"trouble on {storage}: {Healthy:n0} healthy subscribers, alone and beside {Kinds.Length * OfEachKind} in trouble");
        await using var rig = await Rig.StartAsync(
            storage,
            origins: 1 + (Kinds.Length * OfEachKind),
            new Dictionary<string, string>(),
            run.CancellationToken
        );
        var (callbacks, topics) = (0, 0);
        var (beside, alone) = (new List<double>(), new List<double>());
        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var without = await RateAsync([]);
            var with = await RateAsync(
                Kinds.SelectMany((kind, k) => Enumerable.Range(1 + (k * OfEachKind), OfEachKind).Select(o => (o, kind)))
            );
            run.Say($"  {(round < 0 ? "warm-up" : $"round {round + 1}")}: beside those in trouble {with:n0}/s, alone {without:n0}/s");
            if (round < 0)
                continue;
            beside.Add(with);
            alone.Add(without);
        }

        return new Measurement("trouble", storage, "deliveries/s", Target.RatioAtLeast(0.9)).With(beside, alone);

        async Task<double> RateAsync(IEnumerable<(int Origin, string Kind)> troubled)
        {
            var topic = $"http://publisher.example/trouble/{++topics}";
            await rig.SubscribeAsync([
                .. Enumerable.Range(0, Healthy).Select(_ => Subscribe(topic, 0, "")),
                .. troubled.Select(t => Subscribe(topic, t.Origin, t.Kind)),
            ]);
            return Healthy * InARow / (await Rates.TimeInARowAsync(run, rig, topic, Healthy, InARow)).TotalSeconds;
        }

        Subscription Subscribe(string topic, int origin, string kind)
        {
            var callback = callbacks++;
            return new(topic, rig.Receiver.Callback(callback, origin, kind), Updates.SecretOf(callback));
        }
    }
}
