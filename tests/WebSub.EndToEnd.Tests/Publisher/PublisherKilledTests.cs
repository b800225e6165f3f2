using System.Diagnostics;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Publisher;

/// <summary>A hub that is down, and a publisher that is killed meanwhile: every update arrives, once.</summary>
[Trait("Req", "P5")]
public sealed class PublisherKilledTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-killed-").FullName;

    [Fact]
    public async Task Publish_HubDownAndPublisherKilled_EveryPingArrivesOnceCoalesced()
    {
        // The schedule is a sixtieth of a usual one, so seconds here are what minutes are elsewhere.
        var port = FreePort.Next();
        var first = await StartAsync(port);
        await using (first)
        {
            for (var i = 0; i < 10; i++)
                await first.PostAsync($"post {i}");
            await first.WaitForLineAsync("Could not tell the hub .* cannot be reached");
            await first.KillAsync();
        }

        var second = await StartAsync(port);
        await using (second)
        {
            await second.WaitForLineAsync("Could not tell the hub .* cannot be reached");
            for (var i = 0; i < 5; i++)
                await second.PostAsync($"more {i}");
            await second.KillAsync();
        }

        await using var third = await StartAsync(port);
        await third.WaitForLineAsync("Could not tell the hub .* cannot be reached");
        await using var hub = await HubStub.StartAsync(port: port);
        await third.WaitForLineAsync("that https://blog.example/ changed; it answered 202");
        await third.WaitForLineAsync("that https://blog.example/feed changed; it answered 202");

        Assert.Equal(
            ["https://blog.example/", "https://blog.example/feed"],
            hub.Requests.Select(r => r.Fields[HubParameters.Topic]).Order()
        );
        var state = await third.GetAsync("/hubs");
        Assert.Equal(2, state.Split("knows update 15 of 15").Length - 1);
        Assert.DoesNotContain("attempts failed", state, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_KilledWhileTheHubAnswers_IsSentAgain()
    {
        var port = FreePort.Next();
        var asked = new TaskCompletionSource();
        await using (
            var silent = await LoopbackServer.StartAsync(
                async context =>
                {
                    asked.TrySetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                },
                port
            )
        )
        {
            await using var killed = await StartAsync(port, ("WebSub:Publisher:TimeoutSeconds", "5"));
            await killed.PostAsync("a post");
            await asked.Task.WaitAsync(Deadline.Default);
            await killed.KillAsync();
        }

        await using var hub = await HubStub.StartAsync(port: port);
        var waited = Stopwatch.StartNew();
        await using var next = await StartAsync(port);
        await next.WaitForLineAsync("that https://blog.example/ changed; it answered 202");
        await next.WaitForLineAsync("that https://blog.example/feed changed; it answered 202");

        Assert.Equal(2, hub.Requests.Count);
        // The killed process's claim has ended by itself: twice its time-out and five seconds.
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Deadline.Default);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<PublisherProcess> StartAsync(int hubPort, params (string Name, string Value)[] settings) =>
        PublisherProcess.StartAsync(
            "FeedPublisher",
            _folder,
            [
                ("WebSub:Publisher:Hubs", $"http://127.0.0.1:{hubPort}/hub"),
                ("WebSub:Publisher:PublicUrl", "https://blog.example"),
                ("WebSub:Publisher:TimeoutSeconds", "1"),
                ("WebSub:Publisher:RetrySeconds", "1"),
                ("WebSub:Publisher:CheckAtStart", "false"),
                .. settings,
            ]
        );
}
