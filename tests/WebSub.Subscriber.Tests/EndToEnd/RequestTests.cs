using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>What a hub is sent, and what becomes of its answers.</summary>
public sealed class RequestTests
{
    private const string Topic = "https://news.example/feed";

    [Fact]
    [Trait("Ref", "BS-15")]
    [Trait("Ref", "BS-21")]
    [Trait("Req", "S12")]
    public async Task Requests_HaveOnlyWhatIsSetAndTheCustomFieldsAndHeadersBothTimes()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (bare, bareRequest) = await app.SubscribeAsync(hub, "bare", new() { Signature = WebSubSignaturePolicy.Never });
        var (full, fullRequest) = await app.SubscribeAsync(
            hub,
            "full",
            new()
            {
                LeaseSeconds = 60,
                Secret = "s",
                Parameters = [new("tenant", "a&b")],
                Headers = [new("X-Tenant", "c")],
            }
        );

        await app.Subscriptions.UnsubscribeAsync(bare.Id);
        var bareEnd = await hub.NextRequestAsync();
        await app.Subscriptions.UnsubscribeAsync(full.Id);
        var fullEnd = await hub.NextRequestAsync();

        Assert.Equal(["hub.callback", "hub.mode", "hub.topic", "hub.verify"], Names(bareRequest));
        Assert.Equal(["hub.callback", "hub.mode", "hub.topic", "hub.verify"], Names(bareEnd));
        Assert.Equal(
            ["hub.callback", "hub.lease_seconds", "hub.mode", "hub.secret", "hub.topic", "hub.verify", "tenant"],
            Names(fullRequest)
        );
        Assert.Equal(["hub.callback", "hub.mode", "hub.topic", "hub.verify", "tenant"], Names(fullEnd));
        Assert.Equal(("a&b", "c", "c"), (fullEnd.Fields["tenant"], fullRequest.Headers["X-Tenant"], fullEnd.Headers["X-Tenant"]));
    }

    [Theory]
    [Trait("Req", "X1")]
    [InlineData(WebSubVerify.Async, "async")]
    [InlineData(WebSubVerify.Sync, "sync")]
    [InlineData(WebSubVerify.None, null)]
    public async Task Requests_OfEitherMode_SayHowToVerify(WebSubVerify verify, string? sent)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();

        var (subscription, subscribe) = await app.SubscribeAsync(hub, options: new() { Verify = verify });
        await app.Subscriptions.UnsubscribeAsync(subscription.Id);
        var unsubscribe = await hub.NextRequestAsync();

        Assert.Equal(WebSubVerify.Async, new WebSubSubscribeOptions().Verify);
        Assert.Equal((sent, sent), (subscribe.Fields["hub.verify"], unsubscribe.Fields["hub.verify"]));
    }

    [Fact]
    [Trait("Req", "X2")]
    public async Task Unsubscribe_Answered204_IsDone()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);
        hub.Enqueue(FakeHubAnswer.Error(204));

        await app.Subscriptions.UnsubscribeAsync(subscription.Id);
        await app.NextAsync(WebSubChangeKind.Unsubscribed);
        var late = await hub.VerifyAsync(request with { Fields = Unsubscribing(request) });

        var now = await app.GetAsync(subscription.Id);
        Assert.Equal((WebSubSubscriptionState.Unsubscribed, null, 200), (now.State, now.RequestState, late.Status));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    public async Task Hub_RedirectingSoThatAPostIsLost_IsNamedWithItsTarget(int status)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        hub.Enqueue(FakeHubAnswer.Redirect(status, "/new/place"));

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var failed = await app.NextAsync(WebSubChangeKind.AttemptFailed);

        Assert.Contains($"({status}) to {new Uri(new Uri(hub.Url), "/new/place")}", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hub_NamedWithHttpAndHttpsPreferred_IsAskedThereWhenItsTwinDoesNotAnswer()
    {
        await using var hub = await FakeHub.StartAsync();
        using var log = new LogCollector();
        await using var app = await SubscriberApp.StartAsync(
            build: b => b.Services.AddSingleton<ILoggerProvider>(log),
            settings: ("WebSub:Subscriber:PreferHttps", "true")
        );

        var (subscription, _) = await app.SubscribeAsync(hub);

        var answers = log.Lines.Where(l => l.Id == 4101).Select(l => l.Text).ToList();
        Assert.Equal(hub.Url, subscription.Hub);
        Assert.Equal(2, answers.Count);
        Assert.Contains("The hub https" + hub.Url[4..], answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hub_WhoseTwinTakesRequestsAndNeverAsksBack_IsAskedItselfAndThenKept()
    {
        var clock = new FakeTimeProvider();
        var twin = new ConcurrentQueue<string>();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            build: b => b.AddHubHttpClient("both").ConfigurePrimaryHttpMessageHandler(() => new Parked(twin)),
            settings: ("WebSub:Subscriber:PreferHttps", "true")
        );
        var how = new WebSubSubscribeOptions { HttpClient = "both" };

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news", how);
        await app.NextAsync(WebSubChangeKind.Accepted);
        clock.Advance(TimeSpan.FromSeconds(60));
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        clock.Advance(TimeSpan.FromSeconds(10));
        await hub.VerifyAsync(await hub.NextRequestAsync(), 1000);
        await app.NextAsync(WebSubChangeKind.Verified);
        clock.Advance(TimeSpan.FromSeconds(750));
        var renewal = await hub.NextRequestAsync();
        await hub.VerifyAsync(renewal, 1000);
        await app.NextAsync(WebSubChangeKind.Renewed);
        await app.Subscriptions.UnsubscribeAsync(subscription.Id);
        var end = await hub.NextRequestAsync();

        Assert.Equal(("subscribe", "unsubscribe"), (renewal.Mode, end.Mode));
        Assert.Equal(["https" + hub.Url[4..]], twin);
    }

    /// <summary>At https, a server that takes everything and does nothing.</summary>
    private sealed class Parked(ConcurrentQueue<string> asked) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Scheme == Uri.UriSchemeHttp)
                return base.SendAsync(request, cancellationToken);
            asked.Enqueue(request.RequestUri.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Accepted));
        }
    }

    [Theory]
    [Trait("Ref", "BS-13")]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Subscribe_DiscoveredOrGivenWithOrWithoutSecret_IsDelivered(bool discovered, bool secret)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set(
            "feed",
            (FakeResource)"" with
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Link"] = $"<{hub.Url}>; rel=hub, <{publisher.Url()}>; rel=self",
                },
            }
        );
        await using var app = await SubscriberApp.StartAsync();

        var target = discovered ? WebSubTarget.Resource(publisher.Url()) : WebSubTarget.Topic(publisher.Url(), hub.Url);
        await app.Subscriptions.SubscribeAsync(
            target,
            "news",
            new() { Signature = secret ? WebSubSignaturePolicy.Always : WebSubSignaturePolicy.Never }
        );
        var request = await hub.NextRequestAsync();
        var verified = await hub.VerifyAsync(request);
        var delivered = await hub.DeliverAsync(request, "news");

        Assert.Equal((publisher.Url(), secret), (request.Topic, request.Secret is not null));
        Assert.Equal((200, 200), (verified.Status, delivered.Status));
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [Trait("Ref", "BS-16")]
    [Trait("Req", "S13")]
    [InlineData(5, WebSubChangeKind.Accepted)]
    [InlineData(6, WebSubChangeKind.AttemptFailed)]
    public async Task Subscribe_HubRedirectsAgainAndAgain_IsFollowedFiveTimes(int times, WebSubChangeKind kind)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(Enumerable.Range(1, times).Select(i => FakeHubAnswer.Redirect(307, $"{hub.Url}/{i}")));
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var change = await app.NextAsync(kind);

        Assert.Equal(6, hub.Requests.Count);
        if (kind == WebSubChangeKind.AttemptFailed)
            Assert.Contains("more than 5 times", change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Ref", "BS-14")]
    public async Task Start_NothingWorks_SaysWhyAndStopsInPeace()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        hub.Answer = FakeHubAnswer.Error(500);
        await using var app = await SubscriberApp.StartAsync(build: b =>
        {
            b.AddSubscription(WebSubTarget.Topic(Topic, hub.Url), "news");
            b.AddSubscription(publisher.Url("missing"), "news");
        });

        var reasons = new[] { await app.NextAsync(WebSubChangeKind.AttemptFailed), await app.NextAsync(WebSubChangeKind.AttemptFailed) }
            .Select(c => c.Reason!)
            .Order()
            .ToList();
        await app.StopAsync();

        Assert.Contains(reasons, r => r.Contains("500", StringComparison.Ordinal) && r.Contains("No.", StringComparison.Ordinal));
        Assert.Contains(
            reasons,
            r => r.Contains(publisher.Url("missing"), StringComparison.Ordinal) && r.Contains("404", StringComparison.Ordinal)
        );
    }

    [Theory]
    [Trait("Ref", "BS-20")]
    [InlineData("hub-error", 200)]
    [InlineData("hub-wonder", 400)]
    public async Task Notice_OfHubErrorOrUnknownMode_IsToldOrRefused(string mode, int status)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", mode).Add("hub.topic", request.Topic).Add("hub.reason", "out of discs")
        );
        if (status == 200)
            Assert.Equal("out of discs", (await app.NextAsync(WebSubChangeKind.HubError)).Reason);

        Assert.Equal((status, WebSubSubscriptionState.Active), (answer.Status, (await app.GetAsync(subscription.Id)).State));
    }

    private static HubFields Unsubscribing(FakeHubRequest request) =>
        new([.. request.Fields.Items.Select(f => f.Key == "hub.mode" ? KeyValuePair.Create(f.Key, "unsubscribe") : f)]);

    private static IEnumerable<string> Names(FakeHubRequest request) =>
        request.Fields.Items.Select(f => f.Key).Order(StringComparer.Ordinal);
}
