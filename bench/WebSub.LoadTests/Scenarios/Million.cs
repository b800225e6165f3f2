using System.Diagnostics;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// A million subscriptions in one SQLite file: 1,000 topics with 1,000 subscribers each, then one more topic with all million of them. Each
/// half is subscribed and verified, gets an update to the last subscriber, and then the server's memory is read; in the end the server is
/// started again. Everything once: it takes half an hour. The bare loop sends to a part of them, before and after.
/// </summary>
internal static class Million
{
    private const int Topics = 1_000;
    private const int QuickTopics = 20;
    private const int OfEach = 1_000;
    private const int Step = 10_000;
    private const int Clients = 48;
    private const int Sample = 20_000;
    private const int LeastPerSecond = 3_000;
    private const double MostMegabytes = 1_024;
    private const double MostMilliseconds = 5_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        var topics = run.Quick ? QuickTopics : Topics;
        run.Say($"million on {Storage.Sqlite}: {topics:n0} topics with {OfEach:n0} subscribers each, then one with {topics * OfEach:n0}");
        await using var rig = await Rig.StartAsync(Storage.Sqlite, origins: 1, new Dictionary<string, string>(), run.CancellationToken);
        var wide = await HalfAsync(run, rig, "1,000 topics", topics * OfEach, i => $"http://publisher.example/{i % topics}");
        var tall = await HalfAsync(run, rig, "one topic", topics * OfEach, _ => "http://publisher.example/one");

        var size = new FileInfo(Path.Combine(rig.Folder, "hub.db")).Length / (2d * topics * OfEach);
        run.Say($"  the file takes {size:n0} bytes a subscription");
        await rig.KillHubAsync();
        var from = Stopwatch.GetTimestamp();
        await rig.StartHubAsync();
        var ready = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        return
        [
            .. wide,
            .. tall,
            new Measurement("million, ready again", Storage.Sqlite, "ms", Target.RatioAtMost(1)).With([ready], [MostMilliseconds]),
        ];
    }

    private static async Task<IEnumerable<Measurement>> HalfAsync(Run run, Rig rig, string name, int count, Func<int, string> topicOf)
    {
        var from = Stopwatch.GetTimestamp();
        for (var first = 0; first < count; first += Step)
        {
            await rig.SubscribeAsync(SubscriptionsFrom(first, Math.Min(Step, count - first)), Clients);
            if ((first / Step) % 10 == 9)
                run.Say($"  {name}: {first + Step:n0} subscribed, {(first + Step) / Stopwatch.GetElapsedTime(from).TotalSeconds:n0}/s");
        }

        var subscribed = count / Stopwatch.GetElapsedTime(from).TotalSeconds;
        using var loop = BareLoop.OnClient(rig.Outbound);
        var targets = SubscriptionsFrom(0, Math.Min(Sample, count)).Select(s => BareTarget.For(s, rig.Hub.Url)).ToList();
        await BareAsync(run, rig, loop, targets);
        var before = await BareAsync(run, rig, loop, targets);
        var hub = await DeliverAsync(run, rig, count, Enumerable.Range(0, Math.Min(count, Topics)).Select(topicOf).Distinct());
        var after = await BareAsync(run, rig, loop, targets);
        var megabytes = rig.Hub.ResidentBytes / 1024d / 1024;
        run.Say($"  {name}: {hub:n0} deliveries/s, bare {before:n0} before and {after:n0} after; the server takes {megabytes:n0} MB");
        return
        [
            new Measurement($"{name}, subscribing", Storage.Sqlite, "a second", Target.AtLeast(LeastPerSecond)).With(
                [subscribed],
                [LeastPerSecond]
            ),
            new Measurement($"{name}, fan-out", Storage.Sqlite, "deliveries/s", Target.RatioAtLeast(0.9)).With(
                [hub],
                [(before + after) / 2]
            ),
            new Measurement($"{name}, memory", Storage.Sqlite, "MB", Target.RatioAtMost(1)).With([megabytes], [MostMegabytes]),
        ];

        List<Subscription> SubscriptionsFrom(int first, int some) =>
            [.. Enumerable.Range(first, some).Select(i => new Subscription(topicOf(i), rig.Receiver.Callback(i), Updates.SecretOf(i)))];
    }

    private static async Task<double> DeliverAsync(Run run, Rig rig, int count, IEnumerable<string> topics)
    {
        var (_, content) = rig.NextUpdate();
        await rig.Receiver.ExpectAsync(count, run.CancellationToken);
        var from = Stopwatch.GetTimestamp();
        await rig.Hub.PublishAsync(topics, content, run.CancellationToken);
        return count / Stopwatch.GetElapsedTime(from, await rig.Receiver.CompletedAtAsync(run.CancellationToken, Patience)).TotalSeconds;
    }

    private static async Task<double> BareAsync(Run run, Rig rig, BareLoop loop, List<BareTarget> targets)
    {
        var (number, content) = rig.NextUpdate();
        await rig.Receiver.ExpectAsync(targets.Count, run.CancellationToken);
        var from = Stopwatch.GetTimestamp();
        await loop.SendAsync(targets, content, number);
        return targets.Count / Stopwatch.GetElapsedTime(from, await rig.Receiver.CompletedAtAsync(run.CancellationToken)).TotalSeconds;
    }
}
