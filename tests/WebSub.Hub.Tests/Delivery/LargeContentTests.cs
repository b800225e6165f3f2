using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Delivery;

/// <summary>Rule 34, with real deliveries: large contents are read when their turn comes, and are bounded in bytes together.</summary>
public abstract class LargeContentTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const int Size = 50_000;
    private const int Topics = 6;

    [Fact]
    public async Task CallbacksThatHang_HoldNoMoreBytesThanAllowed_AndOthersGetTheirUpdates()
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.Delivery.MaxBytesInFlight = 4 * Size;
            o.Delivery.Straggler = TimeSpan.FromMinutes(1);
            o.Delivery.Timeout = TimeSpan.FromMinutes(1);
            o.Delivery.BlockedFor = TimeSpan.FromMinutes(1);
        });
        await using var hanging = await FakeSubscriber.StartAsync();
        await using var second = await FakeSubscriber.StartAsync();
        await using var quick = await FakeSubscriber.StartAsync();
        var answers = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        hanging.OnDelivery = second.OnDelivery = _ => answers.Task;
        for (var i = 0; i < Topics; i++)
            await hub.SubscribeAsync($"https://publisher.example/{i}", (i % 2 == 0 ? hanging : second).Callback($"{i}"));
        await hub.SubscribeAsync("https://publisher.example/small", quick.Callback());

        for (var i = 0; i < Topics; i++)
            await hub.PublishAsync($"https://publisher.example/{i}", new string((char)('a' + i), Size));
        await hub.NextDeliveryAsync(hanging);
        await hub.NextDeliveryAsync(second);
        await hub.PublishAsync("https://publisher.example/small", "small");
        var small = await hub.NextDeliveryAsync(quick);
        var held = hub.Services.GetRequiredService<SendGate>().ContentBytes;
        var sent = hanging.Deliveries.Count + second.Deliveries.Count;
        answers.SetResult(200);
        for (var i = 2; i < Topics; i++)
            await hub.NextDeliveryAsync(hanging.Deliveries.Count < Topics / 2 ? hanging : second);

        Assert.Equal("small", small.Text);
        Assert.Equal((4 * Size, 2), (held, sent));
    }

    [Fact]
    public async Task Content_ThatIsLarge_ReachesEverySubscriberWhole_AlsoAfterTheCachesAreGone()
    {
        var content = new string('x', 3 * Size);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var refuses = true;
        subscriber.OnDelivery = _ => Task.FromResult(refuses ? 500 : 200);
        await using (var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero, TimeSpan.FromSeconds(2)]))
        {
            await hub.SubscribeAsync("https://publisher.example/", subscriber.Callback("a"));
            await hub.SubscribeAsync("https://publisher.example/", subscriber.Callback("b"));
            await hub.PublishAsync("https://publisher.example/", content);
            await hub.NextDeliveryAsync(subscriber);
            await hub.NextDeliveryAsync(subscriber);
        }

        refuses = false;
        await using var again = await StartHubAsync();
        var received = new HashSet<string>();
        while (received.Count < 2)
        {
            if (await again.NextDeliveryAsync(subscriber) is { } delivery && delivery.Text == content)
                received.Add(delivery.Target);
        }

        // Nothing is held once the answers are in.
        var contents = again.Services.GetRequiredService<EntryContents>();
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        while (contents.OpenBytes > 0)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(["/a", "/b"], received.Order());
    }

    public sealed class OnSqlite() : LargeContentTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : LargeContentTests(server);
}
