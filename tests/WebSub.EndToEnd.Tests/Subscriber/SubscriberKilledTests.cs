using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>Two processes of one app on one PostgreSQL, one of which is killed in the middle of a handler.</summary>
[Trait("Starts", "PostgreSql")]
[Trait("Req", "S25")]
public sealed class SubscriberKilledTests(PostgreSqlServer server) : IDisposable
{
    private const string Topic = "https://news.example/feed";

    // The others take over within a second or two; on a busy machine later, but before the claim ends, which is after a minute.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(40);
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-killed-").FullName;
    private readonly Channel<(int Process, string Text)> _reports = Channel.CreateUnbounded<(int Process, string Text)>();
    private readonly ConcurrentQueue<string> _finished = new();

    [Fact]
    public async Task Handler_ItsProcessIsKilled_TheOtherFinishesInOrder()
    {
        using var gate = new Gate();
        await using var report = await LoopbackServer.StartAsync(context => ReportAsync(context, gate));
        await using var hub = await FakeHub.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var one = await StartAsync(database, hub.Url, report.Url, publicUrl: null);
        await using var two = await StartAsync(database, hub.Url, report.Url, publicUrl: one.Url);

        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await hub.VerifyAsync(request)).Status);
        foreach (var text in new[] { "before", "held", "behind" })
            Assert.Equal(200, (await hub.DeliverAsync(request, text)).Status);
        var before = await NextAsync();
        var held = await NextAsync();
        var (dead, alive) = held.Process == one.Process.Id ? (one, two) : (two, one);
        dead.Process.Kill();
        await dead.Process.WaitForExitAsync();
        gate.Open();
        Assert.Equal(200, (await hub.DeliverAsync(At(request, alive), "after")).Status);
        var rest = new[] { await NextAsync(), await NextAsync(), await NextAsync() };

        Assert.Equal(("before", "held"), (before.Text, held.Text));
        Assert.Equal([(alive.Process.Id, "held"), (alive.Process.Id, "behind"), (alive.Process.Id, "after")], rest);
        // Each was finished once; of the killed one nothing but the beginning was seen.
        Assert.Equal(["before", "held", "behind", "after"], _finished);
        Assert.Single(hub.Requests);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static FakeHubRequest At(FakeHubRequest request, SubscriberProcess process) =>
        request with
        {
            Fields = new([
                .. request.Fields.Items.Select(f =>
                    f.Key == HubParameters.Callback ? KeyValuePair.Create(f.Key, process.Url + new Uri(f.Value).AbsolutePath) : f
                ),
            ]),
        };

    private Task<SubscriberProcess> StartAsync(string database, string hub, string report, string? publicUrl) =>
        SubscriberProcess.StartAsync(
            Repository.Program(Path.Combine("tests", "Programs"), "ReportingSubscriber"),
            _folder,
            [
                ("ConnectionStrings:WebSubSubscriber", database),
                ("Report", report),
                ("WebSub:Subscriber:Subscriptions:0:Handler", "news"),
                ("WebSub:Subscriber:Subscriptions:0:Topic", Topic),
                ("WebSub:Subscriber:Subscriptions:0:Hub", hub),
                .. publicUrl is null ? Array.Empty<(string, string)>() : [("WebSub:Subscriber:PublicUrl", publicUrl)],
            ]
        );

    private async Task ReportAsync(HttpContext context, Gate gate)
    {
        using var reader = new StreamReader(context.Request.Body);
        var parts = (await reader.ReadToEndAsync()).Split(' ', 2);
        await _reports.Writer.WriteAsync((int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]));
        if (parts[1] == "held")
            await gate.PassAsync();
        if (!context.RequestAborted.IsCancellationRequested)
            _finished.Enqueue(parts[1]);
    }

    private async Task<(int Process, string Text)> NextAsync() =>
        await _reports.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Recovery);
}
