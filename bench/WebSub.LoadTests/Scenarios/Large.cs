using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// Memory while strangers try to fill it: 2,048 callbacks that hang, each with 4 MB of a topic to take in, and 512 topics that drip while
/// they are fetched. Measured is the server's resident memory, at its highest and a minute after it is over; the yardstick of the second is
/// what it has when idle before.
/// </summary>
internal static class Large
{
    private const int Topics = 128;
    private const int CallbacksOfATopic = 16;
    private const int Origins = 32;
    private const int Dripping = 512;
    private const int Bytes = 4 * 1024 * 1024;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        run.Say($"large: {Topics * CallbacksOfATopic} callbacks that hang with 4 MB each, {Dripping} topics that drip");
        var (highest, idle, after, limit) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < (run.Quick ? 1 : Math.Min(run.Rounds, 3)); round++)
        {
            await using var rig = await Rig.StartAsync(
                Storage.Sqlite,
                Origins,
                new Dictionary<string, string> { ["WebSub__Hub__Delivery__TimeoutSeconds"] = "30" },
                run.CancellationToken
            );
            var before = await MeasureAsync(rig, highest, after, run);
            idle.Add(before);
            limit.Add(400);
            run.Say($"  round {round + 1}: {before:n0} MB idle, {highest[^1]:n0} MB at most, {after[^1]:n0} MB a minute later");
        }

        return
        [
            new Measurement("large, at most", Storage.Sqlite, "MB", Target.RatioAtMost(1)).With(highest, limit),
            new Measurement("large, a minute later", Storage.Sqlite, "MB", Target.RatioAtMost(1.5)).With(after, idle),
        ];
    }

    private static async Task<double> MeasureAsync(Rig rig, List<double> highest, List<double> after, Run run)
    {
        var callbacks = 0;
        var topics = Enumerable.Range(0, Topics).Select(t => $"http://publisher.example/{t}").ToList();
        var dripping = Enumerable.Range(0, Dripping).Select(t => rig.Receiver.Callback(t, t % Origins, "drip/")).ToList();
        await rig.SubscribeAsync([.. topics.SelectMany(t => Enumerable.Range(0, CallbacksOfATopic).Select(_ => Subscribe(t, "hold/")))]);
        await rig.SubscribeAsync([.. dripping.Select(t => Subscribe(t, ""))]);
        var idle = rig.Hub.ResidentBytes / Megabyte;

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(run.CancellationToken);
        var watched = WatchAsync(rig, watching.Token);
        await rig.Hub.PingAsync(dripping, run.CancellationToken);
        foreach (var topic in topics)
            await rig.Hub.PublishAsync(topic, new byte[Bytes], run.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(run.Quick ? 10 : 60), TimeProvider.System, run.CancellationToken);
        await watching.CancelAsync();
        highest.Add(await watched / Megabyte);

        await rig.Receiver.ReleaseAsync(run.CancellationToken);
        await Task.Delay(Afterwards, TimeProvider.System, run.CancellationToken);
        after.Add(rig.Hub.ResidentBytes / Megabyte);
        return idle;

        Subscription Subscribe(string topic, string kind)
        {
            var callback = callbacks++;
            return new(topic, rig.Receiver.Callback(callback, callback % Origins, kind), Updates.SecretOf(callback));
        }
    }

    private static async Task<double> WatchAsync(Rig rig, CancellationToken cancellationToken)
    {
        var highest = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            highest = Math.Max(highest, rig.Hub.ResidentBytes);
            await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return highest;
    }
}
