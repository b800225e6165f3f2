using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class SubscribeTests
{
    private const string Topic = "https://news.example/feed";

    [Fact]
    [Trait("Ref", "WS-1")]
    [Trait("Ref", "AS-4")]
    public async Task Subscribe_HubAnswers202_OneRowOneRequestVerifying()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Topic(Topic, hub.Url),
            "news",
            new() { Signature = WebSubSignaturePolicy.Never }
        );
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        // S2, S4: a form with mode, topic and callback; X1 wants one thing more.
        var subscription = Assert.Single(await app.ListAsync());
        Assert.Equal(
            [HubParameters.Mode, HubParameters.Topic, HubParameters.Callback, HubParameters.Verify],
            request.Fields.Items.Select(i => i.Key)
        );
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal(("subscribe", Topic), (request.Mode, request.Topic));
        Assert.Matches($"^{app.Url}/websub/news/[0-9a-f]{{32}}$", request.Callback);
        Assert.DoesNotContain(subscription.Id.ToString(), request.Callback);
        Assert.Equal((WebSubSubscriptionState.Pending, WebSubRequestState.Verifying), (subscription.State, subscription.RequestState));
        Assert.Single(hub.Requests);
    }

    [Fact]
    [Trait("Ref", "WS-3")]
    [Trait("Ref", "AS-8")]
    [Trait("Req", "S32")]
    public async Task Verification_OfPendingSubscribe_EchoesChallengeAndActivates()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        var challenge = FakeHub.NewChallenge();

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields()
                .Add("hub.mode", "subscribe")
                .Add("hub.topic", Topic)
                .Add("hub.challenge", challenge)
                .Add("hub.lease_seconds", 3600L)
        );

        // S16: the body equals the challenge.
        Assert.Equal((200, challenge), (answer.Status, answer.Body));
        // S32: nothing that a browser would take for a page.
        Assert.StartsWith("text/plain", answer.ContentType, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        var now = await app.GetAsync(subscription.Id);
        Assert.Equal(WebSubSubscriptionState.Active, now.State);
        Assert.Equal(0, now.FailedAttempts);
        Assert.Null(now.RequestState);
    }

    [Theory]
    [InlineData("subscribe\n\u001b[31mX", Topic)]
    [InlineData("denied", Topic)]
    [InlineData("denied", Topic + "\r\nfake line")]
    [InlineData("subscribe", Topic + "\u202e\u2028\u0085\u001b]0;x\u0007")]
    public async Task Verification_WithCharactersThatMislead_ReachesNoLogRaw(string mode, string topic)
    {
        using var log = new LogCollector();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b =>
        {
            b.Services.AddSingleton<ILoggerProvider>(log);
            b.Services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace));
        });
        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();

        await hub.AskAsync(
            request.Callback,
            new HubFields()
                .Add("hub.mode", mode)
                .Add("hub.topic", topic)
                .Add("hub.challenge", "c")
                .Add("hub.reason", "because\u001b[2J\n\u202eof " + new string('x', 1000))
        );

        var ours = log.Lines.Where(l => l.Id is > 4000 and < 5000).ToList();
        Assert.Contains(ours, l => l.Id == 4401);
        Assert.All(ours, l => Assert.DoesNotContain(l.Text, c => char.IsControl(c) || c is '\u202e' or '\u2028'));
        Assert.All(ours, l => Assert.InRange(l.Text.Length, 1, 800));
    }

    [Fact]
    public async Task Verification_OfAnotherTopic_Is404AndLeavesTheReason()
    {
        using var log = new LogCollector();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b => b.Services.AddSingleton<ILoggerProvider>(log));
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic + "/").Add("hub.challenge", "c")
        );
        var change = await app.NextAsync(WebSubChangeKind.AttemptFailed);

        var reason = $"The hub asked about {Topic}/ instead of {Topic}, answered 404.";
        var now = await app.GetAsync(subscription.Id);
        Assert.Equal((404, reason, reason), (answer.Status, change.Reason, now.Reason));
        Assert.Equal((WebSubRequestState.VerificationError, 1), (now.RequestState, now.FailedAttempts));
        Assert.Equal(
            (LogLevel.Warning, $"Subscription {subscription.Id} at {hub.Url}: {reason}"),
            Assert.Single(log.Lines, l => l.Id == 4407) is var line ? (line.Level, line.Text) : default
        );
    }

    [Fact]
    public async Task Verification_NeverComes_NamesTheCallbackAndTheSettingBehindIt()
    {
        var clock = new FakeTimeProvider();
        using var log = new LogCollector();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, build: b => b.Services.AddSingleton<ILoggerProvider>(log));
        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        clock.Advance(TimeSpan.FromSeconds(60));
        var change = await app.NextAsync(WebSubChangeKind.AttemptFailed);
        // The line follows the event; once the app has stopped, both are out.
        await app.StopAsync();

        Assert.Contains(request.Callback, change.Reason, StringComparison.Ordinal);
        Assert.Contains("WebSub:Subscriber:PublicUrl", change.Reason, StringComparison.Ordinal);
        Assert.Contains(
            log.Lines,
            l => l is { Id: 4108, Level: LogLevel.Warning } && l.Text.Contains(request.Callback, StringComparison.Ordinal)
        );
    }

    [Theory]
    [Trait("Ref", "WS-5")]
    [Trait("Ref", "WS-6")]
    [Trait("Ref", "WS-7")]
    [InlineData(null, "60", "hub.challenge is missing.")]
    [InlineData("c", "abc", "hub.lease_seconds must be a positive whole number.")]
    [InlineData("c", "-1", "hub.lease_seconds must be a positive whole number.")]
    public async Task Verification_Malformed_Is400AndCounted(string? challenge, string lease, string sentence)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields()
                .Add("hub.mode", "subscribe")
                .Add("hub.topic", Topic)
                .Add("hub.challenge", challenge)
                .Add("hub.lease_seconds", lease)
        );

        Assert.Equal((400, sentence), (answer.Status, answer.Body));
        var now = await app.GetAsync(subscription.Id);
        Assert.Equal(
            (WebSubSubscriptionState.Pending, WebSubRequestState.VerificationError, 1),
            (now.State, now.RequestState, now.FailedAttempts)
        );
    }

    [Fact]
    [Trait("Ref", "WS-6")]
    public async Task Verification_WithoutLease_CountsAsTheRequestedOne()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock);
        var subscription = await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Topic(Topic, hub.Url),
            "news",
            new() { LeaseSeconds = 7200 }
        );
        var request = await hub.NextRequestAsync();

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic).Add("hub.challenge", "c")
        );

        Assert.Equal((200, "c"), (answer.Status, answer.Body));
        Assert.Equal(clock.GetUtcNow().AddHours(2), (await app.GetAsync(subscription.Id)).LeaseEnd);
    }

    [Theory]
    [Trait("Ref", "AS-9")]
    [InlineData("subscribe", "https://news.example/other")]
    [InlineData("subscribe", "https://news.example/feed/")]
    [InlineData("unsubscribe", Topic)]
    [InlineData("denied", "https://news.example/other")]
    public async Task Verification_OfWhatWasNotAsked_Is404AndChangesNothing(string mode, string topic)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var before = await app.GetAsync(subscription.Id);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", mode).Add("hub.topic", topic).Add("hub.challenge", "<b>c</b>").Add("hub.lease_seconds", 60L)
        );

        // S17: 404, and nothing of the challenge comes back.
        Assert.Equal(404, answer.Status);
        Assert.DoesNotContain("<b>", answer.Body, StringComparison.Ordinal);
        Assert.Equivalent(before, await app.GetAsync(subscription.Id));
    }

    [Fact]
    public async Task Callback_UnknownKeyOrHandlerOrMethod_IsRefused()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);
        var unknown = request with
        {
            Fields = new HubFields().Add("hub.callback", request.Callback[..^2] + "xy").Add("hub.topic", request.Topic),
        };
        var otherHandler = request with
        {
            Fields = new HubFields().Add("hub.callback", request.Callback.Replace("/news/", "/blogs/", StringComparison.Ordinal)),
        };
        using var http = Http.OutboundHttp.CreateClient(new Http.OutboundOptions { AllowPrivateNetworks = true });
        using var put = new HttpRequestMessage(HttpMethod.Put, request.Callback);

        Assert.Equal(404, (await hub.DeliverAsync(unknown, "x")).Status);
        Assert.Equal(404, (await hub.DeliverAsync(otherHandler, "x")).Status);
        Assert.Equal(404, (await hub.VerifyAsync(unknown with { Fields = unknown.Fields.Add("hub.mode", "subscribe") })).Status);
        Assert.Equal(
            404,
            (
                await hub.DeliverAsync(request with { Fields = new HubFields().Add("hub.callback", app.Url + "/websub/news/%27%7F") }, "x")
            ).Status
        );
        Assert.Equal(405, (int)(await http.SendAsync(put, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    [Trait("Ref", "AS-5")]
    [Trait("Ref", "AS-6")]
    public async Task Subscribe_WithOptions_AsksForLeaseSecretAndMore()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Topic("any string, not a URL", hub.Url),
            "news",
            new()
            {
                LeaseSeconds = 3600,
                Secret = "geheim",
                Parameters = [new("hub.verify", "sync"), new("hub.mode", "publish")],
                Headers = [new("Authorization", "Basic abc")],
            }
        );
        var request = await hub.NextRequestAsync();

        Assert.Equal(("any string, not a URL", "3600", "geheim"), (request.Topic, request.LeaseSeconds, request.Secret));
        Assert.Equal(("subscribe", "sync", "Basic abc"), (request.Mode, request.Fields["hub.verify"], request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Subscribe_SameTargetAndHandlerAgain_ReturnsTheSame()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (first, _) = await app.SubscribeAsync(hub);

        var second = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");

        Assert.Equal((first.Id, WebSubSubscriptionState.Active), (second.Id, second.State));
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task Subscribe_BadArguments_AreRefusedAtOnce()
    {
        await using var app = await SubscriberApp.StartAsync();
        var sut = app.Subscriptions;

        var handler = await Assert.ThrowsAsync<ArgumentException>(() => sut.SubscribeAsync("https://a.example/", "nobody"));
        var hubless = await Assert.ThrowsAsync<ArgumentException>(() => sut.SubscribeAsync(WebSubTarget.Topic("t"), "news"));
        var resource = await Assert.ThrowsAsync<ArgumentException>(() => sut.SubscribeAsync("ftp://a.example/", "news"));
        var secret = await Assert.ThrowsAsync<ArgumentException>(() =>
            sut.SubscribeAsync("https://a.example/", "news", new() { Secret = new('x', 200) })
        );

        Assert.Contains("There is no handler named \"nobody\"; known are news.", handler.Message, StringComparison.Ordinal);
        Assert.Contains("WebSub:Subscriber:DefaultHub", hubless.Message, StringComparison.Ordinal);
        Assert.Contains("http or https", resource.Message, StringComparison.Ordinal);
        Assert.Contains("200 bytes", secret.Message, StringComparison.Ordinal);
        Assert.Empty(await app.ListAsync());
    }

    [Theory]
    [InlineData("resource")]
    [InlineData("topic")]
    [InlineData("callback")]
    public async Task Subscribe_UrlWithAPassword_IsRefused_WithoutRepeatingIt(string argument)
    {
        const string Url = "https://me:s%40cret@a.example/";
        await using var app = await SubscriberApp.StartAsync();
        var target =
            argument == "resource"
                ? WebSubTarget.Resource(Url)
                : WebSubTarget.Topic(argument == "topic" ? Url : "https://a.example/", "https://hub.example/");

        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            app.Subscriptions.SubscribeAsync(target, "news", new() { CallbackUrl = argument == "callback" ? Url : null })
        );

        Assert.Contains($"The {argument} must not have a user name or password", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "S31")]
    public async Task Verification_DuringThePost_IsAnswered()
    {
        await using var hub = await FakeHub.StartAsync();
        var answer = new TaskCompletionSource<FakeHubResponse>();
        hub.Enqueue(new FakeHubAnswer { Status = 204, Before = async request => answer.TrySetResult(await hub.VerifyAsync(request)) });
        await using var app = await SubscriberApp.StartAsync();

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        await app.NextAsync(WebSubChangeKind.Verified);
        // The hub's answer is read after its question, and told all the same.
        if (app.Seen.All(c => c.Kind != WebSubChangeKind.Accepted))
            await app.NextAsync(WebSubChangeKind.Accepted);

        Assert.Equal(200, (await answer.Task).Status);
        Assert.Equal(WebSubSubscriptionState.Active, (await app.GetAsync(subscription.Id)).State);
    }

    [Theory]
    [Trait("Req", "S13")]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Subscribe_HubRedirectsPreservingMethod_RequestIsSentAgain(int status)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(FakeHubAnswer.Redirect(status, hub.Url + "/moved"));
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var first = await hub.NextRequestAsync();
        var second = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        Assert.Equal(("/hub", "/hub/moved"), (first.Path, second.Path));
        Assert.Equal(first.Fields.ToString(), second.Fields.ToString());
    }

    [Theory]
    [InlineData(301, WebSubRequestState.HubError)]
    [InlineData(302, WebSubRequestState.HubError)]
    [InlineData(303, WebSubRequestState.HubError)]
    [InlineData(500, WebSubRequestState.HubError)]
    [InlineData(503, WebSubRequestState.HubError)]
    public async Task Subscribe_HubFails_IsTriedAgainAfterTheDelay(int status, WebSubRequestState state)
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(FakeHubAnswer.Redirect(status, "/elsewhere"));
        await using var app = await SubscriberApp.StartAsync(clock);

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        var failed = await app.GetAsync(subscription.Id);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Single(hub.Requests);
        await clock.AdvanceUntilAsync(app.NextAsync(WebSubChangeKind.Accepted), TimeSpan.FromSeconds(1));

        Assert.Equal((state, 1), (failed.RequestState, failed.FailedAttempts));
        Assert.Equal(2, hub.Requests.Count);
    }

    [Fact]
    public async Task Subscribe_HubTooSlow_IsAConnectionErrorAndMayStillVerify()
    {
        var clock = new FakeTimeProvider();
        var release = new TaskCompletionSource();
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(new FakeHubAnswer { Before = _ => release.Task });
        await using var app = await SubscriberApp.StartAsync(clock);

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        var failed = await app.GetAsync(subscription.Id);
        var answer = await hub.VerifyAsync(request);
        release.SetResult();

        Assert.Equal((WebSubRequestState.ConnectionError, 1), (failed.RequestState, failed.FailedAttempts));
        Assert.Equal((200, WebSubSubscriptionState.Active), (answer.Status, (await app.GetAsync(subscription.Id)).State));
    }

    [Fact]
    public async Task Declared_InCodeAndSettings_AreAskedForOnceTheServerListens()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Answer = new FakeHubAnswer { Before = async request => Assert.Equal(200, (await hub.VerifyAsync(request)).Status) };
        await using var app = await SubscriberApp.StartAsync(
            build: b => b.AddSubscription(WebSubTarget.Topic("in code", hub.Url), handler: "news"),
            settings:
            [
                ("WebSub:Subscriber:DefaultHub", hub.Url),
                ("WebSub:Subscriber:Subscriptions:0:Handler", "news"),
                ("WebSub:Subscriber:Subscriptions:0:Topic", "in settings"),
                ("WebSub:Subscriber:Subscriptions:0:LeaseSeconds", "36000"),
            ]
        );

        await app.NextAsync(WebSubChangeKind.Verified);
        await app.NextAsync(WebSubChangeKind.Verified);

        Assert.Equal(["in code", "in settings"], hub.Requests.Select(r => r.Topic).Order());
        Assert.Equal("36000", hub.Requests.Single(r => r.Topic == "in settings").LeaseSeconds);
    }

    [Fact]
    public async Task Declared_WhileTheAppIsStillStarting_IsNotAskedFor()
    {
        await using var hub = await FakeHub.StartAsync();
        var gate = new SlowStart(hub);
        await using var app = await SubscriberApp.StartAsync(build: b =>
        {
            b.AddSubscription(WebSubTarget.Topic(Topic, hub.Url), "news");
            b.Services.AddHostedService(_ => gate);
        });

        await hub.NextRequestAsync();

        Assert.Equal(0, gate.RequestsBeforeListening);
    }

    [Fact]
    public async Task Subscribe_HubSays429_WaitsAsLongAsItAsks()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(FakeHubAnswer.Error(429, retryAfterSeconds: 120));
        await using var app = await SubscriberApp.StartAsync(clock);

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Single(hub.Requests);
        clock.Advance(TimeSpan.FromSeconds(1));
        await app.NextAsync(WebSubChangeKind.Accepted);

        Assert.Equal(2, hub.Requests.Count);
    }

    [Fact]
    public async Task Subscribe_HubRefuses_FailsWithItsWords()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(new FakeHubAnswer { Status = 400, Body = "Your callback is ugly." });
        await using var app = await SubscriberApp.StartAsync();

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var change = await app.NextAsync(WebSubChangeKind.GaveUp);

        Assert.Contains("Your callback is ugly.", change.Reason, StringComparison.Ordinal);
        Assert.Equal(WebSubSubscriptionState.Failed, (await app.GetAsync(subscription.Id)).State);
    }

    [Fact]
    public async Task Subscribe_HubNeverVerifies_AsksAgainAndGivesUp()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, settings: [("WebSub:Subscriber:Retry:MaxVerifyAttempts", "2")]);

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        await app.NextAsync(WebSubChangeKind.Accepted);
        clock.Advance(TimeSpan.FromSeconds(60));
        await app.NextAsync(WebSubChangeKind.AttemptFailed);
        clock.Advance(TimeSpan.FromSeconds(10));
        await app.NextAsync(WebSubChangeKind.Accepted);
        clock.Advance(TimeSpan.FromSeconds(60));
        await app.NextAsync(WebSubChangeKind.GaveUp);

        Assert.Equal(WebSubSubscriptionState.Failed, (await app.GetAsync(subscription.Id)).State);
        Assert.Equal(2, hub.Requests.Count);
    }

    [Fact]
    [Trait("Req", "S21")]
    public async Task Denied_BeforeOrAfterAcceptance_IsKeptWithItsReason()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DenyAsync(request, "Not you.");
        var change = await app.NextAsync(WebSubChangeKind.Denied);

        var now = await app.GetAsync(subscription.Id);
        Assert.Equal((200, ""), (answer.Status, answer.Body));
        Assert.Equal(("Not you.", "Not you.", WebSubSubscriptionState.Denied), (change.Reason, now.Reason, now.State));
        Assert.Equal(410, (await hub.DeliverAsync(request, "late")).Status);
    }

    [Fact]
    public async Task Guard_HubOnPrivateAddress_IsNotAsked()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(settings: [("WebSub:Outbound:AllowPrivateNetworks", "false")]);

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var change = await app.NextAsync(WebSubChangeKind.AttemptFailed);

        Assert.Contains("WebSub:Outbound:AllowPrivateNetworks", change.Reason, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    /// <summary>Holds the start up, before the server listens, for as long as a hasty request would need to arrive.</summary>
    private sealed class SlowStart(FakeHub hub) : IHostedService
    {
        public int RequestsBeforeListening { get; private set; } = -1;

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
            RequestsBeforeListening = hub.Requests.Count;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
