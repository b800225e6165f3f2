using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>The samples do what their pages say.</summary>
public sealed class SubscriberSampleTests : IDisposable
{
    private const string Atom =
        """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:blog</id><title>Blog</title><entry><id>urn:2</id><title>Second """
        + """post</title></entry></feed>""";

    private readonly string _folder = Directory.CreateTempSubdirectory("websub-samples-").FullName;

    [Fact]
    public async Task MinimalSubscriber_Feed_IsDiscoveredAndDelivered()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var app = await SubscriberProcess.StartSampleAsync("MinimalSubscriber", _folder, ("Feed", site.Url(FeedSite.Atom)));

        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        var verified = await hub.VerifyAsync(request);
        var delivered = await hub.DeliverAsync(
            request,
            new() { Body = site.Body(FeedSite.Atom), ContentType = site.ContentType(FeedSite.Atom) }
        );
        await app.Process.WaitForLineAsync(
            $"{site.Url(FeedSite.Atom)} has changed: application/atom\\+xml; charset=utf-8, {site.Body(FeedSite.Atom).Length} bytes"
        );

        Assert.Equal((200, 200), (verified.Status, delivered.Status));
    }

    [Fact]
    public async Task DeclarativeSubscriber_ThreeDeclarations_AreSubscribedHandledAndEnded()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var app = await SubscriberProcess.StartSampleAsync(
            "DeclarativeSubscriber",
            _folder,
            ("WebSub:Subscriber:DefaultHub", hub.Url),
            ("WebSub:Subscriber:Subscriptions:0:Resource", site.Url(FeedSite.Html))
        );

        var requests = await NextAsync(hub, 3);
        foreach (var request in requests)
            Assert.Equal(200, (await hub.VerifyAsync(request)).Status);
        var (page, posts, audit) = (Of(requests, "page"), Of(requests, "posts"), Of(requests, "audit"));
        Assert.Equal((site.Url(FeedSite.Html), "86400"), (page.Topic, page.LeaseSeconds));
        Assert.Equal("3600", audit.LeaseSeconds);
        Assert.Equal(3, (await app.GetAsync("/subscriptions")).Split(" is Active until ").Length - 1);

        Assert.Equal(200, (await hub.DeliverAsync(posts, (FakeDelivery)Atom with { ContentType = "application/atom+xml" })).Status);
        Assert.Equal(200, (await hub.DeliverAsync(audit, "four")).Status);
        Assert.Equal(415, (await hub.DeliverAsync(page, "no page")).Status);
        Assert.Equal(200, (await hub.DeliverAsync(page, (FakeDelivery)"<p>" with { ContentType = "text/html" })).Status);
        await app.Process.WaitForLineAsync("^post: Second post$");
        await app.Process.WaitForLineAsync("^audit: 4 bytes of http://localhost:5090/feed$");
        await app.Process.WaitForLineAsync("^page: 3 characters$");

        await app.Process.TerminateAsync();
        foreach (var request in await NextAsync(hub, 3))
        {
            Assert.Equal("unsubscribe", request.Mode);
            Assert.Equal(200, (await hub.VerifyAsync(request)).Status);
        }

        Assert.Equal(0, await app.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task YouTubeNotifier_Channel_TellsOfNewChangedAndDeletedVideos()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberProcess.StartSampleAsync(
            "YouTubeNotifier",
            _folder,
            ("WebSub:Subscriber:DefaultHub", hub.Url)
        );

        Assert.Equal("Following CHANNEL_ID.\n", await app.SendAsync(HttpMethod.Put, "/channels/CHANNEL_ID"));
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        await hub.VerifyAsync(request);
        await DeliverAsync("video.xml");
        await DeliverAsync("video.xml", changed: true);
        await DeliverAsync("deleted.xml");
        await app.Process.WaitForLineAsync("^New video: Video title by Channel title, http://www.youtube.com/watch\\?v=VIDEO_ID$");
        await app.Process.WaitForLineAsync("^Changed: Video title by Channel title, ");
        await app.Process.WaitForLineAsync("^Deleted: yt:video:VIDEO_ID$");
        Assert.Equal("https://www.youtube.com/feeds/videos.xml?channel_id=CHANNEL_ID", request.Topic);
        Assert.Equal("CHANNEL_ID: Active, 3 updates. \n", await app.GetAsync("/channels"));

        await app.SendAsync(HttpMethod.Delete, "/channels/CHANNEL_ID");
        var end = await hub.NextRequestAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("unsubscribe", 200), (end.Mode, (await hub.VerifyAsync(end)).Status));

        async Task DeliverAsync(string file, bool changed = false)
        {
            byte[] body = await File.ReadAllBytesAsync(
                Path.Combine(Repository.Root, "samples", "YouTubeNotifier", file),
                TestContext.Current.CancellationToken
            );
            // The very same bytes would be a repeat.
            if (changed)
                body = [.. body, (byte)'\n'];
            Assert.Equal(200, (await hub.DeliverAsync(request, new() { Body = body, ContentType = "application/atom+xml" })).Status);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static FakeHubRequest Of(IEnumerable<FakeHubRequest> requests, string handler) =>
        requests.Single(r => r.Callback.Contains($"/{handler}/", StringComparison.Ordinal));

    private static async Task<List<FakeHubRequest>> NextAsync(FakeHub hub, int count)
    {
        var all = new List<FakeHubRequest>();
        while (all.Count < count)
            all.Add(await hub.NextRequestAsync(TestContext.Current.CancellationToken));
        return all;
    }
}
