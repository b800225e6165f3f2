using WebSub.Discovery;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Publisher;

/// <summary>The samples do what their pages say.</summary>
public sealed class PublisherSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-samples-").FullName;

    [Theory]
    [Trait("Req", "P1")]
    [InlineData("/")]
    [InlineData("/feed")]
    public async Task FeedPublisher_Resource_IsDiscovered(string path)
    {
        await using var blog = await PublisherProcess.StartAsync(
            "FeedPublisher",
            _folder,
            ("WebSub:Publisher:PublicUrl", "https://blog.example"),
            ("WebSub:Publisher:CheckAtStart", "false")
        );

        var result = await DiscoverAsync(blog.Url + path);

        Assert.Equal(("http://localhost:5080/hub", "https://blog.example" + path), (result.Hubs.Single().Url, result.Self?.Url));
    }

    [Fact]
    public async Task HubInYourApp_Post_IsTakenByItsOwnHub()
    {
        await using var blog = await PublisherProcess.StartAsync("HubInYourApp", _folder, ("WebSub:Publisher:CheckAtStart", "false"));

        await blog.PostAsync("Second post");

        Assert.Contains("Second post", await blog.GetAsync("/feed"), StringComparison.Ordinal);
        Assert.Equal("http://localhost:5091/hub", (await DiscoverAsync(blog.Url + "/feed")).Hubs.Single().Url);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<DiscoveryResult> DiscoverAsync(string url)
    {
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        return await new TopicDiscovery(client).DiscoverAsync(url);
    }
}
