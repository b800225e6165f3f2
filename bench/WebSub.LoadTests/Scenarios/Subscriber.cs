using System.Diagnostics;
using WebSub.Http;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;
using WebSub.LoadTests.Sending;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// The subscriber library: signed updates of 1 KB on 64 connections to one subscription, each in the durable inbox before its 2xx, and a
/// queued handler that only counts. The yardstick is the one of <see cref="Intake"/>. Timed twice: until all have their 2xx, and until the
/// handler has had them all.
/// </summary>
internal static class Subscriber
{
    private const int Count = 12_800;
    private const int QuickCount = 3_200;
    private const int LeastHandled = 5_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        var folder = Directory.CreateTempSubdirectory("websub-bench-");
        try
        {
            var measurements = new List<Measurement>();
            measurements.AddRange(await MeasureAsync(run, Storage.Sqlite, folder.FullName, $"Data Source={folder.FullName}/subscriber.db"));
            await using var postgreSql = await PostgreSqlProcess.StartAsync(folder.FullName, run.CancellationToken);
            measurements.AddRange(await MeasureAsync(run, Storage.PostgreSql, folder.FullName, postgreSql.ConnectionString));
            return measurements;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IEnumerable<Measurement>> MeasureAsync(Run run, Storage storage, string folder, string database)
    {
        var count = run.Quick ? QuickCount : Count;
        run.Say($"subscriber on {storage}: {Pushing.Publishers} connections push {count:n0} updates a round");
        await using var subscriber = await SubscriberProcess.StartAsync(database, run.CancellationToken);
        await using var bare = await BareIntakeProcess.StartAsync(Path.Combine(folder, $"bare-{storage}"), run.CancellationToken);
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        var (taken, handled, limits) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < run.WarmUps + run.Rounds; round++)
        {
            var updates = Enumerable.Range(round * count, count).Select(i => Pushing.Sign(Updates.Content(i + 1))).ToList();
            var limit = await PushAsync(bare.Url);
            var from = Stopwatch.GetTimestamp();
            var rate = await PushAsync(subscriber.Callback);
            await subscriber.HandledAsync((round + 1) * count, run.CancellationToken);
            var all = count / Stopwatch.GetElapsedTime(from).TotalSeconds;
            var name = round < run.WarmUps ? "warm-up" : $"round {round - run.WarmUps + 1}";
            run.Say($"  {name}: taken {rate:n0}/s, handled {all:n0}/s, bare endpoint {limit:n0}/s");
            if (round < run.WarmUps)
                continue;
            taken.Add(rate);
            handled.Add(all);
            limits.Add(limit);

            Task<double> PushAsync(string url) => Pushing.RateAsync(client, count, _ => new(url), i => updates[i], run.CancellationToken);
        }

        return
        [
            new Measurement("subscriber", storage, "updates/s", Target.RatioAtLeast(0.5)).With(taken, limits),
            new Measurement("subscriber, handled", storage, "updates/s", Target.AtLeast(LeastHandled)).With(handled, limits),
        ];
    }
}
