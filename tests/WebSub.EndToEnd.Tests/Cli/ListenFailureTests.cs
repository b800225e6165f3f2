using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub listen</c> when it cannot work: one sentence, no waiting for retries, exit code 1 or 2.</summary>
public sealed class ListenFailureTests
{
    [Fact]
    public async Task Listen_PublicHubPrivateCallback_IsRefusedBeforeAnythingIsSent()
    {
        // A literal address, so that no name server has a say; nothing is sent to it.
        await using var site = await FeedSite.StartAsync("https://93.184.215.14/hub");

        var result = await CliProcess.RunAsync("listen", site.Url(FeedSite.Atom), "--port", "18099");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "websub: The hub https://93.184.215.14/hub is public and cannot reach http://localhost:18099, which is private; nothing was "
                + "sent.",
            result.Error
        );
        Assert.Contains(
            result.Error,
            line => line.Contains("--public-url https://", StringComparison.Ordinal) && line.Contains("tunnel", StringComparison.Ordinal)
        );
        Assert.Contains(result.Error, line => line.Contains("--stream", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "https://93.184.215.14/hub",
        "http://192.168.1.5:18098",
        "is public and cannot reach http://192.168.1.5:18098, which is private"
    )]
    [InlineData(
        "http://192.168.1.5/hub",
        "http://localhost:18098",
        "is another machine and cannot reach http://localhost:18098, which is this one"
    )]
    public async Task Listen_CallbackOutOfReach_IsRefused(string hub, string publicUrl, string why)
    {
        var result = await CliProcess.RunAsync("listen", "a topic", "--hub", hub, "--public-url", publicUrl);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"websub: The hub {hub} {why}; nothing was sent.", result.Error);
    }

    [Fact]
    public async Task Listen_Denied_FailsWithTheHubsReason()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var listen = ListenProcess.Start(site.Url(FeedSite.Atom), "--json");
        var request = await hub.NextRequestAsync();
        await listen.WaitForAsync("subscribed");

        await hub.DenyAsync(request, "nur für Mitglieder");

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        Assert.Equal(["discovered", "subscribed", "denied"], listen.Names);
        Assert.Equal("nur für Mitglieder", listen.Events[^1].GetProperty("reason").GetString());
        Assert.Equal(["websub: The hub denied the subscription: nur für Mitglieder"], listen.Complaints);
    }

    [Fact]
    public async Task Listen_HubRefuses_FailsWithItsWords()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Answer = new() { Status = 403, Body = "Not you." };
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json");

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        Assert.Equal(["failed"], listen.Names);
        Assert.Equal(["websub: The hub answered 403: Not you."], listen.Complaints);
    }

    [Fact]
    public async Task Listen_HubsSiteInsteadOfItsEndpoint_SaysSo()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Answer = new() { Status = 405, Body = "" };
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url);

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        Assert.Equal(["websub: The hub answered 405. Is that the hub's endpoint? That of websub hub ends with /hub."], listen.Complaints);
    }

    [Fact]
    public async Task Listen_InterruptedBeforeTheHubAskedBack_IsDone()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json");
        await listen.WaitForAsync("subscribed");

        await listen.Process.InterruptAsync();

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(["subscribe", "unsubscribe"], hub.Requests.Select(r => r.Mode));
        Assert.Empty(listen.Complaints);
    }

    [Fact]
    public async Task Listen_HubUnreachable_FailsAtOnce()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: connections are refused
        var hub = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/hub";
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub, "--json");

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        Assert.Equal(["failed"], listen.Names);
        Assert.StartsWith($"websub: The hub {hub} cannot be reached: ", Assert.Single(listen.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_BadSignature_IsRejectedAndTold()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start(
            "http://localhost/x",
            "--hub",
            hub.Url,
            "--json",
            "--count",
            "1",
            "--secret",
            "s3cret"
        );
        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);

        var forged = await hub.DeliverAsync(request, new() { Body = "forged"u8.ToArray(), Secret = "guessed" });
        var genuine = await hub.DeliverAsync(request, "genuine");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal((403, 200), (forged.Status, genuine.Status));
        Assert.Equal("s3cret", request.Secret);
        Assert.Equal(["subscribed", "verified", "rejected", "notification", "unsubscribed"], listen.Names);
        Assert.Contains("signature", listen.Events[2].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("genuine", listen.Events[3].GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==", "body", "hello")] // gzip
    [InlineData("bm90IGd6aXA=", "bodyBase64", "bm90IGd6aXA=")] // a lie: shown as it came
    public async Task Listen_CompressedDelivery_IsUndoneIfItCanBe(string sent, string property, string shown)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--count", "1");
        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);

        await hub.DeliverAsync(
            request,
            new()
            {
                Body = Convert.FromBase64String(sent),
                ContentType = "text/plain",
                Headers = [new("Content-Encoding", "gzip")],
            }
        );
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(shown, (await listen.WaitForAsync("notification")).GetProperty(property).GetString());
    }

    [Fact]
    public async Task Listen_ShortLease_IsRenewed()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--lease", "77");
        var first = await hub.NextRequestAsync();
        await hub.VerifyAsync(first, leaseSeconds: 1);

        var second = await hub.NextRequestAsync();
        await hub.VerifyAsync(second, leaseSeconds: 500);
        await listen.Process.WaitForLineAsync("\"leaseSeconds\":500,");

        Assert.Equal("77", first.LeaseSeconds);
        Assert.Equal(first.Callback, second.Callback);
        // A very slow machine sees it expire before.
        Assert.Contains(listen.Names.Last(), new[] { "renewed", "verified" });
    }

    [Fact]
    public async Task Listen_NoHub_FailsAsDiscoverDoes()
    {
        await using var site = await FeedSite.StartAsync("https://hub.example/");
        site.Put("/plain", new("text/plain", "nothing"u8.ToArray()));

        var result = await CliProcess.RunAsync("listen", site.Url("/plain"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(site.Url("/plain"), result.Error[^1], StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Listen_PortInUse_IsOneSentence()
    {
        await using var hub = await FakeHub.StartAsync();
        var port = new Uri(hub.Url).Port;

        var result = await CliProcess.RunAsync("listen", "x", "--hub", hub.Url, "--port", $"{port}");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"websub: Port {port} cannot be used: ", result.Error[^1], StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData("--api-key k3y", true)]
    [InlineData("--hub", true)]
    [InlineData("", false)]
    public async Task Listen_WithAnApiKey_SendsItToTheHubThatIsMeant(string options, bool isSent)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Answer = new() { Status = 403 };
        var seen = new ConcurrentQueue<string>();
        await using var page = await LoopbackServer.StartAsync(c =>
        {
            seen.Enqueue($"{c.Request.Headers.Authorization}");
            c.Response.Headers.Link = $"<{hub.Url}>; rel=\"hub\", <http://{c.Request.Host}/>; rel=\"self\"";
            return Task.CompletedTask;
        });
        string[] more = options == "--hub" ? ["--hub", hub.Url] : options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // What is in the environment was not meant for whatever hub a page names.
        var environment = new Dictionary<string, string?> { ["WEBSUB_API_KEY"] = more is ["--api-key", ..] ? null : "k3y" };

        var result = await CliProcess.RunAsync(["listen", page.Url, .. more], environment);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(isSent ? "Bearer k3y" : null, Assert.Single(hub.Requests).Headers.GetValueOrDefault("Authorization"));
        Assert.All(seen, Assert.Empty);
    }

    [Fact]
    public async Task Listen_FolderCannotBeMade_IsOneSentence()
    {
        await using var hub = await FakeHub.StartAsync();

        var result = await CliProcess.RunAsync("listen", "x", "--hub", hub.Url, "--save", "/dev/null/updates");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("websub: --save /dev/null/updates cannot be made: ", result.Error[^1], StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData("--port is for a subscription; --stream makes none.", "https://a.example/", "--stream", "--port", "8099")]
    [InlineData("--after goes with --stream.", "https://a.example/", "--after", "1")]
    [InlineData("--filter is empty.", "https://a.example/", "--filter", "")]
    [InlineData(
        "--filter \"$.a[\" is not a JSONPath that can be used: Path ended with open indexer. For example $.order[?@.price > 100] and "
            + "$[\"title\"] can.",
        "https://a.example/",
        "--filter",
        "$.a["
    )]
    [InlineData(
        "--filter \"$.a[?!@.b]\" is not a JSONPath that can be used: \"!\" is not supported. For example $.order[?@.price > 100] and "
            + "$[\"title\"] can.",
        "https://a.example/",
        "--filter",
        "$.a[?!@.b]"
    )]
    [InlineData(
        "--filter \"$.a[?length(@.b) > 1]\" is not a JSONPath that can be used: Unexpected character while parsing path query: l. "
            + "For example $.order[?@.price > 100] and $[\"title\"] can; functions such as length() cannot.",
        "https://a.example/",
        "--filter",
        "$.a[?length(@.b) > 1]"
    )]
    [InlineData("URL \"blog.example\" must be an absolute http or https URL; did you mean https://blog.example?", "blog.example")]
    [InlineData(
        "--hub \"hub.example\" must be an absolute http or https URL; did you mean https://hub.example?",
        "https://a.example/",
        "--hub",
        "hub.example"
    )]
    [InlineData("--count \"0\" must be a whole number from 1.", "https://a.example/", "--count", "0")]
    [InlineData("--lease \"1d\" must be a whole number from 1.", "https://a.example/", "--lease", "1d")]
    [InlineData("--port \"0\" must be a whole number from 1 to 65535.", "https://a.example/", "--port", "0")]
    [InlineData("--secret is empty; --secret none subscribes without one.", "https://a.example/", "--secret", "")]
    [InlineData(
        "--public-url \"https://me.example/?a=b\" has a query or a fragment; it is the start of the callback.",
        "https://a.example/",
        "--public-url",
        "https://me.example/?a=b"
    )]
    [InlineData("--exec is empty.", "https://a.example/", "--exec", " ")]
    [InlineData("listen needs <URL>, for example \"websub listen https://blog.example/ --port 8080 --public-url https://tunnel.example\".")]
    public async Task Listen_Mistake_IsBadUsage(string complaint, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(["listen", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal($"websub: {complaint} See websub listen --help.", result.Complaint);
    }
}
