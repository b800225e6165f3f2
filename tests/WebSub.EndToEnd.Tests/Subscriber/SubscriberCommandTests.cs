using System.Text.Json;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>The commands of a sample, in processes of their own, while the sample runs on the same SQLite file.</summary>
public sealed class SubscriberCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Commands_BesideTheRunningSample_ListRenewAndUnsubscribe()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        (string Name, string Value)[] settings =
        [
            ("WebSub:Subscriber:DefaultHub", hub.Url),
            ("WebSub:Subscriber:Subscriptions:0:Resource", site.Url(FeedSite.Html)),
            ("WebSub:Subscriber:UnsubscribeOnShutdown", "false"),
        ];
        await using var app = await SubscriberProcess.StartSampleAsync("DeclarativeSubscriber", _folder, settings);
        for (var i = 0; i < 3; i++)
            await hub.VerifyAsync(await hub.NextRequestAsync(TestContext.Current.CancellationToken));
        (string, string)[] beside = [.. settings, ("WebSub:Subscriber:PublicUrl", app.Url)];

        var list = await RunAsync(beside, "list");
        var renewing = RunAsync(beside, "renew", "audit", "--wait");
        var renewal = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        await hub.VerifyAsync(renewal, 7200);
        var renewed = await renewing;
        var unsubscribing = RunAsync(beside, "unsubscribe", "posts", "--wait");
        var end = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        await hub.VerifyAsync(end);
        var unsubscribed = await unsubscribing;
        var unknown = await RunAsync(beside, "show", "nothing");

        Assert.Equal(["audit", "page", "posts"], list.Output.Select(l => Property(l, "handler")).Order());
        Assert.All(list.Output, l => Assert.Equal("active", Property(l, "state")));
        Assert.Equal((0, "subscribe", "active"), (renewed.ExitCode, renewal.Mode, Property(Assert.Single(renewed.Output), "state")));
        Assert.Equal(
            (0, "unsubscribe", "unsubscribed"),
            (unsubscribed.ExitCode, end.Mode, Property(Assert.Single(unsubscribed.Output), "state"))
        );
        Assert.Equal(1, unknown.ExitCode);
        Assert.Empty(unknown.Output);
        Assert.Contains("websub list", Assert.Single(unknown.Error), StringComparison.Ordinal);
    }

    private static string? Property(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).GetString();
    }

    private Task<CliResult> RunAsync((string Name, string Value)[] settings, params string[] command) =>
        CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                Repository.Program("samples", "DeclarativeSubscriber"),
                "websub",
                .. settings.SelectMany(s => new[] { "--" + s.Name, s.Value }),
                .. command,
            ],
            workingDirectory: _folder
        );
}
