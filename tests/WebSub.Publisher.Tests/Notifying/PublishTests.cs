using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WebSub.Publishing;
using WebSub.TestSupport;

namespace WebSub.Publisher.Notifying;

/// <summary>What an app that publishes sees, and what its hubs see, on either database.</summary>
[Trait("Req", "P2")]
public abstract class PublishTests : IAsyncLifetime
{
    private const string Topic = "https://blog.example/feed";
    private const string Other = "https://blog.example/other";
    private string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await CreateDatabaseAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Req", "P5")]
    public async Task Publish_SeveralHubs_AreAllTold()
    {
        await using var one = await HubPeer.StartAsync(202);
        await using var two = await HubPeer.StartAsync(204);
        await using var app = await StartAsync(o => o.ApiKey = "k-1", one.Url + "/hub", two.Url);

        await app.Publisher.PublishAsync([Topic, Topic]);

        const string Body = "hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Ffeed&hub.url=https%3A%2F%2Fblog.example%2Ffeed";
        var (first, second) = (await one.NextAsync(), await two.NextAsync());
        Assert.Equal(("/hub", Body, "Bearer k-1"), (first.Target, first.Text, first.Headers["Authorization"]));
        Assert.Equal(("/", Body, "Bearer k-1"), (second.Target, second.Text, second.Headers["Authorization"]));
        await app.UntilAsync(Topic, p => p.NotifiedAt is not null);
        Assert.All(await app.Publisher.ListAsync().ToListAsync(), p => Assert.Equal((1, 1, false), (p.Updates, p.Known, p.IsPending)));
    }

    [Theory]
    [Trait("Req", "X4")]
    [InlineData(PingForm.Topic, "hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Ffeed")]
    [InlineData(PingForm.Url, "hub.mode=publish&hub.url=https%3A%2F%2Fblog.example%2Ffeed")]
    public async Task Publish_HubWithItsOwnWays_IsToldInThem(PingForm form, string body)
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(o => o.Hubs.Add(new(hub.Url) { ApiKey = "own", PingForm = form }));

        await app.Publisher.PublishAsync(Topic);

        var message = await hub.NextAsync();
        Assert.Equal((body, "Bearer own"), (message.Text, message.Headers["Authorization"]));
    }

    [Fact]
    public async Task Publish_HubsOfTheirOwnTopics_AreToldOfThoseOnly()
    {
        await using var news = await HubPeer.StartAsync(202);
        await using var all = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(o =>
        {
            o.Hubs.Add(new(news.Url) { Topics = ["https://blog.example/news/*"] });
            o.Hubs.Add(all.Url);
        });

        await app.Publisher.PublishAsync([Topic, "https://blog.example/news/1"]);

        Assert.Equal("https://blog.example/news/1", await news.NextTopicAsync());
        Assert.Equal([Topic, "https://blog.example/news/1"], new[] { await all.NextTopicAsync(), await all.NextTopicAsync() }.Order());
        Assert.Equal(1, news.Count);
    }

    [Fact]
    public async Task Publish_NoHubForTheTopic_IsLogged()
    {
        await using var app = await StartAsync(o => o.Hubs.Add(new("https://hub.example/") { Topics = ["https://elsewhere.example/"] }));

        await app.Publisher.PublishAsync(Topic);

        await app.Logs.WaitAsync($"No configured hub serves the topic {Topic}");
        Assert.Empty(await app.Publisher.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Publish_HubFails_IsToldAgainAndOthersAreNotDelayed()
    {
        await using var bad = await HubPeer.StartAsync([Answers.Status(500, "broken"), Answers.Status(202)]);
        await using var good = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(o => o.RetryDelays = [TimeSpan.FromMilliseconds(10)], bad.Url, good.Url);

        await app.Publisher.PublishAsync(Topic);

        Assert.Equal(Topic, await good.NextTopicAsync());
        Assert.Equal(Topic, await bad.NextTopicAsync());
        Assert.Equal(Topic, await bad.NextTopicAsync());
        await app.UntilAsync(Topic, p => !p.IsPending);
        Assert.Contains(
            (LogLevel.Warning, $"Could not tell the hub {bad.Url} that {Topic} changed; retrying: The hub answered 500: broken"),
            app.Logs.Messages
        );
    }

    [Fact]
    public async Task Publish_HubRefuses_StateSaysWhy()
    {
        await using var hub = await HubPeer.StartAsync([Answers.Status(403, "who are you?")]);
        await using var app = await StartAsync(null, hub.Url);

        await app.Publisher.PublishAsync(Topic);

        await app.UntilAsync(Topic, p => p.Attempts > 0);
        var state = await app.StateAsync(Topic);
        Assert.Equal(
            (1, 0, true, 1, 403, "The hub answered 403: who are you?"),
            (state.Updates, state.Known, state.IsPending, state.Attempts, state.LastStatus, state.LastError)
        );
        Assert.InRange(state.NextAttemptAt!.Value - state.PublishedAt, TimeSpan.FromMinutes(45), TimeSpan.FromMinutes(75));
        Assert.Null(state.NotifiedAt);
    }

    [Fact]
    public async Task Publish_DuringASend_CausesExactlyOneMore()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var hub = await HubPeer.StartAsync([
            async context =>
            {
                asked.SetResult();
                await answer.Task;
                context.Response.StatusCode = 202;
            },
            Answers.Status(202),
        ]);
        await using var app = await StartAsync(null, hub.Url);
        await app.Publisher.PublishAsync(Topic);
        await asked.Task;

        for (var i = 0; i < 5; i++)
            await app.Publisher.PublishAsync(Topic);
        // Told while the first answer is still awaited, so the five before it have been taken in.
        await app.Publisher.PublishAsync(Other);
        await app.UntilAsync(Other, p => !p.IsPending);
        answer.SetResult();

        await app.UntilAsync(Topic, p => !p.IsPending);
        Assert.Equal(3, hub.Count);
        var state = await app.StateAsync(Topic);
        Assert.Equal((6, 6, false), (state.Updates, state.Known, state.IsPending));
    }

    [Fact]
    public async Task Publish_WhileTheHubIsDown_IsOnePingOnceItIsBack()
    {
        await using var hub = await HubPeer.StartAsync(202);
        var port = new Uri(hub.Url).Port;
        await hub.DisposeAsync();
        await using var app = await StartAsync(o => o.RetryDelays = [TimeSpan.FromMilliseconds(50)], $"http://127.0.0.1:{port}");
        for (var i = 0; i < 3; i++)
        {
            await app.Publisher.PublishAsync([Topic, Other]);
            await app.UntilAsync(Topic, p => p.Attempts > 0);
            await app.UntilAsync(Other, p => p.Attempts > 0);
        }

        await using var back = await BackAsync(port);

        await app.UntilAsync(Topic, p => !p.IsPending);
        await app.UntilAsync(Other, p => !p.IsPending);
        Assert.Equal(2, back.Requests.Count);
        Assert.All(
            await app.Publisher.ListAsync().ToListAsync(),
            p => Assert.Equal((3, 3, false, 0, null), (p.Updates, p.Known, p.IsPending, p.Attempts, p.LastError))
        );
    }

    [Fact]
    public async Task Publish_RetryAfter_LeavesTheWholeHubAlone()
    {
        await using var hub = await HubPeer.StartAsync([
            context =>
            {
                context.Response.StatusCode = 503;
                context.Response.Headers.RetryAfter = "3600";
                return Task.CompletedTask;
            },
        ]);
        await using var app = await StartAsync(o => o.RetryDelays = [TimeSpan.FromMilliseconds(1)], hub.Url);

        await app.Publisher.PublishAsync(Topic);
        await app.UntilAsync(Topic, p => p.LastStatus == 503);
        await app.Publisher.PublishAsync(Other);

        var states = await app.Publisher.ListAsync().ToListAsync();
        Assert.All(states, s => Assert.True(s.IsPending));
        await using var second = await StartAsync(null, hub.Url);
        Assert.Equal(1, hub.Count);
        Assert.InRange(
            (await second.StateAsync(Topic)).NextAttemptAt!.Value - states[0].PublishedAt,
            TimeSpan.FromMinutes(59),
            TimeSpan.FromMinutes(61)
        );
    }

    [Fact]
    public async Task Publish_Content_GoesToThoseWhoTakeItInOrder()
    {
        await using var taker = await HubPeer.StartAsync([Answers.Status(500), Answers.Status(202)]);
        await using var pinged = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(o =>
        {
            o.RetryDelays = [TimeSpan.FromMilliseconds(10)];
            o.Hubs.Add(new(taker.Url + "/hub?x=%7E") { ApiKey = "k", TakesContent = true });
            o.Hubs.Add(pinged.Url);
        });

        await app.Publisher.PublishAsync(Topic, "one"u8.ToArray(), "text/plain;charset=utf-8");
        await app.Publisher.PublishAsync(Topic, "two"u8.ToArray(), "text/plain;charset=utf-8");

        var messages = new[] { await taker.NextAsync(), await taker.NextAsync(), await taker.NextAsync() };
        Assert.Equal(["one", "one", "two"], messages.Select(m => m.Text));
        Assert.All(
            messages,
            m =>
                Assert.Equal(
                    ("/hub?x=%7E&hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Ffeed", "text/plain;charset=utf-8", "Bearer k"),
                    (m.Target, m.Headers["Content-Type"], m.Headers["Authorization"])
                )
        );
        Assert.Equal(Topic, await pinged.NextTopicAsync());
    }

    [Fact]
    public async Task Publish_InTheAppsTransaction_IsToldAfterTheCommitOnly()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(o => o.PollInterval = TimeSpan.FromMilliseconds(100), hub.Url);
        await using var connection = await OpenAsync(_connectionString);
        await using (var rolledBack = await connection.BeginTransactionAsync())
        {
            await app.Publisher.PublishAsync([Other], rolledBack);
            await rolledBack.RollbackAsync();
        }

        await using var transaction = await connection.BeginTransactionAsync();
        await app.Publisher.PublishAsync([Topic], connection, transaction);
        Assert.Empty(await app.Publisher.ListAsync().ToListAsync());
        await transaction.CommitAsync();

        Assert.Equal(Topic, await hub.NextTopicAsync());
        Assert.Equal(1, hub.Count);
    }

    [Fact]
    public async Task Publish_OnAnotherDatabase_IsRefused()
    {
        await using var app = await StartAsync(null, "https://hub.example/");
        await using var connection = await OpenAsync(await CreateDatabaseAsync());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.Publisher.PublishAsync([Topic], connection, null));

        Assert.Contains("ConnectionStrings:WebSubPublisher", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_ProcessEnds_TheNextOneGoesOn()
    {
        await using var hub = await HubPeer.StartAsync([Answers.Status(500), Answers.Status(202)]);
        var first = await StartAsync(o => o.RetryDelays = [TimeSpan.FromHours(1)], hub.Url);
        await first.Publisher.PublishAsync(Topic);
        await first.UntilAsync(Topic, p => p.LastStatus == 500);
        await first.Publisher.PublishAsync(Other);
        await hub.NextAsync();
        await first.DisposeAsync();

        await using var second = await StartAsync(null, hub.Url);

        await second.UntilAsync(Other, p => !p.IsPending);
        Assert.True((await second.StateAsync(Topic)).IsPending);
    }

    [Fact]
    public async Task Publish_TwoProcesses_SendEachOnce()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var one = await StartAsync(o => o.MessagesPerHubPerSecond = 1000, hub.Url);
        await using var two = await StartAsync(o => o.MessagesPerHubPerSecond = 1000, hub.Url);
        var topics = Enumerable.Range(0, 200).Select(i => $"https://blog.example/{i}").ToList();

        await Task.WhenAll(
            topics.Chunk(5).SelectMany(c => new[] { one.Publisher.PublishAsync(c[..2]), two.Publisher.PublishAsync(c[2..]) })
        );

        var told = new List<string?>();
        while (told.Count < topics.Count)
            told.Add(await hub.NextTopicAsync());
        Assert.Equal(topics.Order(), told.Order());
        await one.DisposeAsync();
        Assert.Equal(topics.Count, hub.Count);
    }

    [Fact]
    public async Task Publish_WithinATrace_IsPartOfIt()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == WebSubPublisherTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(null, hub.Url);
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        await app.Publisher.PublishAsync(Topic);

        Assert.Contains(request.TraceId.ToHexString(), (await hub.NextAsync()).Headers["traceparent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_Outcomes_AreCounted()
    {
        await using var hub = await HubPeer.StartAsync([Answers.Status(500), Answers.Status(202)]);
        await using var app = await StartAsync(o => o.RetryDelays = [TimeSpan.FromMilliseconds(1)], hub.Url);
        var counted = Channel.CreateUnbounded<(string? Hub, string? Outcome)>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Name == "websub.publisher.notifications")
                    l.EnableMeasurementEvents(i);
            },
        };
        meters.SetMeasurementEventCallback<long>(
            (_, count, tags, _) =>
            {
                var named = tags.ToArray().ToDictionary(t => t.Key, t => t.Value as string);
                for (var i = 0; i < count; i++)
                    counted.Writer.TryWrite((named["websub.hub"], named["websub.outcome"]));
            }
        );
        meters.Start();

        await app.Publisher.PublishAsync(Topic);
        var outcomes = await counted
            .Reader.ReadAllAsync(TestContext.Current.CancellationToken)
            .Where(c => c.Hub == hub.Url)
            .Take(2)
            .ToListAsync();

        Assert.Equal([(hub.Url, "put_off"), (hub.Url, "told")], outcomes);
    }

    [Fact]
    public async Task Publish_Path_IsBelowThePublicUrl()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(o => o.PublicUrl = new("https://blog.example/x/"), hub.Url);

        await app.Publisher.PublishAsync("/feed?a=b");

        Assert.Equal("https://blog.example/x/feed?a=b", await hub.NextTopicAsync());
        Assert.Equal("https://blog.example/x/feed?a=b", (await app.StateAsync("/feed?a=b")).Topic);
    }

    [Fact]
    public async Task Publish_Misuse_StoresNothing()
    {
        await using var app = await StartAsync(o => o.MaxContentBytes = 2, "https://hub.example/");

        await app.Publisher.PublishAsync([]);
        await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync([Topic, ""]));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync([Topic, "/path"]));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync("https://blog.example/" + new string('x', 2048)));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync("https://blog.example/\0"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync(Topic, "big"u8.ToArray(), "text/plain"));

        Assert.Empty(await app.Publisher.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Publish_PrivateHub_IsRefusedUnlessAllowed()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await PublisherApp.StartAsync(
            _ => { },
            o => o.Hubs.Add(hub.Url),
            ("WebSub:Outbound:AllowPrivateNetworks", "false"),
            ("ConnectionStrings:WebSubPublisher", _connectionString)
        );

        await app.Publisher.PublishAsync(Topic);

        await app.UntilAsync(Topic, p => p.LastError?.Contains("WebSub:Outbound:AllowPrivateNetworks", StringComparison.Ordinal) == true);
        Assert.Equal(0, hub.Count);
    }

    protected abstract Task<string> CreateDatabaseAsync();

    protected abstract Task<DbConnection> OpenAsync(string connectionString);

    private static async Task<HttpPeer> BackAsync(int port)
    {
        HttpPeer? back = null;
        await Elsewhere.UntilAsync(async () =>
        {
            try
            {
                back = await HttpPeer.StartAsync(Answers.Status(202), port);
                return true;
            }
            catch (IOException)
            {
                // The operating system gives the port back in a moment.
                return false;
            }
        });
        return back!;
    }

    private Task<PublisherApp> StartAsync(Action<WebSubPublisherOptions>? configure, params string[] hubs) =>
        PublisherApp.StartAsync(
            _ => { },
            o =>
            {
                foreach (var hub in hubs)
                    o.Hubs.Add(hub);
                configure?.Invoke(o);
            },
            ("ConnectionStrings:WebSubPublisher", _connectionString)
        );
}
