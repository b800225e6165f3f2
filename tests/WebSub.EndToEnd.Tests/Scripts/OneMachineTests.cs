using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.EndToEnd.Tests.Publisher;
using WebSub.EndToEnd.Tests.Subscriber;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>What the pages type on one machine: a hub, a publisher and a subscriber, each in its own terminal.</summary>
public sealed class OneMachineTests : IDisposable
{
    private const string StartHub = "./websub hub --allow-private";
    private const string StartBlog = "dotnet run --project samples/FeedPublisher";
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-one-machine-").FullName;

    /// <summary>docs/guides/running-a-hub.md and README.md have the same three lines.</summary>
    [Fact]
    public async Task Push_AsPublished_IsPrinted()
    {
        var (readme, guide) = (ConsolePage.Read("README.md"), ConsolePage.Read("docs/guides/running-a-hub.md"));
        var lines = readme.Single(b => b[0].Command == StartHub).Select(s => s.Command).ToList();
        await using var hub = await CliHub.StartAsync();
        using var reader = new Reader(("http://localhost:5080/hub", hub.Url));

        await using var listener = reader.Start(lines[1]);
        await hub.SubscribedAsync();
        await reader.TypeAsync(lines[2]);
        await listener.WaitForLineAsync("Grüße");

        Assert.Equal(lines, guide.Take(2).SelectMany(b => b).Select(s => s.Command));
    }

    /// <summary>
    /// samples/FeedPublisher/README.md and samples/MinimalSubscriber/README.md, whose lines are also in docs/getting-started.md and
    /// docs/guides/local-development.md. docs/guides/conformance.md starts the hub in the same way.
    /// </summary>
    [Fact]
    public async Task Blog_AsPublished_NamesItsHubAndItsPostsArrive()
    {
        var blogPage = ConsolePage.Read("samples/FeedPublisher/README.md");
        var subscriberPage = ConsolePage.Read("samples/MinimalSubscriber/README.md");
        var start = ConsolePage.Read("docs/getting-started.md");
        await using var hub = await CliHub.StartAsync();
        await using var blog = await StartAsync("FeedPublisher", _ => hub.Url);
        using var reader = new Reader(("http://localhost:5080/hub", hub.Url), ("http://localhost:5090", blog.Url));
        foreach (var step in blogPage[1])
            Assert.Equal(step.Output, await reader.TypeAsync(step.Command));

        await using var app = await SubscriberProcess.StartSampleAsync("MinimalSubscriber", _folder, ("Feed", $"{blog.Url}/feed"));
        await hub.SubscribedAsync();
        var post = Assert.Single(subscriberPage[1]);
        Assert.Equal(post.Output, await reader.TypeAsync(post.Command));
        await app.Process.WaitForLineAsync($"^{blog.Url}/feed has changed: application/atom\\+xml, [0-9]+ bytes$");
        await reader.TypeAsync(Assert.Single(start[3]).Command);

        Assert.Equal([StartHub, StartBlog, "dotnet run --project samples/MinimalSubscriber"], subscriberPage[0].Select(s => s.Command));
        Assert.Equal([StartHub, StartBlog], start[1].Select(s => s.Command));
        Assert.Equal([StartHub, StartBlog], ConsolePage.Read("docs/guides/local-development.md")[0].Select(s => s.Command));
        Assert.Equal("websub hub --allow-private", ConsolePage.Read("docs/guides/conformance.md")[1].Single().Command);
    }

    /// <summary>samples/HubInYourApp/README.md.</summary>
    [Fact]
    public async Task HubInYourApp_AsPublished_NamesItsOwnHub()
    {
        var page = ConsolePage.Read("samples/HubInYourApp/README.md");
        await using var app = await StartAsync("HubInYourApp", url => $"{url}/hub");
        using var reader = new Reader(("http://localhost:5091", app.Url));

        foreach (var step in page[1])
            Assert.Equal(step.Output, await reader.TypeAsync(step.Command));
    }

    /// <summary>samples/LiveUpdates/README.md.</summary>
    [Fact]
    public async Task LiveUpdates_AsPublished_TakesAPost()
    {
        var step = Assert.Single(ConsolePage.Read("samples/LiveUpdates/README.md")[1]);
        await using var app = await PublisherProcess.StartAsync("LiveUpdates", _folder);
        using var reader = new Reader(("http://localhost:5094", app.Url));

        Assert.Equal(step.Output, await reader.TypeAsync(step.Command));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<PublisherProcess> StartAsync(string sample, Func<string, string> hub)
    {
        var url = $"http://localhost:{FreePort.Next()}";
        return PublisherProcess.StartAtAsync(
            url,
            sample,
            _folder,
            ("WebSub:Publisher:PublicUrl", url),
            ("WebSub:Publisher:Hubs", hub(url))
        );
    }
}
