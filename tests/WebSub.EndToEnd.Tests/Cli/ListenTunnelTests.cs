using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>listen --public-url auto</c>.</summary>
public sealed class ListenTunnelTests
{
    [Fact]
    public async Task Auto_Tunnel_GivesTheHubItsAddress()
    {
        await using var hub = await FakeHub.StartAsync();
        var port = FreePort.Next();
        await using var listen = RunningProcess.Start(
            Repository.DotNet,
            [Repository.Cli, "listen", "x", "--hub", hub.Url, "--public-url", "auto", "--port", $"{port}", "--count", "1"],
            // The tunnel of this test leads straight to the port.
            new Dictionary<string, string?> { ["VS_TUNNEL_URL"] = $"http://127.0.0.1:{port}/" }
        );

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        await hub.DeliverAsync(request, "hello");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.WaitForExitAsync());
        Assert.StartsWith($"http://127.0.0.1:{port}/websub/", request.Callback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auto_NoTunnel_SaysWhereItLooked()
    {
        var environment = new Dictionary<string, string?> { ["VS_TUNNEL_URL"] = null, ["TUNNEL_METRICS"] = "127.0.0.1:1" };

        var result = await CliProcess.RunAsync(["listen", "x", "--hub", "http://localhost:1/", "--public-url", "auto"], environment);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--public-url is auto, but no tunnel was found: ngrok was asked at ", result.Error[^1], StringComparison.Ordinal);
        Assert.Contains("--port 8080", result.Error[^1], StringComparison.Ordinal);
    }
}
