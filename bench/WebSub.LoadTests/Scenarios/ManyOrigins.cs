using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// One topic with 2,000 subscribers, each on a host of its own, on TLS. Hub and bare loops keep their connections from one update to the
/// next. In the end: what the server's memory has grown by, for each host that it has a connection to.
/// </summary>
internal static class ManyOrigins
{
    private const int Hosts = 2_000;
    private const int QuickHosts = 200;
    private const double MostKilobytes = 64;
    private const string Topic = "http://publisher.example/many-origins";

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run) =>
        [.. await MeasureAsync(run, Storage.Sqlite), .. await MeasureAsync(run, Storage.PostgreSql)];

    private static async Task<IEnumerable<Measurement>> MeasureAsync(Run run, Storage storage)
    {
        var hosts = run.Quick ? QuickHosts : Hosts;
        run.Say($"many-origins on {storage}: {hosts:n0} hosts on TLS");
        await using var rig = await Rig.StartAsync(storage, hosts, new Dictionary<string, string>(), run.CancellationToken, isSecure: true);
        var subscriptions = Enumerable
            .Range(0, hosts)
            .Select(i => new Subscription(Topic, rig.Receiver.Callback(i, origin: i), Updates.SecretOf(i)))
            .ToList();
        var before = rig.Hub.ResidentBytes;
        await rig.SubscribeAsync(subscriptions);
        var rate = await Rates.MeasureAsync(
            run,
            rig,
            subscriptions,
            times: 3,
            Rates.Publishing(run, rig, Topic),
            new("many origins", storage, "deliveries/s", Target.RatioAtLeast(0.9))
        );

        var kilobytes = (rig.Hub.ResidentBytes - before) / 1024d / hosts;
        run.Say($"  the server has grown by {kilobytes:0} KB for each host");
        return
        [
            rate,
            new Measurement("many origins, memory", storage, "KB a host", Target.RatioAtMost(1)).With([kilobytes], [MostKilobytes]),
        ];
    }
}
