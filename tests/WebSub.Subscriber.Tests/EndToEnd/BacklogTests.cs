using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Subscriber.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>What waits for a handler: it is handled in order, and what is handled quickly is saved together.</summary>
public abstract class BacklogTests(PostgreSqlServer? postgreSql)
{
    private const int Many = 100;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public async Task Backlog_OfWhatIsHandledQuickly_IsHandledInOrder_AndSavedInFewTransactions()
    {
        var gate = NewSignal();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(_clock, await DatabaseAsync(), (_, _) => gate.Task);
        var (_, request) = await app.SubscribeAsync(hub);
        for (var i = 0; i < Many; i++)
            await hub.DeliverAsync(request, (FakeDelivery)$"{i}");
        var saves = 0;
        app.Services.GetRequiredService<SubscriberDatabase>().Database.Watch = statement =>
        {
            if (statement.Contains("id = @Id and claimed_by = @owner", StringComparison.Ordinal))
                Interlocked.Increment(ref saves);
        };

        gate.SetResult();
        var handled = new List<WebSubNotification>();
        while (handled.Count < Many)
            handled.Add(await app.NextNotificationAsync());
        await CountedAsync(app, InboxState.Done, Many);

        Assert.Equal(Enumerable.Range(0, Many).Select(i => $"{i}"), handled.Select(n => n.Text));
        // One that was begun before the others came, then all of them.
        Assert.InRange(saves, 1, 2);
    }

    [Fact]
    public async Task Backlog_WithOneThatFails_IsHandledInOrder_AndOnlyThatOneAgain()
    {
        var (gate, calls) = (NewSignal(), new ConcurrentQueue<string>());
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            _clock,
            await DatabaseAsync(),
            async (n, _) =>
            {
                calls.Enqueue($"{n.Text}, attempt {n.Attempt}");
                await gate.Task;
                if (n is { Text: "three", Attempt: 1 })
                    throw new InvalidOperationException("No disk.");
            }
        );
        var (_, request) = await app.SubscribeAsync(hub);
        foreach (var text in new[] { "one", "two", "three", "four" })
            await hub.DeliverAsync(request, (FakeDelivery)text);

        gate.SetResult();
        await app.NextNotificationAsync();
        await app.NextNotificationAsync();
        await CountedAsync(app, InboxState.Done, 2);
        await FailedAsync(app, attempts: 1);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await app.NextNotificationAsync();
        await app.NextNotificationAsync();

        Assert.Equal(["one, attempt 1", "two, attempt 1", "three, attempt 1", "three, attempt 2", "four, attempt 1"], calls);
    }

    [Fact]
    public async Task Backlog_WithOneThatTakesLong_SavesThoseBeforeItMeanwhile()
    {
        var (gate, slow) = (NewSignal(), NewSignal());
        var isSlow = NewSignal();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            _clock,
            await DatabaseAsync(),
            async (n, _) =>
            {
                await gate.Task;
                if (n.Text != "three")
                    return;
                isSlow.SetResult();
                await slow.Task;
            }
        );
        var (_, request) = await app.SubscribeAsync(hub);
        foreach (var text in new[] { "one", "two", "three", "four" })
            await hub.DeliverAsync(request, (FakeDelivery)text);

        gate.SetResult();
        await isSlow.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        await _clock.AdvanceUntilAsync(CountedAsync(app, InboxState.Done, 2), TimeSpan.FromMilliseconds(1));
        slow.SetResult();
        var handled = new List<WebSubNotification>();
        while (handled.Count < 4)
            handled.Add(await app.NextNotificationAsync());
        await CountedAsync(app, InboxState.Done, 4);

        Assert.Equal(["one", "two", "three", "four"], handled.Select(n => n.Text));
        Assert.All(handled, n => Assert.Equal(1, n.Attempt));
    }

    private async Task<string?> DatabaseAsync() => postgreSql is null ? null : await postgreSql.CreateDatabaseAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task CountedAsync(SubscriberApp app, string state, long count) =>
        app.UntilAsync(async () => (await StoreOf(app).CountAsync(default)).Any(c => c.State == state && c.Count == count));

    private static Task FailedAsync(SubscriberApp app, int attempts) =>
        app.UntilAsync(async () =>
            (await StoreOf(app).ListAsync(null, InboxState.Waiting, 0, 10, default)).Any(i => i.Attempts == attempts)
        );

    private static InboxStore StoreOf(SubscriberApp app) => app.Services.GetRequiredService<InboxStore>();

    public sealed class OnSqlite() : BacklogTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : BacklogTests(server);
}
