using WebSub.Http;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// Updates of 1 KB that 64 publishers push, each to a topic of its own and the next once the last one has its 202. Nobody is subscribed, so
/// only intake is measured: what has its 202 is in the log. The yardstick is an endpoint that checks a signature and appends to a file,
/// with one flush for all that arrives together; the same clients send the same requests to both, in turns.
/// </summary>
internal static class Intake
{
    private const int Count = 12_800;
    private const int QuickCount = 3_200;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run) =>
        [await MeasureAsync(run, Storage.Sqlite), await MeasureAsync(run, Storage.PostgreSql)];

    private static async Task<Measurement> MeasureAsync(Run run, Storage storage)
    {
        var count = run.Quick ? QuickCount : Count;
        run.Say($"intake on {storage}: {Pushing.Publishers} publishers push {count:n0} updates a round");
        await using var rig = await Rig.StartAsync(storage, origins: 1, new Dictionary<string, string>(), run.CancellationToken);
        await using var bare = await BareIntakeProcess.StartAsync(Path.Combine(rig.Folder, "bare"), run.CancellationToken);
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        var (values, yardsticks) = (new List<double>(), new List<double>());
        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var update = Pushing.Sign(rig.NextUpdate().Content);
            var limit = await PushAsync(_ => new(bare.Url));
            var hub = await PushAsync(p => new($"{rig.Hub.Url}?hub.mode=publish&hub.topic=http%3A%2F%2Fpublisher.example%2F{p}"));
            await rig.SettleAsync();
            run.Say($"  {(round < 0 ? "warm-up" : $"round {round + 1}")}: hub {hub:n0}/s, bare endpoint {limit:n0}/s");
            if (round < 0)
                continue;
            values.Add(hub);
            yardsticks.Add(limit);

            Task<double> PushAsync(Func<int, Uri> urlOf) => Pushing.RateAsync(client, count, urlOf, _ => update, run.CancellationToken);
        }

        return new Measurement("intake", storage, "updates/s", Target.RatioAtLeast(0.5)).With(values, yardsticks);
    }
}
