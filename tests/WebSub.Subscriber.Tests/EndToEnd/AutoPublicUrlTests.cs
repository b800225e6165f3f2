using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Tunnels;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary><c>PublicUrl=auto</c> in an app that starts.</summary>
public sealed class AutoPublicUrlTests
{
    private static readonly (string, string) Auto = ("WebSub:Subscriber:PublicUrl", "Auto");

    [Fact]
    public async Task PublicUrlIsAuto_NgrokRuns_HubGetsTheTunnelsCallback()
    {
        await using var ngrok = await FakePublisher.StartAsync();
        ngrok.Set("/api/tunnels", """{"tunnels":[{"public_url":"https://a1b2.ngrok-free.app"}]}""");
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync(ngrok.Url("")[..^1]);

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("t", hub.Url), "news");
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("https://a1b2.ngrok-free.app/websub/news/", request.Callback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublicUrlIsAuto_NoTunnelRuns_StartFailsWithASentenceThatSaysWhereItLooked()
    {
        await using var nobody = await FakePublisher.StartAsync();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(nobody.Url("")[..^1]));

        Assert.StartsWith(
            $"WebSub:Subscriber:PublicUrl is \"auto\", but no tunnel was found: ngrok was asked at {nobody.Url("")[..^1]}, ",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("VS_TUNNEL_URL", e.Message, StringComparison.Ordinal);
        Assert.Contains("ngrok http 5000", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublicUrlIsAuto_TunnelLeadsToAnotherPort_StartFailsAndNamesBoth()
    {
        await using var ngrok = await FakePublisher.StartAsync();
        ngrok.Set("/api/tunnels", """{"tunnels":[{"public_url":"https://a.example","config":{"addr":"http://localhost:3000"}}]}""");

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(ngrok.Url("")[..^1], ("urls", "http://*:5092;http://[::1]:5093/"), ("http_ports", "5094;0"))
        );

        Assert.Contains(
            "no tunnel leads to port 5092 or 5093 or 5094, where this app listens: https://a.example (ngrok to port 3000)",
            e.Message,
            StringComparison.Ordinal
        );
    }

    private static Task<SubscriberApp> StartAsync(string ngrok, params (string, string)[] settings) =>
        SubscriberApp.StartAsync(
            build: b =>
                b.Services.AddSingleton(
                    new TunnelPlaces
                    {
                        Ngrok = [ngrok],
                        Cloudflared = [],
                        Variable = _ => null,
                    }
                ),
            settings: [Auto, .. settings]
        );
}
