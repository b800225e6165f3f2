using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSub.TestSupport;

namespace WebSub.Publisher.Diagnostics;

public sealed class DoctorTests
{
    [Fact]
    public async Task CheckTopic_GoodTopic_FindsNothing()
    {
        await using var app = await StartAsync(a => a.MapGet("/feed", () => "x").WithWebSubLinks());

        var findings = await app.Doctor.CheckTopicAsync(app.Url + "/feed");

        Assert.Empty(findings);
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task CheckTopic_NegotiatedTopicsOfTheirOwn_FindsNothing()
    {
        await using var app = await StartAsync(a =>
        {
            a.MapGet(
                    "/news",
                    (HttpContext c) =>
                        Results.Text(
                            "{}",
                            c.Request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal)
                                ? "application/json"
                                : "text/html"
                        )
                )
                .WithWebSubLinks(l => l.Representation("application/json", "/news.json"));
        });

        Assert.Empty(await app.Doctor.CheckTopicAsync(app.Url + "/news"));
    }

    [Theory]
    [InlineData("/absent", WebSubPublisherProblem.TopicUnreachable, "404")]
    [InlineData("/plain", WebSubPublisherProblem.NoHub, "WithWebSubLinks()")]
    [InlineData("/elsewhere", WebSubPublisherProblem.SelfDiffers, "https://other.example/")]
    [InlineData("/two", WebSubPublisherProblem.SeveralSelfs, "2 different topics")]
    [InlineData("/two-places", WebSubPublisherProblem.SeveralSelfs, "its document names https://other.example/feed")]
    [InlineData("/no-self", WebSubPublisherProblem.NoSelf, "nothing says what to subscribe to")]
    [InlineData("/other-hub", WebSubPublisherProblem.NoHub, "does not name the hub http://127.0.0.1:9/")]
    [InlineData("/document", WebSubPublisherProblem.LinksOnlyInBody, "Add a Link header too")]
    [InlineData("/outside-head", WebSubPublisherProblem.LinksOutsideHead, "outside its <head>")]
    [InlineData("/no-head", WebSubPublisherProblem.HeadDiffers, "answers HEAD with 405 and no Link header")]
    [InlineData("/negotiated", WebSubPublisherProblem.OneSelfForSeveralRepresentations, "text/html or application/json")]
    public async Task CheckTopic_WrongTopic_SaysWhatIsWrong(string path, WebSubPublisherProblem problem, string words)
    {
        await using var app = await StartAsync(Map);

        var findings = await app.Doctor.CheckTopicAsync(app.Url + path);

        var finding = Assert.Single(findings, f => f.Problem == problem);
        Assert.Equal(app.Url + path, finding.Subject);
        Assert.Contains(words, finding.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5000/feed")]
    [InlineData("https://10.0.0.7/feed")]
    public async Task CheckTopic_PrivateAddressAndPublicHub_IsNotPublic(string topic)
    {
        await using var app = await PublisherApp.StartAsync(_ => { });

        var finding = Assert.Single(await app.Doctor.CheckTopicAsync(topic));

        Assert.Equal(WebSubPublisherProblem.TopicNotPublic, finding.Problem);
        Assert.Contains(PublisherApp.Hub, finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHubs_OneRefuses_IsNamedWithItsWords()
    {
        await using var good = await HubPeer.StartAsync(202);
        await using var bad = await HubPeer.StartAsync([Answers.Status(401, "a key, please")]);
        await using var app = await PublisherApp.StartAsync(
            _ => { },
            o =>
            {
                o.Hubs.Add(good.Url);
                o.Hubs.Add(bad.Url);
            }
        );

        var finding = Assert.Single(await app.Doctor.CheckHubsAsync("https://blog.example/feed"));

        Assert.Equal((WebSubPublisherProblem.HubRefuses, bad.Url), (finding.Problem, finding.Subject));
        Assert.Contains("a key, please", finding.Explanation, StringComparison.Ordinal);
        Assert.Equal(1, good.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/feed")]
    [InlineData("https://blog.example/\0")]
    public async Task Check_WhatIsNoTopic_IsAFinding(string topic)
    {
        await using var app = await StartAsync(_ => { });

        var one = Assert.Single(await app.Doctor.CheckTopicAsync(topic));
        var two = Assert.Single(await app.Doctor.CheckHubsAsync(topic));

        Assert.Equal((WebSubPublisherProblem.InvalidTopic, topic), (one.Problem, one.Subject));
        Assert.Equal(one, two);
        Assert.DoesNotContain("Parameter", one.Explanation, StringComparison.Ordinal);
        Assert.Equal(topic == "/feed", one.Explanation.Contains("WebSub:Publisher:PublicUrl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckHubs_NoHubForTheTopic_IsAFinding()
    {
        await using var app = await PublisherApp.StartAsync(
            _ => { },
            o => o.Hubs.Add(new(PublisherApp.Hub) { Topics = ["https://blog.example/*"] })
        );

        var finding = Assert.Single(await app.Doctor.CheckHubsAsync("https://other.example/"));

        Assert.Equal(WebSubPublisherProblem.NoHub, finding.Problem);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task CheckTopic_BodyThatIsNotCompressedAsItSays_IsAFinding(string coding)
    {
        await using var app = await StartAsync(a =>
            a.MapGet(
                "/lie",
                (HttpContext c) =>
                {
                    c.Response.Headers.ContentEncoding = coding;
                    return Html("<head></head><body><link rel=hub href=/>");
                }
            )
        );

        var findings = await app.Doctor.CheckTopicAsync(app.Url + "/lie");

        Assert.NotEmpty(findings);
    }

    [Fact]
    public async Task Check_HubThatRefused_IsRemembered()
    {
        await using var hub = await HubPeer.StartAsync([Answers.Status(403, "who are you?")]);
        await using var app = await PublisherApp.StartAsync(_ => { }, o => o.Hubs.Add(hub.Url));
        await app.Publisher.PublishAsync("https://blog.example/feed");
        await app.UntilAsync("https://blog.example/feed", p => p.Attempts > 0);

        var finding = Assert.Single(await app.Doctor.CheckAsync());

        Assert.Equal(WebSubPublisherProblem.HubRefuses, finding.Problem);
        Assert.Contains(
            "does not know of update 1 of https://blog.example/feed: The hub answered 403: who are you?",
            finding.Explanation,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Check_Settings_AreLookedAt()
    {
        await using var app = await PublisherApp.StartAsync(
            _ => { },
            o =>
            {
                o.Hubs.Add("http://hub.example/");
                o.ApiKey = "k";
                o.PublicUrl = new("http://localhost:5000");
            }
        );

        var findings = await app.Doctor.CheckAsync();

        Assert.Equal([WebSubPublisherProblem.KeyWithoutEncryption, WebSubPublisherProblem.TopicNotPublic], findings.Select(f => f.Problem));
    }

    [Fact]
    public async Task Start_WrongTopic_IsWarnedOf()
    {
        var port = FreePort.Next();
        await using var app = await PublisherApp.StartAsync(
            a => a.MapGet("/feed", () => "x").WithWebSubLinks(),
            o => o.Hubs.Add("http://127.0.0.1:9/"),
            ("WebSub:Publisher:PublicUrl", $"http://127.0.0.1:{port}/"),
            ("WebSub:Publisher:CheckAtStart", "true")
        );

        await app.Logs.WaitAsync("TopicUnreachable: Asked from this machine:");

        Assert.Contains(
            app.Logs.Messages,
            m => m.Level == LogLevel.Warning && m.Text.Contains($"http://127.0.0.1:{port}/feed", StringComparison.Ordinal)
        );
    }

    private static Task<PublisherApp> StartAsync(Action<WebApplication> map) =>
        PublisherApp.StartAsync(map, o => o.Hubs.Add("http://127.0.0.1:9/"));

    private static void Map(WebApplication app)
    {
        app.MapGet("/plain", () => "x");
        app.MapGet("/elsewhere", () => "x").WithWebSubLinks(l => l.Self = _ => "https://other.example/");
        app.MapGet(
            "/two",
            (HttpContext c) => c.Response.Headers.Append("Link", "</two>; rel=self, </three>; rel=self, <http://127.0.0.1:9/>; rel=hub")
        );
        app.MapGet("/two-places", () => Html("<head><link rel=self href='https://other.example/feed'></head>")).WithWebSubLinks();
        app.MapGet("/no-self", (HttpContext c) => c.Response.Headers.Append("Link", "<http://127.0.0.1:9/>; rel=hub"));
        app.MapGet(
            "/other-hub",
            (HttpContext c) => c.Response.Headers.Append("Link", "</other-hub>; rel=self, <http://127.0.0.1:10/>; rel=hub")
        );
        app.MapGet("/document", () => Html("<head><link rel=self href='/document'><link rel=hub href='http://127.0.0.1:9/'></head>"));
        app.MapGet(
            "/outside-head",
            () => Html("<head></head><body><p>x</p><link rel=self href='/outside-head'><link rel=hub href='http://127.0.0.1:9/'>")
        );
        app.MapGet(
            "/no-head",
            (HttpContext c) => c.Response.Headers.Append("Link", "</no-head>; rel=self, <http://127.0.0.1:9/>; rel=hub")
        );
        app.MapGet(
                "/negotiated",
                (HttpContext c) =>
                    Results.Text(
                        "{}",
                        c.Request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.Ordinal)
                            ? "application/json"
                            : "text/html"
                    )
            )
            .WithWebSubLinks();
    }

    private static IResult Html(string text) => Results.Text("<!doctype html><html>" + text, "text/html");
}
