using Microsoft.Extensions.Logging;

namespace WebSub.Publisher.Notifying;

[Trait("Req", "P2")]
public sealed class PublishTests
{
    private const string Topic = "https://blog.example/feed";

    [Fact]
    [Trait("Req", "P5")]
    public async Task Publish_SeveralHubs_AreAllTold()
    {
        await using var one = await HttpPeer.StartAsync(Answers.Status(202));
        await using var two = await HttpPeer.StartAsync(Answers.Status(204));
        await using var app = await StartAsync(o => o.ApiKey = "k-1", one.Url + "/hub", two.Url);

        await app.Publisher.PublishAsync([Topic, "https://blog.example/other", Topic]);

        const string First = "hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Ffeed&hub.url=https%3A%2F%2Fblog.example%2Ffeed";
        const string Second = "hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Fother&hub.url=https%3A%2F%2Fblog.example%2Fother";
        Assert.Equal([First, Second], one.Requests.Select(r => r.Text));
        Assert.Equal([First, Second], two.Requests.Select(r => r.Text));
        Assert.All(one.Requests, r => Assert.Equal(("/hub", "Bearer k-1"), (r.Target, r.Headers["Authorization"])));
        Assert.Contains((LogLevel.Information, $"Told the hub {two.Url} that {Topic} changed; it answered 204"), app.Logs.Messages);
    }

    [Fact]
    public async Task Publish_OneHubFails_OthersAreToldAndItIsNamed()
    {
        await using var good = await HttpPeer.StartAsync(Answers.Status(202));
        await using var bad = await HttpPeer.StartAsync(Answers.Status(403, "who are you?"));
        await using var gone = await HttpPeer.StartAsync(Answers.Status(202));
        await gone.DisposeAsync();
        await using var app = await StartAsync(null, bad.Url, gone.Url, good.Url);

        var failure = await Assert.ThrowsAsync<WebSubPublishException>(() => app.Publisher.PublishAsync([Topic, "https://blog.example/other"]));

        Assert.Equal(2, good.Requests.Count);
        Assert.Equal(2, bad.Requests.Count);
        Assert.Equal(4, failure.Failures.Count);
        Assert.Equal(new WebSubPublishFailure(bad.Url, Topic, "The hub answered 403: who are you?"), failure.Failures[0]);
        Assert.Contains($"{bad.Url}: The hub answered 403: who are you? (2 topics)", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{gone.Url}: The hub {gone.Url} cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Url, failure.Message, StringComparison.Ordinal);
        Assert.Contains((LogLevel.Warning, $"Could not tell the hub {bad.Url} that {Topic} changed: The hub answered 403: who are you?"), app.Logs.Messages);
    }

    [Fact]
    public async Task Publish_NoTopics_DoesNothing()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202));
        await using var app = await StartAsync(null, hub.Url);

        await app.Publisher.PublishAsync([]);

        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task Publish_EmptyTopic_IsMisuse()
    {
        await using var app = await StartAsync(null, "https://hub.example/");

        await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync([""]));
    }

    [Fact]
    public async Task Publish_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var hub = await HttpPeer.StartAsync(Answers.Never(cancel.Cancel));
        await using var app = await StartAsync(null, hub.Url);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Publisher.PublishAsync([Topic], cancel.Token));
    }

    [Fact]
    public async Task Publish_PrivateHub_IsRefusedUnlessAllowed()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202));
        await using var app = await PublisherApp.StartAsync(_ => { }, o => o.Hubs.Add(hub.Url), ("WebSub:Outbound:AllowPrivateNetworks", "false"));

        var failure = await Assert.ThrowsAsync<WebSubPublishException>(() => app.Publisher.PublishAsync([Topic]));

        Assert.Contains("WebSub:Outbound:AllowPrivateNetworks", failure.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    private static Task<PublisherApp> StartAsync(Action<WebSubPublisherOptions>? configure, params string[] hubs) =>
        PublisherApp.StartAsync(_ => { }, o =>
        {
            foreach (var hub in hubs) o.Hubs.Add(hub);
            configure?.Invoke(o);
        });
}
