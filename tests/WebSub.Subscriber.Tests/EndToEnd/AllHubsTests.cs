using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>A publisher that names several hubs, and a subscriber that wants all of them.</summary>
public sealed class AllHubsTests : IAsyncLifetime
{
    private static readonly WebSubSubscribeOptions All = new() { AllHubs = true };
    private readonly FakeTimeProvider _clock = new();
    private readonly string _database = TestFiles.NewDatabase();
    private FakePublisher _publisher = null!;
    private FakeHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _publisher = await FakePublisher.StartAsync();
        _hub = await FakeHub.StartAsync();
        Name("one", "two", "three");
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    [Trait("Req", "S6")]
    public async Task AllHubs_ThreeNamed_EachHasASubscriptionOfItsOwn()
    {
        await using var app = await SubscriberApp.StartAsync(_clock, _database);

        var parent = await app.Subscriptions.SubscribeAsync(_publisher.Url(), "news", All);
        var requests = await VerifyAsync(app, 3);
        foreach (var request in requests)
            await _hub.DeliverAsync(request, request.Path);

        var all = await app.ListAsync();
        Assert.Equal(["/hub/one", "/hub/three", "/hub/two"], requests.Select(r => r.Path).Order());
        Assert.Equal(3, requests.Select(r => (r.Callback, r.Secret)).Distinct().Count());
        Assert.All(all, s => Assert.Equal((WebSubSubscriptionState.Active, _publisher.Url()), (s.State, s.Topic)));
        Assert.Equal([null, parent.Id, parent.Id], all.Select(s => s.Parent).Order());
        Assert.Equal(
            ["/hub/one", "/hub/three", "/hub/two"],
            new[]
            {
                (await app.NextNotificationAsync()).Text,
                (await app.NextNotificationAsync()).Text,
                (await app.NextNotificationAsync()).Text,
            }.Order()
        );
    }

    [Fact]
    public async Task AllHubs_OneFails_OthersAreActive()
    {
        await using var app = await SubscriberApp.StartAsync(_clock, _database);
        _hub.Enqueue(FakeHubAnswer.Error(500));

        await app.Subscriptions.SubscribeAsync(_publisher.Url(), "news", All);
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        var requests = new[] { await _hub.NextRequestAsync(), await _hub.NextRequestAsync(), await _hub.NextRequestAsync() };
        foreach (var request in requests.Skip(1))
            Assert.Equal(200, (await _hub.VerifyAsync(request)).Status);

        var all = await app.ListAsync();
        Assert.Equal(2, all.Count(s => s.State == WebSubSubscriptionState.Active));
        Assert.Equal(WebSubRequestState.HubError, Assert.Single(all, s => s.State == WebSubSubscriptionState.Pending).RequestState);
    }

    [Fact]
    [Trait("Req", "S20")]
    public async Task AllHubs_PublisherNamesOthersAtRenewal_Follows()
    {
        await using var app = await SubscriberApp.StartAsync(_clock, _database);
        var parent = await app.Subscriptions.SubscribeAsync(_publisher.Url(), "news", All);
        await VerifyAsync(app, 3);

        // The parent stays at its hub although that is the last one now; "two" goes, "four" comes.
        Name("four", "three", "one");
        _clock.SetUtcNow((await app.GetAsync(parent.Id)).RenewAt!.Value);
        var requests = new List<FakeHubRequest>();
        while (requests.Count < 3)
            requests.Add(await NextAndVerifyAsync());

        Assert.Equal(
            ["subscribe /hub/four", "subscribe /hub/one", "unsubscribe /hub/two"],
            requests.Select(r => $"{r.Mode} {r.Path}").Order()
        );
        var all = (await app.ListAsync()).ToDictionary(s => s.Hub!, s => s.State);
        Assert.Equal(WebSubSubscriptionState.Unsubscribed, all[_hub.Url + "/two"]);
        Assert.Equal(3, all.Values.Count(s => s == WebSubSubscriptionState.Active));
        Assert.Equal(_hub.Url + "/one", (await app.GetAsync(parent.Id)).Hub);
    }

    [Fact]
    public async Task AllHubs_ParentUnsubscribed_AllEnd()
    {
        await using var app = await SubscriberApp.StartAsync(_clock, _database);
        var parent = await app.Subscriptions.SubscribeAsync(_publisher.Url(), "news", All);
        await VerifyAsync(app, 3);

        await app.Subscriptions.UnsubscribeAsync(parent.Id);
        var ends = await VerifyAsync(app, 3, WebSubChangeKind.Unsubscribed);

        Assert.All(ends, r => Assert.Equal("unsubscribe", r.Mode));
        Assert.All(await app.ListAsync(), s => Assert.Equal(WebSubSubscriptionState.Unsubscribed, s.State));
    }

    [Fact]
    [Trait("Req", "S23")]
    public async Task AllHubs_HandlerOfOneSaysGone_AllEnd()
    {
        await using var app = await SubscriberApp.StartAsync(
            _clock,
            _database,
            build: b => b.AddHandler("inline", (_, _) => ValueTask.FromResult(WebSubReply.Gone))
        );
        await app.Subscriptions.SubscribeAsync(_publisher.Url(), "inline", All);
        var requests = await VerifyAsync(app, 3);

        var gone = await _hub.DeliverAsync(requests[^1], "news");
        await VerifyAsync(app, 3, WebSubChangeKind.Unsubscribed);

        Assert.Equal(410, gone.Status);
        Assert.All(await app.ListAsync(), s => Assert.Equal(WebSubSubscriptionState.Unsubscribed, s.State));
    }

    [Fact]
    public async Task AllHubs_EndedAtShutdown_ComeAgainWithTheNextStart()
    {
        await using (
            var app = await SubscriberApp.StartAsync(_clock, _database, settings: ("WebSub:Subscriber:UnsubscribeOnShutdown", "true"))
        )
        {
            await app.Subscriptions.SubscribeAsync(_publisher.Url(), "news", All);
            await VerifyAsync(app, 3);
            var stopping = app.StopAsync();
            for (var i = 0; i < 3; i++)
                await _hub.VerifyAsync(await _hub.NextRequestAsync());
            await _clock.AdvanceUntilAsync(stopping, TimeSpan.FromMilliseconds(100));
        }

        await using var again = await SubscriberApp.StartAsync(_clock, _database);
        var requests = await VerifyAsync(again, 3);

        Assert.Equal(["/hub/one", "/hub/three", "/hub/two"], requests.Select(r => r.Path).Order());
        Assert.Equal(3, (await again.ListAsync()).Count(s => s.State == WebSubSubscriptionState.Active));
    }

    private void Name(params string[] hubs) =>
        _publisher.Set(
            "feed",
            (FakeResource)"news" with
            {
                Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
                {
                    ["Link"] = string.Join(
                        ", ",
                        hubs.Select(h => $"<{_hub.Url}/{h}>; rel=\"hub\"").Append($"<{_publisher.Url()}>; rel=\"self\"")
                    ),
                },
            }
        );

    private async Task<List<FakeHubRequest>> VerifyAsync(SubscriberApp app, int count, WebSubChangeKind kind = WebSubChangeKind.Verified)
    {
        var requests = new List<FakeHubRequest>();
        while (requests.Count < count)
            requests.Add(await NextAndVerifyAsync());
        for (var i = 0; i < count; i++)
            await app.NextAsync(kind);
        return requests;
    }

    private async Task<FakeHubRequest> NextAndVerifyAsync()
    {
        // Renewals at one hub wait for their places.
        var next = _hub.NextRequestAsync();
        await _clock.AdvanceUntilAsync(next, TimeSpan.FromMilliseconds(100));
        var request = await next;
        // The first hub is the parent's: it renews before the others.
        Assert.Equal(200, (await _hub.VerifyAsync(request, request.Path == "/hub/one" ? 100_000 : 1_000_000)).Status);
        return request;
    }
}
