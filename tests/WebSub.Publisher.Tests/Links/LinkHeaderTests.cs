using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
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
        await using var app = await PublisherApp.StartAsync(
            a => a.MapGet("/feed", () => "x").WithWebSubLinks(),
            o =>
            {
                o.Hubs.Add(PublisherApp.Hub);
                o.Hubs.Add("https://other.example/hub?a=%7E");
                o.Hubs.Add(PublisherApp.Hub);
            }
        );

        var links = await app.LinksAsync("/feed");

        Assert.Equal(
            $"<https://hub.example/>; rel=\"hub\", <https://other.example/hub?a=%7E>; rel=\"hub\", <{app.Url}/feed>; rel=\"self\"",
            Assert.Single(links)
        );
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
        await using var app = await PublisherApp.StartAsync(
            a => a.MapGet("/feed", () => "x").WithWebSubLinks(),
            null,
            ("WebSub:Publisher:PublicUrl", "https://example.com/blog/"),
            ("WebSub:Publisher:Hubs", PublisherApp.Hub)
        );

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
            group
                .MapGet(
                    "/feed",
                    (HttpContext c) =>
                    {
                        c.Response.Headers.Append("Link", "</next>; rel=next");
                        return "x";
                    }
                )
                .WithWebSubLinks();
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
    [Trait("Req", "D8")]
    public async Task Head_LinkedController_HasTheSameHeader()
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapControllers());

        var get = await app.LinksAsync("/mvc/with");
        var head = await app.LinksAsync("/mvc/with", HttpMethod.Head);

        Assert.Single(head);
        Assert.Equal(get, head);
    }

    [Theory]
    [InlineData("/mvc/named?x=1", "/feed")]
    [InlineData("/mvc/paged?page=2&utm_source=mail", "/mvc/paged?page=2")]
    public async Task Get_ControllerThatNamesItsTopic_IsLinkedToThat(string path, string expected)
    {
        await using var app = await PublisherApp.StartAsync(a => a.MapControllers());

        var links = await app.LinksAsync(path);

        Assert.Equal($"<{PublisherApp.Hub}>; rel=\"hub\", <{app.Url}{expected}>; rel=\"self\"", Assert.Single(links));
    }

    [Fact]
    public async Task Get_BehindAProxy_SelfIsWhatTheProxySays()
    {
        await using var app = await PublisherApp.StartAsync(a =>
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
            a.UseForwardedHeaders(forwarded);
            a.UseRouting();
            a.MapGet("/feed", () => "x").WithWebSubLinks();
        });

        var links = await app.LinksAsync(
            "/feed?a=b",
            null,
            ("X-Forwarded-Host", "blog.example"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Prefix", "/base"),
            ("X-Forwarded-For", "192.0.2.1")
        );

        Assert.Contains("<https://blog.example/base/feed?a=b>; rel=\"self\"", Assert.Single(links), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/feed?utm_source=x&page=2&b=%26", "/feed?page=2&b=%26")]
    [InlineData("/feed?utm_source=x", "/feed")]
    [InlineData("/feed", "/feed")]
    public async Task Get_QueryOptions_KeepWhatMakesATopic(string path, string expected)
    {
        await using var app = await PublisherApp.StartAsync(a =>
            a.MapGet("/feed", () => "x").WithWebSubLinks(l => l.Query = ["page", "b"])
        );

        var links = await app.LinksAsync(path);

        Assert.EndsWith($"<{app.Url}{expected}>; rel=\"self\"", Assert.Single(links), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "D12")]
    [InlineData("application/json", null, "/news.json")]
    [InlineData("text/html", "de", "/news.de.html")]
    [InlineData("text/html", "en", "/news.html")]
    [InlineData("text/plain", null, "/news")]
    public async Task Get_NegotiatedRepresentation_HasItsOwnSelf(string accept, string? language, string expected)
    {
        await using var app = await PublisherApp.StartAsync(a =>
            a.MapGet(
                    "/news",
                    (HttpContext c) =>
                    {
                        c.Response.Headers.ContentLanguage = c.Request.Headers.AcceptLanguage;
                        return Results.Text("x", c.Request.Headers.Accept.ToString() + "; charset=utf-8");
                    }
                )
                .WithWebSubLinks(l =>
                    l.Representation("application/json", "/news.json")
                        .Representation("text/html", "/news.de.html", "de")
                        .Representation("text/html", "/news.html")
                )
        );

        var get = await app.LinksAsync("/news", null, ("Accept", accept), ("Accept-Language", language ?? ""));
        var head = await app.LinksAsync("/news", HttpMethod.Head, ("Accept", accept), ("Accept-Language", language ?? ""));

        Assert.EndsWith($"<{app.Url}{expected}>; rel=\"self\"", Assert.Single(get), StringComparison.Ordinal);
        Assert.Equal(get, head);
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task Get_HandlerThatNamesTheTopic_HeaderAndDocumentAgree()
    {
        await using var app = await PublisherApp.StartAsync(
            a =>
            {
                a.UsePathBase("/base");
                a.UseRouting();
                a.MapGet(
                        "/news",
                        (HttpContext c) =>
                        {
                            c.SetWebSubSelf("/news.json");
                            return c.GetWebSubLinks().Self;
                        }
                    )
                    .WithWebSubLinks();
            },
            o =>
            {
                o.Hubs.Add(new(PublisherApp.Hub) { Topics = ["https://nobody.example/"] });
                o.Hubs.Add("https://all.example/");
            }
        );

        using var response = await HttpPeer.Client.GetAsync(new Uri(app.Url + "/base/news"));

        Assert.Equal(app.Url + "/base/news.json", await response.Content.ReadAsStringAsync());
        Assert.Equal(
            $"<https://all.example/>; rel=\"hub\", <{app.Url}/base/news.json>; rel=\"self\"",
            Assert.Single(response.Headers.GetValues("Link"))
        );
    }

    [Fact]
    public async Task SetSelf_ResponseHasStarted_IsMisuse()
    {
        Exception? failure = null;
        await using var app = await PublisherApp.StartAsync(a =>
            a.MapGet(
                    "/feed",
                    async (HttpContext c) =>
                    {
                        await c.Response.StartAsync();
                        failure = Record.Exception(() => c.SetWebSubSelf("/x"));
                    }
                )
                .WithWebSubLinks()
        );

        await app.LinksAsync("/feed");

        Assert.IsType<InvalidOperationException>(failure);
    }

    [Fact]
    public async Task Get_TopicsOfSeveralHubs_NameTheirOwn()
    {
        await using var app = await PublisherApp.StartAsync(
            a => a.MapGet("/{**rest}", () => "x").WithWebSubLinks(),
            o =>
            {
                o.PublicUrl = new("https://blog.example");
                o.Hubs.Add(new("https://one.example/") { Topics = ["https://blog.example/a/*"] });
                o.Hubs.Add("https://all.example/");
            }
        );

        var (inside, outside) = (await app.LinksAsync("/a/feed"), await app.LinksAsync("/b"));

        Assert.Equal(
            "<https://one.example/>; rel=\"hub\", <https://all.example/>; rel=\"hub\", <https://blog.example/a/feed>; rel=\"self\"",
            Assert.Single(inside)
        );
        Assert.Equal("<https://all.example/>; rel=\"hub\", <https://blog.example/b>; rel=\"self\"", Assert.Single(outside));
    }

    [Fact]
    [Trait("Req", "P4")]
    public async Task Discover_MovedTopic_FindsTheNewTopicAndHub()
    {
        await using var old = await HttpPeer.StartAsync(c => Answers.Redirect(301, c.Request.Query["to"])(c));
        await using var app = await PublisherApp.StartAsync(a => a.MapGet("/feed", () => "x").WithWebSubLinks());

        var result = await new TopicDiscovery(HttpPeer.Client).DiscoverAsync(
            $"{old.Url}/feed?to={Uri.EscapeDataString(app.Url + "/feed")}"
        );

        Assert.Equal((PublisherApp.Hub, app.Url + "/feed"), (result.Hubs.Single().Url, result.Self?.Url));
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

        var failure = Assert.Throws<InvalidOperationException>(() =>
            ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).ToList()
        );

        Assert.Contains("AddWebSubPublisher", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() =>
            new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() }.GetWebSubLinks()
        );
    }
}
