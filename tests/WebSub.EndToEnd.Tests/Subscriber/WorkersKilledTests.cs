using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>A web node and two workers without a web server on one PostgreSQL; each of them is killed in turn.</summary>
[Trait("Starts", "PostgreSql")]
public sealed class WorkersKilledTests(PostgreSqlServer server) : IDisposable
{
    private const int Subscriptions = 3;
    private const int Each = 8;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(40);
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-workers-").FullName;
    private readonly Gate _gate = new();
    private readonly ConcurrentQueue<string> _finished = new();
    private readonly ConcurrentDictionary<string, byte> _processes = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task WebNodeAndWorkers_EachKilledOnce_LoseNothing()
    {
        await using var report = await LoopbackServer.StartAsync(ReportAsync);
        await using var hub = await FakeHub.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var web = await StartWebAsync(database, hub.Url, report.Url);
        await using var one = StartWorker(database, report.Url);
        await using var two = StartWorker(database, report.Url);
        await one.WaitForLineAsync("Application started");
        await two.WaitForLineAsync("Application started");

        var requests = new List<FakeHubRequest>();
        for (var i = 0; i < Subscriptions; i++)
        {
            requests.Add(await hub.NextRequestAsync(TestContext.Current.CancellationToken));
            Assert.Equal(200, (await hub.VerifyAsync(requests[i])).Status);
        }

        // One worker is killed in the middle of a handler, the other one goes on.
        await DeliverAsync(hub, requests, 0, 3);
        var holder = await _held.Task.WaitAsync(Recovery);
        var (dead, alive) = holder == $"{one.Id}" ? (one, two) : (two, one);
        var clock = Stopwatch.StartNew();
        dead.Kill();
        await dead.WaitForExitAsync();
        _gate.Open();
        await DeliverAsync(hub, requests, 3, 6);
        while (!_finished.Contains("0-1"))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"Taken over after {clock.Elapsed.TotalSeconds:F1} s.");
        // Then the web node right after its answer, and last the other worker, which leaves all to a new one.
        await DeliverAsync(hub, requests, 6, Each);
        web.Process.Kill();
        await web.Process.WaitForExitAsync();
        alive.Kill();
        await alive.WaitForExitAsync();
        await using var three = StartWorker(database, report.Url);
        await _all.Task.WaitAsync(Recovery);

        var first = _finished.Distinct(StringComparer.Ordinal).ToList();
        Assert.All(
            Enumerable.Range(0, Subscriptions),
            s =>
                Assert.Equal(
                    Enumerable.Range(0, Each).Select(n => $"{s}-{n}"),
                    first.Where(t => t.StartsWith($"{s}-", StringComparison.Ordinal))
                )
        );
        Assert.DoesNotContain($"{web.Process.Id}", _processes.Keys);
    }

    public void Dispose()
    {
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task DeliverAsync(FakeHub hub, IReadOnlyList<FakeHubRequest> requests, int from, int to)
    {
        for (var n = from; n < to; n++)
        {
            for (var s = 0; s < requests.Count; s++)
                Assert.Equal(200, (await hub.DeliverAsync(requests[s], $"{s}-{n}")).Status);
        }
    }

    private Task<SubscriberProcess> StartWebAsync(string database, string hub, string report) =>
        SubscriberProcess.StartAsync(
            Program,
            _folder,
            [
                ("ConnectionStrings:WebSubSubscriber", database),
                ("Report", report),
                ("WebSub:Subscriber:Role", "Callbacks"),
                .. Enumerable
                    .Range(0, Subscriptions)
                    .SelectMany(i =>
                        new[]
                        {
                            ($"WebSub:Subscriber:Subscriptions:{i}:Handler", "news"),
                            ($"WebSub:Subscriber:Subscriptions:{i}:Topic", $"https://news.example/{i}"),
                            ($"WebSub:Subscriber:Subscriptions:{i}:Hub", hub),
                        }
                    ),
            ]
        );

    private RunningProcess StartWorker(string database, string report) =>
        ServerProcess.Start(
            Program,
            ["--ConnectionStrings:WebSubSubscriber", database, "--Report", report, "--WebSub:Subscriber:Role", "Workers"],
            workingDirectory: _folder
        );

    private static string Program => Repository.Program(Path.Combine("tests", "Programs"), "ReportingSubscriber");

    private async Task ReportAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var parts = (await reader.ReadToEndAsync()).Split(' ', 2);
        _processes.TryAdd(parts[0], 0);
        if (parts[1] == "0-1" && _held.TrySetResult(parts[0]))
            await _gate.PassAsync();
        if (context.RequestAborted.IsCancellationRequested)
            return;
        _finished.Enqueue(parts[1]);
        if (_finished.Distinct(StringComparer.Ordinal).Count() == Subscriptions * Each)
            _all.TrySetResult();
    }
}
