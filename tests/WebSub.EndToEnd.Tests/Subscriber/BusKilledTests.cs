using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>Notifications on a real RabbitMQ with a quorum queue, while everything is killed in turn.</summary>
[Trait("Starts", "PostgreSql")]
public sealed class BusKilledTests(PostgreSqlServer server) : IDisposable
{
    private const int Each = 6;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-bus-").FullName;
    private readonly Gate _gate = new();
    private readonly ConcurrentQueue<string> _finished = new();
    private readonly TaskCompletionSource<string> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Bus_ConsumerKilled_KeepsTheOrderAndBrokerAndWebNodeKilled_LosesNothing()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var report = await LoopbackServer.StartAsync(ReportAsync);
        await using var hub = await FakeHub.StartAsync();
        var settings = Settings(broker, hub, await server.CreateDatabaseAsync(), ("SingleActiveConsumer", "true"));
        await using var web = await SubscriberProcess.StartAsync(Program, _folder, settings);
        await using var one = StartConsumer(broker, report.Url, "--SingleActiveConsumer=true");
        await using var two = StartConsumer(broker, report.Url, "--SingleActiveConsumer=true");
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await hub.VerifyAsync(request)).Status);

        // The consumer that has the queue is killed in the middle of its work; the other one goes on.
        await DeliverAsync(hub, request, 0, Each);
        var holder = await _held.Task.WaitAsync(Recovery);
        var dead = holder == $"{one.Id}" ? one : two;
        dead.Kill();
        await dead.WaitForExitAsync();
        _gate.Open();
        await HandledAsync(_half);
        var order = _finished.Distinct(StringComparer.Ordinal).ToList();
        // The broker is killed; what comes meanwhile waits in the outbox, and then the web node is killed, too.
        await broker.Nodes[0].KillAsync();
        await DeliverAsync(hub, request, Each, 2 * Each);
        web.Process.Kill();
        await web.Process.WaitForExitAsync();
        await broker.Nodes[0].RunAsync();
        await using var next = await SubscriberProcess.StartAsync(Program, _folder, settings);
        await HandledAsync(_all);

        Assert.Equal(Enumerable.Range(0, Each).Select(Reported), order);
        Assert.Equal(Bodies(), _finished.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bus_EachOfThreeBrokersKilledOnce_LosesNothing()
    {
        await using var broker = await RabbitMqServer.StartAsync(nodes: 3);
        await using var report = await LoopbackServer.StartAsync(ReportAsync);
        await using var hub = await FakeHub.StartAsync();
        _gate.Open();
        await using var web = await SubscriberProcess.StartAsync(
            Program,
            _folder,
            Settings(broker, hub, await server.CreateDatabaseAsync())
        );
        await using var one = StartConsumer(broker, report.Url);
        await using var two = StartConsumer(broker, report.Url);
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await hub.VerifyAsync(request)).Status);

        // One of them leads the queue, and each process is connected to one of them.
        var sent = 0;
        foreach (var node in broker.Nodes)
        {
            await DeliverAsync(hub, request, sent, sent + 2);
            await node.KillAsync();
            await DeliverAsync(hub, request, sent + 2, sent += Each * 2 / broker.Nodes.Count);
            await node.RunAsync();
        }

        await HandledAsync(_all);

        Assert.Equal(Bodies(), _finished.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bus_WithoutADurableOutbox_IsRefusedAndTheNotificationStays()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var web = await SubscriberProcess.StartAsync(
            Program,
            _folder,
            ("ConnectionStrings:WebSubSubscriber", $"Data Source={Path.Combine(_folder, "app.db")}"),
            ("WebSub:Subscriber:Subscriptions:0:Handler", "news"),
            ("WebSub:Subscriber:Subscriptions:0:Topic", "https://news.example/feed"),
            ("WebSub:Subscriber:Subscriptions:0:Hub", hub.Url)
        );
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await hub.VerifyAsync(request)).Status);

        var answer = await hub.DeliverAsync(request, "one");
        var refused = await web.Process.WaitForLineAsync("local://news/? has no durable outbox.*UseDurableLocalQueues");
        var retried = await web.Process.WaitForLineAsync("failed on attempt 2; retrying");

        Assert.Equal(200, answer.Status);
        Assert.True(refused.Success && retried.Success);
    }

    public void Dispose()
    {
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Program => Repository.Program(Path.Combine("tests", "Programs"), "BusSubscriber");

    private async Task HandledAsync(TaskCompletionSource enough)
    {
        if (await Task.WhenAny(enough.Task, Task.Delay(Recovery, TimeProvider.System)) != enough.Task)
            Assert.Fail($"In {Recovery.TotalSeconds} s only these were handled: {string.Join(", ", _finished)}.");
    }

    private static IEnumerable<string> Bodies() => Enumerable.Range(0, 2 * Each).Select(Reported).Order(StringComparer.Ordinal);

    // One of them is larger than what travels with messages.
    private static string Reported(int number) => number == 1 ? "2000 bytes" : $"{number}";

    private static async Task DeliverAsync(FakeHub hub, FakeHubRequest request, int from, int to)
    {
        for (var n = from; n < to; n++)
            Assert.Equal(200, (await hub.DeliverAsync(request, n == 1 ? new string('x', 2000) : $"{n}")).Status);
    }

    private static (string, string)[] Settings(RabbitMqServer broker, FakeHub hub, string database, params (string, string)[] more) =>
        [
            ("ConnectionStrings:WebSubSubscriber", database),
            ("RabbitMq", broker.Url),
            ("WebSub:Subscriber:Subscriptions:0:Handler", "news"),
            ("WebSub:Subscriber:Subscriptions:0:Topic", "https://news.example/feed"),
            ("WebSub:Subscriber:Subscriptions:0:Hub", hub.Url),
            .. more,
        ];

    private RunningProcess StartConsumer(RabbitMqServer broker, string report, params string[] more) =>
        ServerProcess.Start(Program, ["--Consumer=true", "--RabbitMq", broker.Url, "--Report", report, .. more], workingDirectory: _folder);

    private async Task ReportAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var parts = (await reader.ReadToEndAsync()).Split(' ', 2);
        if (parts[1] == "2" && _held.TrySetResult(parts[0]))
            await _gate.PassAsync();
        if (context.RequestAborted.IsCancellationRequested)
            return;
        _finished.Enqueue(parts[1]);
        var count = _finished.Distinct(StringComparer.Ordinal).Count();
        if (count == Each)
            _half.TrySetResult();
        if (count == 2 * Each)
            _all.TrySetResult();
    }
}
