using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;

namespace WebSub.Http;

public sealed class HubClientTests
{
    private static readonly HubFields Message = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", "https://blog.example/é");
    private static readonly HubClient Client = new(HttpPeer.Client);

    [Fact]
    [Trait("Req", "S2")]
    public async Task Post_Form_IsAsciiAndSaysItsType()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202, "queued"));

        var response = await Client.PostAsync(hub.Url + "/%7Ehub?x=%41", Message, [new("X-Extra", "1")]);

        var request = hub.Requests.Single();
        Assert.Equal(
            ("POST", "/%7Ehub?x=%41", "hub.mode=subscribe&hub.topic=https%3A%2F%2Fblog.example%2F%C3%A9"),
            (request.Method, request.Target, request.Text)
        );
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        Assert.Equal("1", request.Headers["X-Extra"]);
        Assert.Equal(
            new HubResponse
            {
                Outcome = HubOutcome.Accepted,
                StatusCode = 202,
                Explanation = "The hub answered 202: queued",
                Body = "queued",
                Hub = hub.Url + "/%7Ehub?x=%41",
            },
            response with
            {
                Headers = [],
            }
        );
    }

    [Theory]
    [InlineData(200, HubOutcome.Accepted)]
    [InlineData(202, HubOutcome.Accepted)]
    [InlineData(204, HubOutcome.Accepted)]
    [InlineData(301, HubOutcome.BadRedirect)]
    [InlineData(302, HubOutcome.BadRedirect)]
    [InlineData(303, HubOutcome.BadRedirect)]
    [InlineData(304, HubOutcome.BadRedirect)]
    [InlineData(400, HubOutcome.Refused)]
    [InlineData(404, HubOutcome.Refused)]
    [InlineData(408, HubOutcome.Failed)]
    [InlineData(425, HubOutcome.Failed)]
    [InlineData(429, HubOutcome.Failed)]
    [InlineData(500, HubOutcome.Failed)]
    [InlineData(503, HubOutcome.Failed)]
    public async Task Post_EveryStatus_HasItsOutcome(int status, HubOutcome expected)
    {
        await using var elsewhere = await HttpPeer.StartAsync(Answers.Status(202));
        await using var hub = await HttpPeer.StartAsync(Answers.Redirect(status, elsewhere.Url));

        var response = await Client.PostAsync(hub.Url, Message);

        Assert.Equal((expected, status), (response.Outcome, response.StatusCode));
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [Trait("Req", "S13")]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Post_MethodKeepingRedirect_SendsTheSameAgain(int status)
    {
        await using var hub = await HttpPeer.StartAsync(context =>
            (context.Request.Path == "/old" ? Answers.Redirect(status, "ne%77/?a=%7E") : Answers.Status(202))(context)
        );

        var response = await Client.PostAsync(hub.Url + "/old", Message, [new("Authorization", "Bearer k")]);

        Assert.Equal((HubOutcome.Accepted, hub.Url + "/ne%77/?a=%7E"), (response.Outcome, response.Hub));
        Assert.Equal("/ne%77/?a=%7E", hub.Requests[1].Target);
        Assert.Equal(hub.Requests[0].Text, hub.Requests[1].Text);
        Assert.Equal("POST", hub.Requests[1].Method);
        Assert.Equal("application/x-www-form-urlencoded", hub.Requests[1].Headers["Content-Type"]);
        Assert.Equal("Bearer k", hub.Requests[1].Headers["Authorization"]);
    }

    [Fact]
    public async Task Post_RedirectToAnotherOrigin_LeavesTheHeadersBehind()
    {
        await using var third = await HttpPeer.StartAsync(Answers.Status(202));
        await using var second = await HttpPeer.StartAsync(Answers.Redirect(307, third.Url));
        await using var first = await HttpPeer.StartAsync(Answers.Redirect(308, second.Url));

        var response = await Client.PostAsync(first.Url, Message, [new("Authorization", "Bearer k")]);

        Assert.True(response.IsAccepted, response.Explanation);
        Assert.True(first.Requests.Single().Headers.ContainsKey("Authorization"));
        Assert.False(second.Requests.Single().Headers.ContainsKey("Authorization"));
        Assert.False(third.Requests.Single().Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData(null, "The hub redirected without a Location header.")]
    [InlineData("ftp://x.example/", "The hub redirected to \"ftp://x.example/\", which must be an absolute http or https URL.")]
    [InlineData("/again", "The hub redirected more than 5 times.")]
    public async Task Post_RedirectToNowhere_SaysWhy(string? location, string expected)
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Redirect(307, location));

        var response = await Client.PostAsync(hub.Url, Message);

        Assert.Equal((HubOutcome.BadRedirect, 307, expected), (response.Outcome, response.StatusCode, response.Explanation));
        Assert.True(hub.Requests.Count <= HubClient.MaxRedirects + 1);
    }

    [Theory]
    [Trait("Req", "S10")]
    [InlineData("http://hub.example/", HubOutcome.BadRedirect, 1)]
    [InlineData("https://other.example/", HubOutcome.Accepted, 2)]
    public async Task Post_SecureHubRedirects_StaysSecure(string location, HubOutcome expected, int requests)
    {
        var seen = new List<Uri>();
        using var http = OutboundHttp.CreateClient(
            new StubHandler(request =>
            {
                seen.Add(request.RequestUri!);
                var response = new HttpResponseMessage(
                    seen.Count == 1 ? System.Net.HttpStatusCode.TemporaryRedirect : System.Net.HttpStatusCode.Accepted
                );
                response.Headers.TryAddWithoutValidation("Location", location);
                return response;
            })
        );

        var response = await new HubClient(http).PostAsync("https://hub.example/", Message);

        Assert.Equal((expected, requests), (response.Outcome, seen.Count));
    }

    [Fact]
    public async Task Post_NoAnswer_TimesOut()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await HttpPeer.StartAsync(Answers.Never(() => clock.Advance(TimeSpan.FromSeconds(3))));

        var response = await new HubClient(HttpPeer.Client, clock) { Timeout = TimeSpan.FromSeconds(2.5) }.PostAsync(hub.Url, Message);

        Assert.Equal((HubOutcome.TimedOut, 0), (response.Outcome, response.StatusCode));
        Assert.Equal($"The hub {hub.Url} did not answer within 2.5 s.", response.Explanation);
    }

    [Fact]
    public async Task Post_AcceptedWithABodyThatNeverEnds_IsAccepted()
    {
        var clock = new FakeTimeProvider();
        using var http = OutboundHttp.CreateClient(
            new StubHandler(_ =>
                new(System.Net.HttpStatusCode.Accepted)
                {
                    Content = new StreamContent(new Stalled(() => clock.Advance(TimeSpan.FromSeconds(11)))),
                }
            )
        );

        var response = await new HubClient(http, clock).PostAsync("https://hub.example/", Message);

        Assert.Equal((HubOutcome.Accepted, 202, "The hub answered 202."), (response.Outcome, response.StatusCode, response.Explanation));
    }

    [Fact]
    public async Task Post_ConnectingTakesTooLong_TimesOut()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(20),
            ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return Stream.Null;
            },
        };
        using var http = OutboundHttp.CreateClient(handler);

        var response = await new HubClient(http).PostAsync("http://hub.example/", Message);

        Assert.Equal(HubOutcome.TimedOut, response.Outcome);
    }

    [Fact]
    public async Task Post_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var hub = await HttpPeer.StartAsync(Answers.Never(cancel.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.PostAsync(hub.Url, Message, cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task Post_ConnectionBreaks_IsUnreachable()
    {
        await using var hub = await HttpPeer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var response = await Client.PostAsync(hub.Url, Message);

        Assert.Equal(HubOutcome.Unreachable, response.Outcome);
    }

    [Theory]
    [InlineData("ftp://hub.example/")]
    [InlineData("hub.example")]
    [InlineData("")]
    public async Task Post_NotAUrl_IsUnreachable(string hub)
    {
        var response = await Client.PostAsync(hub, Message);

        Assert.Equal((HubOutcome.Unreachable, hub), (response.Outcome, response.Hub));
        Assert.StartsWith($"The hub URL \"{hub}\" ", response.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Post_PrivateAddress_IsRefused(string host)
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(202));
        using var http = OutboundHttp.CreateClient(new OutboundOptions());

        var response = await new HubClient(http).PostAsync($"http://{host}:{hub.Port}/", Message);

        Assert.Equal(HubOutcome.AddressRefused, response.Outcome);
        Assert.Contains(AddressGuard.Setting, response.Explanation, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task Post_LongHostileExplanation_IsCutAndCleaned()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(400, "no\u001b[2J\r\nway " + new string('x', 10_000)));

        var response = await Client.PostAsync(hub.Url, Message);

        Assert.StartsWith("The hub answered 400: no [2J way xxx", response.Explanation, StringComparison.Ordinal);
        Assert.True(response.Explanation.Length < 2200);
    }

    [Fact]
    public async Task Post_HtmlExplanation_IsLeftOut()
    {
        await using var hub = await HttpPeer.StartAsync(Answers.Status(502, "<html><h1>Bad gateway</h1></html>"));

        var response = await Client.PostAsync(hub.Url, Message);

        Assert.Equal("The hub answered 502.", response.Explanation);
    }

    [Fact]
    public async Task Post_RetryAfter_IsRead()
    {
        await using var hub = await HttpPeer.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        });

        var response = await Client.PostAsync(hub.Url, Message);

        Assert.Equal(TimeSpan.FromSeconds(120), response.RetryAfter);
    }

    /// <summary>A body that stays away.</summary>
    private sealed class Stalled(Action reading) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            reading();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
