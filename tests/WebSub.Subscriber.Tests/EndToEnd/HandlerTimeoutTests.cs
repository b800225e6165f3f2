using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>Handlers that hang.</summary>
public sealed class HandlerTimeoutTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Handler_HangsUntilItsTokenIsSignalled_IsCalledAgain()
    {
        var clock = new FakeTimeProvider();
        var attempts = new ConcurrentQueue<int>();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (n, cancellationToken) =>
            {
                attempts.Enqueue(n.Attempt);
                return n.Attempt == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken) : Task.CompletedTask;
            },
            settings: ("WebSub:Subscriber:Inbox:HandlerTimeoutSeconds", "30")
        );
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(request, "one");
        var handled = app.NextNotificationAsync();
        await clock.AdvanceUntilAsync(handled, Step);

        Assert.Equal([1, 2], attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handler_IgnoresItsToken_IsLeftBehindAndItsSubscriptionGoesOn(bool blocksItsThread)
    {
        var clock = new FakeTimeProvider();
        using var never = new ManualResetEventSlim();
        var release = new TaskCompletionSource();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (n, _) =>
            {
                if (n.Text != "one")
                    return Task.CompletedTask;
                if (blocksItsThread)
                    never.Wait(TestContext.Current.CancellationToken);
                return release.Task;
            },
            settings: [("WebSub:Subscriber:Inbox:HandlerTimeoutSeconds", "30"), ("WebSub:Subscriber:Inbox:MaxAttempts", "1")]
        );
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(request, "one");
        await hub.DeliverAsync(request, "two");
        var handled = app.NextNotificationAsync();
        await clock.AdvanceUntilAsync(handled, Step);
        var parked = await app.NextAsync(WebSubChangeKind.NotificationParked);
        never.Set();
        release.SetResult();

        Assert.Equal("two", (await handled).Text);
        Assert.Contains("did not end within 30 s (WebSub:Subscriber:Inbox:HandlerTimeoutSeconds)", parked.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_WithoutALimit_MayTakeAnHour()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (_, cancellationToken) => Task.Delay(TimeSpan.FromHours(1), clock, cancellationToken),
            settings: ("WebSub:Subscriber:Inbox:HandlerTimeoutSeconds", "0")
        );
        var (_, request) = await app.SubscribeAsync(hub, lease: 864_000);

        await hub.DeliverAsync(request, "one");
        var handled = app.NextNotificationAsync();
        await clock.AdvanceUntilAsync(handled, TimeSpan.FromMinutes(1));

        Assert.Equal(1, (await handled).Attempt);
    }
}
