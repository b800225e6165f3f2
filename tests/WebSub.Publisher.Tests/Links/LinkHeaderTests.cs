using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Discovery;

namespace WebSub.Publisher.Links;

[Trait("Req", "D2")]
public sealed class LinkHeaderTests
{
    [Fact]
    [Trait("Req", "D3")]
    public async Task Get_LinkedEndpoint_HasOneCombinedHeader()
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed", () => "x").WithWebSubLinks(), o =>
        {
            o.Hubs.Add(PublisherApp.Hub);
            o.Hubs.Add("https://other.example/hub?a=%7E");
            o.Hubs.Add(PublisherApp.Hub);
        });

        var links = await app.LinksAsync("/feed");

        Assert.Equal($"<https://hub.example/>; rel=\"hub\", <https://other.example/hub?a=%7E>; rel=\"hub\", <{app.Url}/feed>; rel=\"self\"", Assert.Single(links));
    }

    [Theory]
    [InlineData("/feed?page=2&x=%26", "/feed?page=2&x=%26")]
    [InlineData("/f%C3%A9ed/a%20b", "/f%C3%A9ed/a%20b")]
    [InlineData("/%66eed", "/feed")]
    public async Task Get_PathAndQuery_AreTheTopic(string path, string expected)
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/{**rest}", () => "x").WithWebSubLinks());

        var links = await app.LinksAsync(path);

        Assert.EndsWith($"<{app.Url}{expected}>; rel=\"self\"", Assert.Single(links), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_PathBase_IsPartOfTheTopic()
    {
        await using var app = await PublisherApp.StartAsync(a =>
        {
            a.UsePathBase("/blog");
            a.UseRouting();
            a.MapGet("/feed", () => "x").WithWebSubLinks();
        });

        var links = await app.LinksAsync("/blog/feed?a=b");

        Assert.Contains($"<{app.Url}/blog/feed?a=b>; rel=\"self\"", Assert.Single(links), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_PublicUrl_ReplacesWhatTheRequestSays()
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed", () => "x").WithWebSubLinks(), null, ("WebSub:Publisher:PublicUrl", "https://example.com/blog/"), ("WebSub:Publisher:Hubs", PublisherApp.Hub));

        var links = await app.LinksAsync("/feed?a=b");

        Assert.Contains("<https://example.com/blog/feed?a=b>; rel=\"self\"", Assert.Single(links), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "D8")]
    public async Task Head_LinkedGetEndpoint_HasTheSameHeader()
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed", () => "x").WithWebSubLinks());

        var get = await app.LinksAsync("/feed");
        var head = await app.LinksAsync("/feed", HttpMethod.Head);

        Assert.Single(head);
        Assert.Equal(get, head);
    }

    [Fact]
    public async Task Post_LinkedGetEndpoint_IsStillNotAllowed()
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed", () => "x").WithWebSubLinks());

        using var response = await HttpPeer.Client.PostAsync(new Uri(app.Url + "/feed"), null);

        Assert.Equal(405, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(200, 1)]
    [InlineData(304, 1)]
    [InlineData(301, 0)]
    [InlineData(404, 0)]
    [InlineData(500, 0)]
    public async Task Get_Status_DecidesWhetherThereIsATopic(int status, int expected)
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed", () => Results.StatusCode(status)).WithWebSubLinks());

        var links = await app.LinksAsync("/feed");

        Assert.Equal(expected, links.Length);
    }

    [Fact]
    public async Task Get_GroupAndOwnLinks_AreKeptApart()
    {
        await using var app = await PublisherApp.StartAsync(a =>
        {
            var group = a.MapGroup("/g").WithWebSubLinks();
            group.MapGet("/feed", (HttpContext c) =>
            {
                c.Response.Headers.Append("Link", "</next>; rel=next");
                return "x";
            }).WithWebSubLinks();
            a.MapGet("/plain", () => "x");
        });

        var links = await app.LinksAsync("/g/feed");

        Assert.Equal(2, links.Length);
        Assert.Single(links, l => l.Contains("rel=\"self\"", StringComparison.Ordinal));
        Assert.Empty(await app.LinksAsync("/plain"));
    }

    [Theory]
    [InlineData("/mvc/with", 1)]
    [InlineData("/mvc/missing", 0)]
    [InlineData("/mvc/without", 0)]
    public async Task Get_Controller_IsLinkedByItsAttribute(string path, int expected)
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapControllers());

        var links = await app.LinksAsync(path);

        Assert.Equal(expected, links.Length);
        Assert.All(links, l => Assert.Equal($"<{PublisherApp.Hub}>; rel=\"hub\", <{app.Url}{path}>; rel=\"self\"", l));
    }

    [Fact]
    [Trait("Req", "P1")]
    public async Task Discover_LinkedEndpoint_SucceedsWithHeadAlone()
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed.json", () => "{}").WithWebSubLinks());

        var result = await new TopicDiscovery(HttpPeer.Client).DiscoverAsync(app.Url + "/feed.json", new() { HeadFirst = true });

        Assert.True(result.IsSuccess, result.Explanation);
        Assert.Equal((PublisherApp.Hub, app.Url + "/feed.json"), (result.Hubs.Single().Url, result.Self!.Url));
    }

    [Fact]
    public async Task Start_LinksWithoutServices_NamesTheMissingCall()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        app.MapGet("/feed", () => "x").WithWebSubLinks();

        var failure = Assert.Throws<InvalidOperationException>(() => ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).ToList());

        Assert.Contains("AddWebSubPublisher", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() }.GetWebSubLinks());
    }
}
