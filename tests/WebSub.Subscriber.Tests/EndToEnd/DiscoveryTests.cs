using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class DiscoveryTests : IAsyncLifetime
{
    private WebApplication _publisher = null!;
    private FakeHub _hub = null!;
    private string _site = "";
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _publisher = builder.Build();
        _publisher.MapFallback(context => _answer(context));
        await _publisher.StartAsync();
        _site = _publisher.Urls.First();
        _hub = await FakeHub.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    [Trait("Ref", "AS-1")]
    [Trait("Req", "S5")]
    public async Task Resource_WithLinkHeaders_SubscribesToItsSelf()
    {
        _answer = context =>
        {
            context.Response.Headers.Append("Link", $"<{_hub.Url}>; rel=\"hub\"");
            context.Response.Headers.Append("Link", "</canonical%7E>; rel=\"self\"");
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var request = await _hub.NextRequestAsync();

        Assert.Equal(_site + "/canonical%7E", request.Topic);
    }

    [Fact]
    public async Task Resource_ThatAsksToWait_IsNotLookedAtBefore()
    {
        var clock = new FakeTimeProvider();
        _answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync(clock);

        var subscription = await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        await app.NextAsync(WebSubChangeKind.AttemptFailed);

        Assert.Equal(clock.GetUtcNow().AddHours(1), (await app.GetAsync(subscription.Id)).NextActionAt);
    }

    [Theory]
    [Trait("Ref", "AS-2")]
    [Trait("Ref", "AS-3")]
    [InlineData(
        "application/atom+xml",
        """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="HUB"/><link rel="self" href="SITE/self"/></feed>"""
    )]
    [InlineData(
        "application/rss+xml",
        """<rss xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link rel="hub" href="HUB"/>"""
            + """<a:link rel="self" href="SITE/self"/></channel></rss>"""
    )]
    [InlineData("text/html", """<html><head><link rel="hub" href="HUB"><link rel="self" href="/self"></head><body>Hello</body></html>""")]
    public async Task Resource_WithEmbeddedLinks_SubscribesToItsSelf(string type, string body)
    {
        _answer = context =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(
                body.Replace("HUB", _hub.Url, StringComparison.Ordinal).Replace("SITE", _site, StringComparison.Ordinal)
            );
        };
        await using var app = await SubscriberApp.StartAsync();

        var subscription = await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var request = await _hub.NextRequestAsync();
        await _hub.VerifyAsync(request);
        await _hub.DeliverAsync(request, "news");

        Assert.Equal(_site + "/self", request.Topic);
        Assert.Equal(
            (_site + "/self", subscription.Id),
            ((await app.NextNotificationAsync()).Topic, (await app.GetAsync(subscription.Id)).Id)
        );
    }

    [Fact]
    public async Task Resource_WithSeveralHubs_TriesThemInOrderWithOwnCallbacks()
    {
        _answer = context =>
        {
            context.Response.Headers.Append(
                "Link",
                $"<{_hub.Url}/first>; rel=\"hub\", <{_hub.Url}/second>; rel=\"hub\", <{_site}/self>; rel=\"self\""
            );
            return Task.CompletedTask;
        };
        _hub.Enqueue(FakeHubAnswer.Error(500));
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var first = await _hub.NextRequestAsync();
        var second = await _hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var stale = await _hub.VerifyAsync(first);
        var verified = await _hub.VerifyAsync(second);

        // S6: a callback is not reused for several hubs.
        Assert.Equal(("/hub/first", "/hub/second"), (first.Path, second.Path));
        Assert.NotEqual(first.Callback, second.Callback);
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal((404, 200), (stale.Status, verified.Status));
    }

    [Fact]
    [Trait("Req", "S20")]
    public async Task Renewal_PublisherMovedToAnotherHub_FollowsAndKeepsTheOldUntilConfirmed()
    {
        var clock = new FakeTimeProvider();
        var hub = _hub.Url + "/old";
        _answer = context =>
        {
            context.Response.Headers.Append("Link", $"<{hub}>; rel=\"hub\", <{_site}/self>; rel=\"self\"");
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync(clock);
        await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var old = await _hub.NextRequestAsync();
        await _hub.VerifyAsync(old, 1000);
        hub = _hub.Url + "/new";

        clock.Advance(TimeSpan.FromSeconds(750));
        var moved = await _hub.NextRequestAsync();
        var oldBefore = await _hub.DeliverAsync(old, "1");
        await _hub.VerifyAsync(moved, 1000);
        var oldAfter = await _hub.DeliverAsync(old, "2");
        var newAfter = await _hub.DeliverAsync(moved, "3");

        Assert.Equal("/hub/new", moved.Path);
        Assert.Equal((200, 410, 200), (oldBefore.Status, oldAfter.Status, newAfter.Status));
    }

    [Fact]
    [Trait("Req", "S20")]
    public async Task Renewal_PublisherIsDown_GoesToTheHubItHas()
    {
        var clock = new FakeTimeProvider();
        var isDown = false;
        _answer = context =>
        {
            if (isDown)
                context.Response.StatusCode = 503;
            else
                context.Response.Headers.Append("Link", $"<{_hub.Url}/first>; rel=\"hub\", <{_site}/self>; rel=\"self\"");
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync(clock);
        await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        await _hub.VerifyAsync(await _hub.NextRequestAsync(), 1000);
        isDown = true;

        clock.Advance(TimeSpan.FromSeconds(750));
        var renewal = await _hub.NextRequestAsync();

        Assert.Equal(("/hub/first", _site + "/self"), (renewal.Path, renewal.Topic));
        Assert.Equal(200, (await _hub.VerifyAsync(renewal, 1000)).Status);
    }

    [Fact]
    [Trait("Ref", "BS-12")]
    public async Task Resource_HubAndSelfInLaterLinkHeaders_AreFound()
    {
        _answer = context =>
        {
            context.Response.Headers.Append("Link", "</2>; rel=next, </style>; rel=stylesheet");
            context.Response.Headers.Append("Link", $"<{_site}/self>; title=\"a, b\"; rel=\"self\"");
            context.Response.Headers.Append("Link", $"<{_hub.Url}/one>; rel=\"preload hub\", <{_hub.Url}/two>; rel=hub");
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var request = await _hub.NextRequestAsync();

        Assert.Equal(("/hub/one", _site + "/self"), (request.Path, request.Topic));
    }

    [Theory]
    [Trait("Ref", "BS-12")]
    [Trait("Ref", "BS-13")]
    [InlineData("", "no Link header")]
    [InlineData("</self>; rel=self", "no hub")]
    [InlineData("<https://hub.example/>; rel=hub", "nothing says what to subscribe to")]
    [InlineData("<https://hub.example/>; rel=hub, </a>; rel=self, </b>; rel=self", "2 different topics")]
    public async Task Resource_WithWrongLinks_SaysWhatIsWrong(string links, string said)
    {
        _answer = context =>
        {
            if (links.Length > 0)
                context.Response.Headers.Append("Link", links);
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync();

        var subscription = await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var failed = await app.NextAsync(WebSubChangeKind.AttemptFailed);

        Assert.Contains(said, failed.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(WebSubRequestState.DiscoveryError, (await app.GetAsync(subscription.Id)).RequestState);
    }

    [Fact]
    public async Task Resource_WithoutHub_FailsWithASentenceAndIsTriedAgain()
    {
        _answer = context => context.Response.WriteAsync("Nothing here.");
        await using var app = await SubscriberApp.StartAsync();

        var subscription = await app.Subscriptions.SubscribeAsync(_site + "/page", "news");
        var change = await app.NextAsync(WebSubChangeKind.AttemptFailed);

        var now = await app.GetAsync(subscription.Id);
        Assert.False(string.IsNullOrEmpty(change.Reason));
        Assert.Equal((WebSubRequestState.DiscoveryError, change.Reason), (now.RequestState, now.Reason));
    }

    [Fact]
    public async Task Discovery_AsksWithAcceptOfTheOptions()
    {
        var asked = new TaskCompletionSource<(string, string)>();
        _answer = context =>
        {
            asked.TrySetResult((context.Request.Headers.Accept.ToString(), context.Request.Headers.AcceptLanguage.ToString()));
            return Task.CompletedTask;
        };
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(_site + "/page", "news", new() { Accept = "application/json", AcceptLanguage = "de" });

        Assert.Equal(
            ("application/json", "de"),
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken)
        );
    }
}
