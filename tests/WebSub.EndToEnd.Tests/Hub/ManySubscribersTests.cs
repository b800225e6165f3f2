using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Signatures;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>A thousand subscribers of one topic, sixty of which misbehave: the others do not notice.</summary>
public abstract class ManySubscribersTests
{
    private const string Topic = "http://topics.example/popular";
    private const string Secret = "one for all";
    private const int Healthy = 940;
    private const int OfEachTrouble = 20;

    [Fact]
    [Trait("Req", "H28 H30")]
    public async Task Publish_ThreeUpdates_ReachTheHealthyInOrderWhileOthersHang()
    {
        string[] updates = ["one", "two", "three"];
        await using var hub = await HubProcess.StartAsync(
            await CreateDatabaseAsync(),
            ("WebSub:Hub:Verification:PerHostPerMinute", "1000000"),
            // So long that a callback that hangs at the first update hangs until the end.
            ("WebSub:Hub:Delivery:TimeoutSeconds", "120")
        );
        using var gate = new Gate();
        // Those that hang and those that answer 500 are on the same origin as the healthy ones: even there they do not slow them down.
        await using var sink = await CallbackSink.StartAsync();
        var healthy = await SubscribeAsync(hub, sink, Healthy);
        var hanging = await SubscribeAsync(hub, sink, OfEachTrouble);
        var failing = await SubscribeAsync(hub, sink, OfEachTrouble);
        await using (var refusing = await CallbackSink.StartAsync())
            await SubscribeAsync(hub, refusing, OfEachTrouble);
        foreach (var callback in hanging)
            callback.AnswerDelivery = (_, _) => gate.PassAsync();
        foreach (var callback in failing)
            callback.Respond = _ => 500;

        foreach (var update in updates)
            await hub.PushAsync(Topic, update);
        foreach (var callback in healthy)
            await callback.WaitForDeliveriesAsync(updates.Length);
        var whileTheyHang = hanging.Select(c => c.Deliveries.Select(Text).ToList()).ToList();
        gate.Open();
        foreach (var callback in hanging)
            await callback.WaitForDeliveriesAsync(updates.Length);

        Assert.All(whileTheyHang, seen => Assert.Equal(["one"], seen));
        Assert.All(healthy.Concat(hanging), c => Assert.Equal(updates, c.Deliveries.Select(Text)));
        Assert.All(healthy.SelectMany(c => c.Deliveries), d => Assert.Equal(SignatureVerdict.Valid, d.Signature));
        // What is answered with 500 is tried again before anything newer is sent: three times, while something newer waits (rule 22).
        Assert.All(
            failing,
            c =>
            {
                var tries = c.Deliveries.GroupBy(Text).ToList();
                Assert.Equal(updates.Take(tries.Count), tries.Select(t => t.Key));
                Assert.All(tries.SkipLast(1), t => Assert.True(t.Count() >= 3, $"{t.Key} was tried {t.Count()} times"));
            }
        );
    }

    private protected abstract Task<string> CreateDatabaseAsync();

    private static async Task<IReadOnlyList<SinkCallback>> SubscribeAsync(HubProcess hub, CallbackSink sink, int count)
    {
        var callbacks = new List<SinkCallback>();
        foreach (var group in Enumerable.Range(0, count).Chunk(50))
            callbacks.AddRange(await Task.WhenAll(group.Select(_ => hub.SubscribeAsync(sink, Topic, Secret))));
        return callbacks;
    }

    private static string Text(SinkDelivery delivery) => Encoding.UTF8.GetString(delivery.Body);
}
