using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Http;
using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.Page;

/// <summary>The page of <c>MapWebSubSubscriptions</c>.</summary>
public sealed class SubscriptionsPageTests : IDisposable
{
    private const string Topic = "https://news.example/<script>alert(1)</script>";
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task List_ShowsStatesTopicsAndReasons_AndNoCallback()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync();
        var (active, request) = await app.SubscribeAsync(hub, Topic);
        var (denied, other) = await app.SubscribeAsync(hub, "https://b.example/");
        await hub.DenyAsync(other, "too <many>");
        await app.NextAsync(WebSubChangeKind.Denied);

        var (status, all) = await GetAsync(app, "");
        var (_, only) = await GetAsync(app, "?state=Denied");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("https://news.example/&lt;script&gt;alert(1)&lt;/script&gt;", all, StringComparison.Ordinal);
        Assert.Contains("too &lt;many&gt;", all, StringComparison.Ordinal);
        Assert.Contains($"href=\"/admin/websub/{active.Id}\"", all, StringComparison.Ordinal);
        Assert.Contains($"{denied.Id}", only, StringComparison.Ordinal);
        Assert.DoesNotContain($"{active.Id}", only, StringComparison.Ordinal);
        // Between two links the line may break.
        Assert.DoesNotMatch("</[ab]><a", all);
        Assert.DoesNotContain(new Uri(request.Callback!).Segments[^1], all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hubs_AreShownWithWhatTheyDelivered()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync();
        var (_, none) = await GetAsync(app, "/hubs");
        var (_, request) = await app.SubscribeAsync(hub, Topic);
        await hub.DeliverAsync(request, "update");
        await app.NextNotificationAsync();

        var (_, all) = await GetAsync(app, "");
        var (status, hubs) = await GetAsync(app, "/hubs");

        Assert.Contains("There is no active subscription.", none, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/websub/hubs\"", all, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("<td data-name=\"State\" class=\"ok\">Delivering</td>", hubs, StringComparison.Ordinal);
        Assert.Contains($"<td data-name=\"Hub\">{hub.Url}</td>", hubs, StringComparison.Ordinal);
        Assert.Contains("<td data-name=\"Deliveries\">1</td>", hubs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parked_IsShownWithItsError_AndReplayed_AndAHubIsAskedAgain()
    {
        await using var hub = await FakeHub.StartAsync();
        var fails = true;
        await using var app = await StartAsync(
            news: (_, _) => fails ? throw new InvalidOperationException("no <luck>") : Task.CompletedTask,
            ("WebSub:Subscriber:Inbox:MaxAttempts", "1")
        );
        var (subscription, request) = await app.SubscribeAsync(hub, Topic);
        await hub.DeliverAsync(request, "update");
        await app.NextAsync(WebSubChangeKind.NotificationParked);

        var (_, all) = await GetAsync(app, "");
        var (_, parked) = await GetAsync(app, "/inbox?state=parked");
        var (_, waiting) = await GetAsync(app, "/inbox?state=Waiting");
        var (_, page) = await GetAsync(app, $"/{subscription.Id}");
        fails = false;
        var replayed = await PostAsync(app, "/inbox/1/replay");
        var notification = await app.NextNotificationAsync();
        var renewed = await PostAsync(app, $"/{subscription.Id}/renew");
        var renewal = await hub.NextRequestAsync();

        Assert.Contains("href=\"/admin/websub/inbox?state=Parked\">Parked 1</a>", all, StringComparison.Ordinal);
        Assert.Contains($"href=\"/admin/websub/{subscription.Id}\"", parked, StringComparison.Ordinal);
        Assert.Contains("Nothing is kept.", waiting, StringComparison.Ordinal);
        foreach (var html in new[] { parked, page })
        {
            Assert.Contains("no &lt;luck&gt;", html, StringComparison.Ordinal);
            Assert.Contains("action=\"/admin/websub/inbox/1/replay\"", html, StringComparison.Ordinal);
        }

        Assert.Equal(
            (HttpStatusCode.SeeOther, $"/admin/websub/{subscription.Id}", "update"),
            (replayed.Status, replayed.Location, notification.Text)
        );
        Assert.Equal((HttpStatusCode.SeeOther, request.Callback), (renewed.Status, renewal.Callback));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Host", "rebound.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Callers_FromElsewhere_AreRefused_UntilThereIsAPolicy(string header, string value)
    {
        await using var app = await StartAsync();
        using var list = new HttpRequestMessage(HttpMethod.Get, app.Url + "/admin/websub");
        using var act = new HttpRequestMessage(HttpMethod.Post, $"{app.Url}/admin/websub/{Guid.NewGuid()}/renew");
        using var open = new HttpRequestMessage(HttpMethod.Get, app.Url + "/open/websub");
        foreach (var request in new[] { list, act, open })
            request.Headers.Add(header, value);

        using var listed = await _http.SendAsync(list, TestContext.Current.CancellationToken);
        using var acted = await _http.SendAsync(act, TestContext.Current.CancellationToken);
        using var opened = await _http.SendAsync(open, TestContext.Current.CancellationToken);

        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK),
            (listed.StatusCode, acted.StatusCode, opened.StatusCode)
        );
    }

    [Fact]
    public async Task Action_FromAPageOfAnotherOrigin_IsRefused_WhateverThePolicy()
    {
        await using var app = await StartAsync();
        using var act = new HttpRequestMessage(HttpMethod.Post, $"{app.Url}/open/websub/inbox/1/replay");
        act.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var acted = await _http.SendAsync(act, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, acted.StatusCode);
    }

    [Theory]
    [InlineData("?state=Nonsense", "There is no state &quot;Nonsense&quot;.")]
    [InlineData("?state=7", "There is no state &quot;7&quot;.")]
    [InlineData("?after=x", "There is no subscription &quot;x&quot; to go on after.")]
    [InlineData("/inbox?state=Nonsense", "There is no state &quot;Nonsense&quot;.")]
    [InlineData("/inbox?after=-1", "&quot;-1&quot; is no number to go on after.")]
    [InlineData("/00000000-0000-0000-0000-000000000001", "There is no subscription 00000000-0000-0000-0000-000000000001.")]
    public async Task What_IsUnknown_Is404_WithASentence(string path, string sentence)
    {
        await using var app = await StartAsync();

        var (status, page) = await GetAsync(app, path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
    }

    private static Task<SubscriberApp> StartAsync(
        Func<WebSubNotification, CancellationToken, Task>? news = null,
        params (string Name, string Value)[] settings
    ) =>
        SubscriberApp.StartAsync(
            news: news,
            map: app =>
            {
                app.MapWebSubSubscriptions("/admin/websub");
                app.MapWebSubSubscriptions("/open/websub").AllowAnonymous();
            },
            settings: settings
        );

    private async Task<(HttpStatusCode Status, string Html)> GetAsync(SubscriberApp app, string path)
    {
        using var answer = await _http.GetAsync(new Uri(app.Url + "/admin/websub" + path), TestContext.Current.CancellationToken);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(HttpStatusCode Status, string? Location)> PostAsync(SubscriberApp app, string path)
    {
        using var answer = await _http.PostAsync(new Uri(app.Url + "/admin/websub" + path), null, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }
}
