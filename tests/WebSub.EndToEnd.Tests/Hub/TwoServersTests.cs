using System.Collections.Concurrent;
using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>
/// Two server processes on one PostgreSQL share the work, and either may be killed while updates keep coming (docs/concepts/engine.md,
/// "Many nodes").
/// </summary>
[Trait("Starts", "PostgreSql")]
public sealed class TwoServersTests(PostgreSqlServer server) : IDisposable
{
    private const int Topics = 10;
    private const int CallbacksOfEach = 4;
    private const int MaxAhead = 16;
    private readonly ConcurrentDictionary<string, List<string>> _accepted = new();
    private readonly SemaphoreSlim _progress = new(0);

    public void Dispose() => _progress.Dispose();

    [Fact]
    public async Task Kill_EitherOfTwoServersWhilePublishing_LosesNothing()
    {
        var database = await server.CreateDatabaseAsync();
        await using var one = await HubProcess.StartAsync(database);
        await using var sink = await CallbackSink.StartAsync();
        var callbacks = new List<SinkCallback>();
        for (var i = 0; i < Topics * CallbacksOfEach; i++)
            callbacks.Add(await one.SubscribeAsync(sink, $"http://topics.example/{i % Topics}"));
        await using var two = await HubProcess.StartAsync(database);
        using var enough = new CancellationTokenSource();

        var publishing = PublishAsync([one, two], enough.Token);
        await AcceptedAsync(60);
        foreach (var victim in (HubProcess[])[one, two])
        {
            await victim.KillAsync();
            await AcceptedAsync(60);
            await victim.RestartAsync();
            await AcceptedAsync(60);
        }

        await enough.CancelAsync();
        await publishing;
        foreach (var callback in callbacks)
            await callback.WaitForDeliveryAsync(d => Text(d) == _accepted[callback.Topic][^1]);

        // The Link header shows which of the two sent a delivery.
        Assert.All(
            (HubProcess[])[one, two],
            hub => Assert.Contains(callbacks, c => c.Deliveries.Any(d => d.Header("Link")!.Contains(hub.Url, StringComparison.Ordinal)))
        );
        Assert.All(callbacks, AssertComplete);
    }

    private void AssertComplete(SinkCallback callback)
    {
        var deliveries = callback.Deliveries;
        var entries = deliveries.DistinctBy(d => d.DeliveryId).ToList();

        // In order, and nothing accepted is missing; what was sent to a server as it died may be there, too.
        Assert.Equal(
            Enumerable.Range(1, entries.Count),
            entries.Select(d => int.Parse(d.DeliveryId!.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture))
        );
        Assert.Equal(_accepted[callback.Topic], entries.Select(Text).Where(_accepted[callback.Topic].Contains));
        // Rule 17, once for each of the two ends.
        Assert.InRange(deliveries.Count - entries.Count, 0, 2 * MaxAhead);
    }

    /// <summary>Publishes without a pause, to whichever of the hubs takes it.</summary>
    private async Task PublishAsync(IReadOnlyList<HubProcess> hubs, CancellationToken enough)
    {
        for (var n = 0; !enough.IsCancellationRequested; n++)
        {
            var topic = $"http://topics.example/{n % Topics}";
            var hub = hubs[n / Topics % hubs.Count];
            if (!await hub.TryPushAsync(topic, $"update {n}"))
                continue;
            _accepted.GetOrAdd(topic, _ => []).Add($"update {n}");
            _progress.Release();
        }
    }

    private async Task AcceptedAsync(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(await _progress.WaitAsync(Deadline.Default), "The hubs take no updates.");
    }

    private static string Text(SinkDelivery delivery) => Encoding.UTF8.GetString(delivery.Body);
}
