using WebSub.Subscriber.Tunnels;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.Tunnels;

/// <summary>Against stand-ins of the programs' local APIs.</summary>
public sealed class TunnelSearchTests
{
    [Fact]
    public async Task Ngrok_HasTunnels_AreFoundWithTheirPorts()
    {
        await using var ngrok = await FakePublisher.StartAsync();
        ngrok.Set(
            "/api/tunnels",
            FakeResource.FromString(
                """
                {"tunnels":[
                  {"name":"command_line","uri":"/api/tunnels/command_line","public_url":"https://a1b2.ngrok-free.app","proto":"https",
                   "config":{"addr":"http://localhost:5000","inspect":true},"metrics":{}},
                  {"name":"plain","public_url":"http://c3d4.ngrok.io","proto":"http","config":{"addr":"localhost:5001"}},
                  {"name":"number","public_url":"https://e5f6.ngrok.io","config":{"addr":"5002"}},
                  {"name":"ssh","public_url":"tcp://0.tcp.ngrok.io:12345","proto":"tcp","config":{"addr":"localhost:22"}},
                  {"name":"broken","public_url":7},
                  {"public_url":"https://g7h8.ngrok.io"}],"uri":"/api/tunnels"}
                """,
                "application/json"
            )
        );

        var found = await FindAsync(ngrok: Place(ngrok));

        Assert.Equal(
            [
                new("ngrok", "https://a1b2.ngrok-free.app", 5000),
                new("ngrok", "http://c3d4.ngrok.io", 5001),
                new("ngrok", "https://e5f6.ngrok.io", 5002),
                new("ngrok", "https://g7h8.ngrok.io", null),
            ],
            found
        );
    }

    [Fact]
    public async Task Cloudflared_HasAQuickTunnel_IsFound()
    {
        await using var cloudflared = await FakePublisher.StartAsync();
        cloudflared.Set("/quicktunnel", FakeResource.FromString("""{"hostname":"blue-cat.trycloudflare.com"}"""));

        var found = await FindAsync(cloudflared: Place(cloudflared));

        Assert.Equal([new("cloudflared", "https://blue-cat.trycloudflare.com", null)], found);
    }

    [Fact]
    public async Task Cloudflared_WasGivenAMetricsAddress_IsAskedThere()
    {
        await using var cloudflared = await FakePublisher.StartAsync();
        cloudflared.Set("/quicktunnel", FakeResource.FromString("""{"hostname":"blue-cat.trycloudflare.com"}"""));
        var port = new Uri(cloudflared.Url()).Port;

        var found = await FindAsync(variable: ("TUNNEL_METRICS", $"0.0.0.0:{port}"));

        Assert.Single(found);
    }

    [Fact]
    public async Task DevTunnel_IsInTheEnvironment_IsTakenWithoutAsking()
    {
        await using var ngrok = await FakePublisher.StartAsync();

        var found = await FindAsync(ngrok: Place(ngrok), variable: ("VS_TUNNEL_URL", "https://x-5000.euw.devtunnels.ms/"));

        Assert.Equal([new("dev tunnel", "https://x-5000.euw.devtunnels.ms/", null)], found);
        Assert.Empty(ngrok.Fetches);
    }

    [Theory]
    [InlineData("<html>another program</html>")]
    [InlineData("[]")]
    [InlineData("""{"tunnels":{},"hostname":["x"]}""")]
    [InlineData("""{"tunnels":[7,null,{"public_url":"https://x.example/?a"},{"public_url":"ftp://x"}],"hostname":""}""")]
    [InlineData("""{"tunnels":"x","hostname":"a b"}""")]
    public async Task Ports_AreAnotherProgrammes_NothingIsFound(string answer)
    {
        await using var other = await FakePublisher.StartAsync();
        other.Set("/api/tunnels", answer);
        other.Set("/quicktunnel", answer);

        var found = await FindAsync(Place(other), Place(other));

        Assert.Empty(found);
        Assert.Equal(2, other.Fetches.Count);
    }

    [Fact]
    public async Task Program_RedirectsElsewhere_IsNotFollowed()
    {
        await using var other = await FakePublisher.StartAsync();
        other.Set("/elsewhere", """{"hostname":"evil.example"}""");
        other.Set(
            "/quicktunnel",
            new FakeResource
            {
                Body = [],
                Status = 302,
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = other.Url("elsewhere") },
            }
        );

        var found = await FindAsync(cloudflared: Place(other));

        Assert.Empty(found);
    }

    [Fact]
    public async Task Program_NeverAnswers_OthersAreFoundAllTheSame()
    {
        await using var silent = await FakePublisher.StartAsync();
        var never = new TaskCompletionSource();
        silent.Before = _ => never.Task;
        await using var cloudflared = await FakePublisher.StartAsync();
        cloudflared.Set("/quicktunnel", FakeResource.FromString("""{"hostname":"blue-cat.trycloudflare.com"}"""));

        var found = await FindAsync(Place(silent), Place(cloudflared), patience: TimeSpan.FromSeconds(5));
        never.SetResult();

        Assert.Equal("cloudflared", Assert.Single(found).Program);
    }

    private static Task<IReadOnlyList<Tunnel>> FindAsync(
        string? ngrok = null,
        string? cloudflared = null,
        (string Name, string Value)? variable = null,
        TimeSpan? patience = null
    ) =>
        new TunnelSearch(
            new()
            {
                Ngrok = ngrok is null ? [] : [ngrok],
                Cloudflared = cloudflared is null ? [] : [cloudflared],
                Variable = name => name == variable?.Name ? variable?.Value : null,
                Patience = patience ?? TimeSpan.FromSeconds(30),
            }
        ).FindAsync(TestContext.Current.CancellationToken);

    private static string Place(FakePublisher program) => program.Url("")[..^1];
}
