using System.Diagnostics;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Receiving;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// One topic with 20,000 subscribers; the server is killed when a good third of them have an update, and started again. Every one must get
/// it. Timed: from the start of the new process to its first new delivery. Counted: what came twice, beside what came in the last 200 ms
/// before the kill.
/// </summary>
internal static class Crash
{
    private const int Subscribers = 20_000;
    private const int QuickSubscribers = 2_000;
    private const string Topic = "http://publisher.example/crash";
    private const double MostMilliseconds = 3_000;
    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(200);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run) =>
        [.. await MeasureAsync(run, Storage.Sqlite), .. await MeasureAsync(run, Storage.PostgreSql)];

    private static async Task<IEnumerable<Measurement>> MeasureAsync(Run run, Storage storage)
    {
        var subscribers = run.Quick ? QuickSubscribers : Subscribers;
        run.Say($"crash on {storage}: kill -9 among {subscribers:n0} deliveries");
        await using var rig = await Rig.StartAsync(storage, origins: 1, new Dictionary<string, string>(), run.CancellationToken);
        await rig.SubscribeAsync([
            .. Enumerable.Range(0, subscribers).Select(i => new Subscription(Topic, rig.Receiver.Callback(i), Updates.SecretOf(i))),
        ]);
        var (resumed, repeats, recent) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < run.Rounds; round++)
        {
            var (killed, started, arrivals) = await CrashAsync(run, rig, subscribers);
            var again = arrivals.First(a => a.At > started && !a.IsRepeat);
            var taken = Stopwatch.GetElapsedTime(started, again.At).TotalMilliseconds;
            var twice = arrivals.Count(a => a.IsRepeat);
            var before = arrivals.Count(a => a.At <= killed && Stopwatch.GetElapsedTime(a.At, killed) <= Recent);
            var name = round < 0 ? "warm-up" : $"round {round + 1}";
            run.Say($"  {name}: resumed {taken:n0} ms after the restart, {twice:n0} repeats, {before:n0} in the 200 ms before the kill");
            if (round < 0)
                continue;
            resumed.Add(taken);
            repeats.Add(twice);
            recent.Add(before);
        }

        return
        [
            new Measurement("crash, resumed", storage, "ms", new("at most 3,000 ms", m => m.Value <= MostMilliseconds)).With(
                resumed,
                [.. resumed.Select(_ => MostMilliseconds)]
            ),
            new Measurement("crash, repeats", storage, "deliveries", Target.RatioAtMost(1)).With(repeats, recent),
        ];
    }

    private static async Task<(long Killed, long Started, IReadOnlyList<Arrival> Arrivals)> CrashAsync(Run run, Rig rig, int subscribers)
    {
        var (_, content) = rig.NextUpdate();
        await rig.Receiver.ExpectAsync(subscribers, run.CancellationToken);
        await rig.Receiver.RecordAsync(run.CancellationToken);
        await rig.Hub.PublishAsync(Topic, content, run.CancellationToken);
        await rig.Receiver.CountedAsync(subscribers / 3, run.CancellationToken);

        var killed = await rig.KillHubAsync();
        var started = Stopwatch.GetTimestamp();
        await rig.StartHubAsync();
        await rig.Receiver.CompletedWithRepeatsAsync(run.CancellationToken);

        await rig.SettleAsync();
        return (killed, started, await rig.Receiver.ArrivalsAsync(run.CancellationToken));
    }
}
