using System.Diagnostics;
using WebSub.Http;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Receiving;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// How long an update takes from its publisher to its subscriber, at a tenth of the rate that 64 topics with one subscriber each can bear.
/// Sent by the clock, whether or not the last one has arrived. The yardstick, at the same rate: the same body posted to an endpoint that
/// appends it to a file with grouped flushes, and then, by a bare client, to the subscriber.
/// </summary>
internal static class Latency
{
    private const int Topics = 64;
    private const int Count = 1_000;
    private const int QuickCount = 400;
    private const int FloodOfEach = 50;
    private const int Share = 10;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run) =>
        [.. await MeasureAsync(run, Storage.Sqlite), .. await MeasureAsync(run, Storage.PostgreSql)];

    private static async Task<IEnumerable<Measurement>> MeasureAsync(Run run, Storage storage)
    {
        await using var rig = await Rig.StartAsync(storage, origins: 1, new Dictionary<string, string>(), run.CancellationToken);
        await using var bare = await BareIntakeProcess.StartAsync(Path.Combine(rig.Folder, "bare"), run.CancellationToken);
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        using var loop = BareLoop.OnClient(rig.Outbound);
        var subscriptions = Enumerable
            .Range(0, Topics)
            .Select(i => new Subscription($"http://publisher.example/{i}", rig.Receiver.Callback(i), Updates.SecretOf(i)))
            .ToList();
        var targets = subscriptions.ConvertAll(s => BareTarget.For(s, rig.Hub.Url));
        await rig.SubscribeAsync(subscriptions);

        await FloodAsync(run, rig, subscriptions);
        var rate = await FloodAsync(run, rig, subscriptions) / Share;
        run.Say($"latency on {storage}: {rate:n0} updates a second to {Topics} topics with one subscriber each");
        var (hub, yardstick) = (new List<double[]>(), new List<double[]>());
        for (var round = -run.WarmUps; round < run.Rounds; round++)
        {
            var (first, second) = (
                await SendAsync(run, rig, rate, (i, _, body) => rig.Hub.PublishAsync(subscriptions[i].Topic, body, run.CancellationToken)),
                await SendAsync(run, rig, rate, (i, number, body) => BareAsync(client, bare.Url, loop, targets[i], number, body, run))
            );
            var name = round < 0 ? "warm-up" : $"round {round + 1}";
            run.Say($"  {name}: half within {Of(first, 50):0.0} ms, bare {Of(second, 50):0.0}");
            run.Say($"  {name}: 99 % within {Of(first, 99):0.0} ms, bare {Of(second, 99):0.0}");
            if (round < 0)
                continue;
            hub.Add(first);
            yardstick.Add(second);
        }

        run.Say($"  drawn in {Plots.Latency(storage, [.. hub.SelectMany(r => r).Order()], [.. yardstick.SelectMany(r => r).Order()])}");
        return [Row("latency, p50", 50, Target.RatioAtMost(2)), Row("latency, p99", 99, Target.RatioAtMost(4))];

        Measurement Row(string name, int percent, Target target) =>
            new Measurement(name, storage, "ms", target).With(
                hub.ConvertAll(r => Of(r, percent)),
                yardstick.ConvertAll(r => Of(r, percent))
            );
    }

    private static double Of(double[] taken, int percent) => taken[taken.Length * percent / 100];

    /// <summary>Updates a second that all topics together can bear, each with a publisher that waits for its 202.</summary>
    private static async Task<double> FloodAsync(Run run, Rig rig, List<Subscription> subscriptions)
    {
        var updates = subscriptions.ConvertAll(_ => Enumerable.Range(0, FloodOfEach).Select(_ => rig.NextUpdate().Content).ToList());
        await rig.Receiver.ExpectAsync(Topics * FloodOfEach, run.CancellationToken);
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(subscriptions.Select((s, i) => PublishAsync(s.Topic, updates[i])));
        return Topics
            * FloodOfEach
            / Stopwatch.GetElapsedTime(from, await rig.Receiver.CompletedAtAsync(run.CancellationToken)).TotalSeconds;

        async Task PublishAsync(string topic, List<byte[]> own)
        {
            foreach (var content in own)
                await rig.Hub.PublishAsync(topic, content, run.CancellationToken);
        }
    }

    /// <summary>What updates sent at a rate took, in milliseconds, in order.</summary>
    private static async Task<double[]> SendAsync(Run run, Rig rig, double rate, Func<int, int, byte[], Task> send)
    {
        var count = run.Quick ? QuickCount : Count;
        var (sent, sending) = (new Dictionary<int, long>(count), new List<Task>(count));
        await rig.Receiver.ExpectAsync(count, run.CancellationToken);
        await rig.Receiver.RecordAsync(run.CancellationToken);
        var from = Stopwatch.GetTimestamp();
        while (sending.Count < count)
        {
            var due = TimeSpan.FromSeconds(sending.Count / rate) - Stopwatch.GetElapsedTime(from);
            if (due > TimeSpan.Zero)
                await Task.Delay(due, TimeProvider.System, run.CancellationToken);
            var (number, content) = rig.NextUpdate();
            sent[number] = Stopwatch.GetTimestamp();
            sending.Add(send(sending.Count % Topics, number, content));
        }

        await Task.WhenAll(sending);
        await rig.Receiver.CompletedAtAsync(run.CancellationToken);
        return [.. (await rig.Receiver.ArrivalsAsync(run.CancellationToken)).Select(a => MillisecondsOf(a, sent)).Order()];
    }

    private static double MillisecondsOf(Arrival arrival, Dictionary<int, long> sent) =>
        Stopwatch.GetElapsedTime(sent[arrival.Update], arrival.At).TotalMilliseconds;

    private static async Task BareAsync(HttpClient client, string url, BareLoop loop, BareTarget target, int number, byte[] body, Run run)
    {
        await Pushing.PostAsync(client, new(url), Pushing.Sign(body), run.CancellationToken);
        await loop.SendAsync(target, body, number);
    }
}
