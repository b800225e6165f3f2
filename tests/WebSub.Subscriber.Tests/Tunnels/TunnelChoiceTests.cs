using WebSub.Subscriber.Tunnels;
using Xunit;

namespace WebSub.Subscriber.Tests.Tunnels;

public sealed class TunnelChoiceTests
{
    private static readonly Tunnel ToUs = new("ngrok", "https://ours.example", 5000);
    private static readonly Tunnel Elsewhere = new("ngrok", "https://other.example", 3000);
    private static readonly Tunnel Somewhere = new("cloudflared", "https://quick.example", null);

    [Fact]
    public void SeveralTunnels_OneLeadsToOurPort_IsThat()
    {
        var chosen = TunnelChoice.Of([Elsewhere, Somewhere, ToUs], new HashSet<int> { 5000 }, out var fault);

        Assert.Equal((ToUs, null), (chosen, fault));
    }

    [Fact]
    public void OneTunnel_ItsPortIsUnknown_IsThat()
    {
        var chosen = TunnelChoice.Of([Elsewhere, Somewhere], new HashSet<int> { 5000 }, out _);

        Assert.Equal(Somewhere, chosen);
    }

    [Fact]
    public void OneTunnel_OurPortIsUnknown_IsThat()
    {
        var chosen = TunnelChoice.Of([Elsewhere], new HashSet<int>(), out _);

        Assert.Equal(Elsewhere, chosen);
    }

    [Fact]
    public void HttpAndHttpsOfOneHost_AreOneTunnel_IsHttps()
    {
        var chosen = TunnelChoice.Of([ToUs with { Url = "http://ours.example" }, ToUs], new HashSet<int>(), out _);

        Assert.Equal(ToUs, chosen);
    }

    [Fact]
    public void OneTunnel_LeadsToAnotherPort_IsRefusedWithBothPorts()
    {
        var chosen = TunnelChoice.Of([Elsewhere], new HashSet<int> { 5001, 5000 }, out var fault);

        Assert.Null(chosen);
        Assert.Equal("no tunnel leads to port 5000 or 5001, where this app listens: https://other.example (ngrok to port 3000)", fault);
    }

    [Fact]
    public void SeveralTunnels_NoPortIsKnown_AreRefusedByName()
    {
        var chosen = TunnelChoice.Of([Elsewhere, Somewhere], new HashSet<int>(), out var fault);

        Assert.Null(chosen);
        Assert.Equal(
            "there is more than one tunnel, and it is not clear which is this app's: "
                + "https://other.example (ngrok to port 3000), https://quick.example (cloudflared)",
            fault
        );
    }
}
