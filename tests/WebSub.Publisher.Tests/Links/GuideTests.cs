using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebSub.TestSupport;

namespace WebSub.Publisher.Links;

/// <summary>The first snippet of docs/guides/publishing.md does what it says, with no setting beside it.</summary>
public sealed class GuideTests
{
    private static readonly string[] Snippet =
    [
        .. File.ReadLines(Path.Combine(RepositoryRoot.Folder, "docs", "guides", "publishing.md"))
            .SkipWhile(l => l != "```csharp")
            .Skip(1)
            .TakeWhile(l => l != "```")
            .Where(l => l != "…"),
    ];

    [Fact]
    public void FirstSnippet_Lines_AreThoseOfTheNextTest()
    {
        Assert.Equal(3, Snippet.Length);
        Assert.Equal("builder.Services.AddWebSubPublisher(o => o.Hubs.Add(\"https://hub.example/\"));", Snippet[0]);
        Assert.StartsWith("app.MapGet(\"/feed\", …).WithWebSubLinks();", Snippet[1], StringComparison.Ordinal);
        Assert.StartsWith("await publisher.PublishAsync([\"/\", \"/feed\"]);", Snippet[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstSnippet_InAnApp_AdvertisesAndTellsTheHub()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await PublisherApp.StartAsync(
            app =>
            {
                app.MapGet("/feed", () => "the feed").WithWebSubLinks();
                app.MapPost(
                    "/posts",
                    async (IWebSubPublisher publisher) =>
                    {
                        await publisher.PublishAsync(["/", "/feed"]);
                    }
                );
            },
            o => o.Hubs.Add(hub.Url)
        );
        var printed = Snippet[1]
            .Split("// Link: ")[1]
            .Replace("https://hub.example/", hub.Url, StringComparison.Ordinal)
            .Replace("https://blog.example", app.Url, StringComparison.Ordinal);

        var link = Assert.Single(await app.LinksAsync("/feed"));
        using var posted = await HttpPeer.Client.PostAsync(new Uri(app.Url + "/posts"), null);
        string?[] told = [await hub.NextTopicAsync(), await hub.NextTopicAsync()];

        Assert.Equal(printed, link);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal([app.Url + "/", app.Url + "/feed"], told.Order(StringComparer.Ordinal));
    }
}
