using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub listen</c> against <c>websub hub</c>, each in a separate process, with a real site between them.</summary>
public sealed class ListenCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-listen-test-");

    [Fact]
    public async Task Listen_Json_TellsOfEachStepInOrder()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        var topic = site.Url(FeedSite.Atom);
        await using var listen = ListenProcess.Start(site.Url(FeedSite.Moved), "--json", "--count", "1", "--lease", "1000");
        await hub.SubscribedAsync();

        site.Update();
        await PublishAsync(topic);

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(["discovered", "subscribed", "verified", "notification", "unsubscribed"], listen.Names);
        Assert.All(listen.Events, e => Assert.Equal(topic, e.GetProperty("topic").GetString()));
        var (discovered, subscribed, verified, update) = (listen.Events[0], listen.Events[1], listen.Events[2], listen.Events[3]);
        Assert.Equal(site.Url(FeedSite.Moved), discovered.GetProperty("resource").GetString());
        Assert.Equal(hub.Url, discovered.GetProperty("hubs")[0].GetString());
        Assert.StartsWith("http://localhost:", subscribed.GetProperty("callback").GetString(), StringComparison.Ordinal);
        Assert.Equal(1000, verified.GetProperty("leaseSeconds").GetInt64());
        Assert.Equal("application/atom+xml; charset=utf-8", update.GetProperty("contentType").GetString());
        Assert.Equal(Encoding.UTF8.GetString(site.Body(FeedSite.Atom)), "\uFEFF" + update.GetProperty("body").GetString());
        Assert.Equal("valid", update.GetProperty("signature").GetString());
        Assert.Matches("^[^/]+/1$", update.GetProperty("deliveryId").GetString());
        Assert.StartsWith("sha256=", update.GetProperty("headers").GetProperty("X-Hub-Signature").GetString(), StringComparison.Ordinal);
        Assert.Empty(listen.Complaints);
    }

    [Theory]
    [InlineData(FeedSite.Rss, "body")]
    [InlineData(FeedSite.Html, "body")]
    [InlineData(FeedSite.Json, "body")]
    [InlineData(FeedSite.Binary, "bodyBase64")]
    public async Task Listen_AnyKindOfResource_GetsItsBytes(string path, string property)
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var listen = ListenProcess.Start(site.Url(path), "--json", "--count", "1");
        await hub.SubscribedAsync();

        site.Update();
        await PublishAsync(site.Url(path));

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var body = (await listen.WaitForAsync("notification")).GetProperty(property);
        var bytes = property == "body" ? Encoding.UTF8.GetBytes(body.GetString()!) : body.GetBytesFromBase64();
        Assert.Equal(WithoutByteOrderMark(site.Body(path)), bytes);
    }

    [Fact]
    public async Task Listen_ForPeople_ShowsTitlesOfWhatChanged()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        var topic = site.Url(FeedSite.Rss);
        await using var listen = ListenProcess.Start(topic, "--count", "2");
        await hub.SubscribedAsync();

        site.Update();
        await PublishAsync(topic);
        await listen.Process.WaitForLineAsync("notification");
        site.Update();
        await PublishAsync(topic);

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var output = listen.Process.Lines.Where(l => !l.IsError).Select(l => l.Text).ToList();
        Assert.Matches($@"^\d\d:\d\d:\d\d  discovered    {topic} at {hub.Url}$", output[0]);
        Assert.Matches(@"^\d\d:\d\d:\d\d  subscribed    ", output[1]);
        Assert.Matches(@"^\d\d:\d\d:\d\d  verified      lease 10 days, until .*; deliveries are signed$", output[2]);
        Assert.Matches(@"^\d\d:\d\d:\d\d  notification  application/rss\+xml, [\d,]+ bytes, signature valid$", output[3]);
        // In the first delivery everything is new; the next one is compared with it.
        var second = output.FindLastIndex(l => l.Contains("notification", StringComparison.Ordinal));
        Assert.Equal(
            [
                "Springflut am Sonntag – Fähre fährt früher (5) (new)",
                "Маяк снова работает 🗼 (4) (changed)",
                "Ψαράδες & ναυτικοί: νέο δελτίο καιρού (3) (changed)",
            ],
            output[(second + 1)..^1].Select(l => l.Trim()).Where(l => l.EndsWith(')'))
        );
        Assert.Matches(@"^\d\d:\d\d:\d\d  unsubscribed  ", output[^1]);
    }

    [Fact]
    public async Task Listen_Interrupted_UnsubscribesAndIsDone()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var listen = ListenProcess.Start(site.Url(FeedSite.Atom), "--json");
        await hub.SubscribedAsync();

        await listen.Process.InterruptAsync();

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal("unsubscribed", listen.Names.Last());
        await hub.Process.WaitForLineAsync("unsubscribe of .* verified");
    }

    [Fact]
    public async Task Listen_HubGoneAtTheEnd_SaysThatItIsStillSubscribed()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var listen = ListenProcess.Start(site.Url(FeedSite.Atom), "--json");
        await hub.SubscribedAsync();

        hub.Process.Kill();
        await hub.Process.WaitForExitAsync();
        await listen.Process.TerminateAsync();

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        Assert.StartsWith(
            $"websub: Not unsubscribed: The hub {hub.Url} cannot be reached",
            Assert.Single(listen.Complaints),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Listen_Targets_EachGetsTheBytes()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var receiver = await HubStub.StartAsync(status: 200);
        var topic = site.Url(FeedSite.Binary);
        var saved = Path.Combine(_folder.FullName, "saved");
        var piped = Path.Combine(_folder.FullName, "piped");
        await using var listen = ListenProcess.Start(
            topic,
            "--json",
            "--count",
            "1",
            "--save",
            saved,
            "--forward",
            receiver.Url,
            "--exec",
            $"cat >'{piped}'; echo \"$WEBSUB_TOPIC|$WEBSUB_CONTENT_TYPE|$WEBSUB_DELIVERY_ID|$WEBSUB_SIGNATURE|$WEBSUB_HUB\""
        );
        await hub.SubscribedAsync();

        site.Update();
        await PublishAsync(topic);

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var expected = site.Body(FeedSite.Binary);
        var id = (await listen.WaitForAsync("notification")).GetProperty("deliveryId").GetString();
        var file = Assert.Single(Directory.GetFiles(saved));
        Assert.Equal(".bin", Path.GetExtension(file));
        Assert.Equal(expected, await File.ReadAllBytesAsync(file));
        Assert.Equal(expected, await File.ReadAllBytesAsync(piped));
        Assert.Equal(expected, Assert.Single(receiver.Requests).Body);
        Assert.Equal("application/octet-stream", receiver.Requests[0].ContentType);
        // With --json a command's output goes to stderr.
        Assert.Contains($"{topic}|application/octet-stream|{id}|valid|{hub.Url}", listen.Complaints);
    }

    [Fact]
    public async Task Listen_TargetsFail_GoesOnAndFailsAtTheEnd()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var receiver = await HubStub.StartAsync(status: 503);
        var topic = site.Url(FeedSite.Json);
        await using var listen = ListenProcess.Start(topic, "--json", "--count", "1", "--exec", "exit 7", "--forward", receiver.Url);
        await hub.SubscribedAsync();

        site.Update();
        await PublishAsync(topic);

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        Assert.Equal("unsubscribed", listen.Names.Last());
        Assert.Equal(
            ["websub: The command of --exec ended with exit code 7.", $"websub: {receiver.Url} answered 503 to an update."],
            listen.Complaints
        );
    }

    [Fact]
    public async Task Listen_KilledWithDatabase_ResumesWhatTheFileRemembers()
    {
        await using var hub = await CliHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        var topic = site.Url(FeedSite.Json);
        string[] arguments = [topic, "--json", "--count", "1", "--database", Path.Combine(_folder.FullName, "listen.db")];
        await using (var killed = ListenProcess.Start(arguments))
        {
            await hub.SubscribedAsync();
            killed.Process.Kill();
        }

        await using var listen = ListenProcess.Start(arguments);
        await listen.Process.WaitForLineAsync($"^note: resumed the subscription to {topic.Replace("?", "\\?", StringComparison.Ordinal)}");
        site.Update();
        await PublishAsync(topic);

        // The same callback at the same port: the hub was not asked again.
        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(["discovered", "notification", "unsubscribed"], listen.Names);
    }

    [Fact]
    public async Task Listen_WithHub_NeedsNoDiscovery()
    {
        await using var hub = await CliHub.StartAsync();
        await using var listen = ListenProcess.Start(
            "http://localhost/weather",
            "--hub",
            hub.Url,
            "--json",
            "--count",
            "1",
            "--secret",
            "none"
        );
        await hub.SubscribedAsync();
        var file = Path.Combine(_folder.FullName, "body");
        await File.WriteAllTextAsync(file, "18 °C\n");

        await CliProcess.RunAsync("publish", "http://localhost/weather", "--hub", hub.Url, "--content", file, "--type", "text/plain");

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(["subscribed", "verified", "notification", "unsubscribed"], listen.Names);
        var update = await listen.WaitForAsync("notification");
        Assert.Equal(("18 °C\n", "none"), (update.GetProperty("body").GetString(), update.GetProperty("signature").GetString()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task PublishAsync(string topic)
    {
        var result = await CliProcess.RunAsync("publish", topic);
        Assert.Equal(0, result.ExitCode);
    }

    // As text a body begins after its byte order mark.
    private static ReadOnlySpan<byte> WithoutByteOrderMark(byte[] body) =>
        body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? body.AsSpan(3) : body;
}
