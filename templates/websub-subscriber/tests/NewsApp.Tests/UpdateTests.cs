using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber;
using WebSub.Testing;

namespace NewsApp.Tests;

/// <summary>The whole app against a hub in memory: no sockets, no network, no database to set up.</summary>
public sealed class UpdateTests : IAsyncDisposable
{
    private const string Topic = "https://blog.example/";
    private readonly FakeHub _hub = FakeHub.InMemory();
    private readonly Handled _handled = new();
    private readonly WebApplication _app;

    public UpdateTests()
    {
        _hub.Verification = FakeHubVerification.Afterwards;
        _app = SubscriberApp.Create([], services => services.UseFakeWebSub(_hub).AddSingleton<IWebSubFilter>(_handled));
    }

    private LatestEntries Entries => _app.Services.GetRequiredService<LatestEntries>();

    [Fact]
    public async Task Update_OfTheFeed_IsHandled()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);

        var response = await _hub.PublishAsync(Topic, Feed("It rains"), TestContext.Current.CancellationToken);
        var topic = await _handled.NextAsync();

        Assert.Equal((200, Topic), (response.Status, topic));
        Assert.Equal(["It rains"], Entries.All);
    }

    [Fact]
    public async Task Update_SignatureIsForged_IsRefused()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);

        var forged = Feed("It burns") with { Secret = "a guess" };
        var response = await _hub.PublishAsync(Topic, forged, TestContext.Current.CancellationToken);

        Assert.Equal(403, response.Status);
        Assert.Empty(Entries.All);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private static FakeDelivery Feed(string title)
    {
        var feed = $"""
            <feed xmlns="http://www.w3.org/2005/Atom">
              <id>urn:feed</id>
              <title>A blog</title>
              <entry><id>urn:entry</id><title>{title}</title></entry>
            </feed>
            """;
        return new() { Body = Encoding.UTF8.GetBytes(feed), ContentType = "application/atom+xml" };
    }
}
