using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Diagnostics;

public abstract class TelemetryTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    public async Task Activities_OfAnUpdate_FollowItsWay()
    {
        // Activities of other tests in this process arrive, too; this test looks only at its own topic and callback.
        var topic = $"https://publisher.example/{Guid.NewGuid():N}";
        var stopped = Channel.CreateUnbounded<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == WebSubHubTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a => stopped.Writer.TryWrite(a),
        };
        ActivitySource.AddActivityListener(listener);
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.SubscribeAsync(topic, subscriber.Callback());
        var (seen, attempts) = (new List<Activity>(), new List<Activity>());
        // The first updates may reach it while it is behind; once it has joined its lane, they are part of a run.
        for (var i = 1; !seen.Exists(run => attempts.Exists(a => IsPartOf(a, run))); i++)
        {
            await hub.PublishAsync(topic, $"{i}");
            await hub.NextDeliveryAsync(subscriber);
            await ReadUntilARunEndsAsync();
        }

        Assert.Equal("websub.lane.run", seen.First(run => attempts.Exists(a => IsPartOf(a, run))).OperationName);
        Assert.All(attempts, a => Assert.Contains(seen, s => s.OperationName == "websub.publish" && s.SpanId == a.ParentSpanId));
        Assert.Subset(
            seen.Select(a => a.OperationName).ToHashSet(),
            new HashSet<string> { "websub.subscribe", "websub.verify", "websub.verify.save", "websub.publish" }
        );
        Assert.All(seen.Concat(attempts), a => Assert.NotEqual(ActivityStatusCode.Error, a.Status));
        Assert.Null(Activity.Current);

        async Task ReadUntilARunEndsAsync()
        {
            using var deadline = new CancellationTokenSource(HubHost.Deadline);
            do
            {
                var activity = await stopped.Reader.ReadAsync(deadline.Token);
                if (activity.GetTagItem("websub.topic") as string == topic)
                    seen.Add(activity);
                else if (
                    activity.OperationName == "websub.deliver"
                    && activity.GetTagItem("websub.callback") as string == subscriber.Callback()
                )
                    attempts.Add(activity);
            } while (seen.Count == 0 || seen[^1].OperationName != "websub.lane.run");
        }
    }

    [Fact]
    public async Task Traceparent_OfAPublish_GoesOnInItsDeliveries_WhenSomebodyListens()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var topic = $"https://publisher.example/{Guid.NewGuid():N}";
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(topic, subscriber.Callback());

        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == WebSubHubTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await PushAsync(hub, topic, Trace);
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(Trace, delivery.Headers["traceparent"].Split('-')[1]);
    }

    [Fact]
    public async Task Traceparent_OfAPing_GoesOnInTheFetchAndTheDeliveries_AlsoAtAProcessThatDidNotTakeIt()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", "first");
        await using var subscriber = await FakeSubscriber.StartAsync();
        var fetched = Channel.CreateUnbounded<Activity>();
        using var fetches = Listen(a =>
        {
            if (a.OperationName == "websub.fetch" && a.GetTagItem("websub.topic") as string == publisher.Url())
                fetched.Writer.TryWrite(a);
        });
        await using (var hub = await StartHubAsync(o => o.Publishing.MinFetchInterval = TimeSpan.FromHours(1)))
        {
            await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
            await hub.UntilAsync(HubHost.AllSettled);
            // It was just fetched, as far as this process knows, so that it leaves the fetch to the next.
            await hub.Db.WriteAsync(
                s =>
                    s.ExecuteAsync(
                        "update {topics} set fetched_at = @now",
                        new { now = DatabaseTime.Now(TimeProvider.System) + TimeSpan.FromMinutes(1) }
                    ),
                TestContext.Current.CancellationToken
            );
            await PingAsync(hub, publisher.Url(), Trace);
        }

        await using var other = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero]);
        subscriber.OnDelivery = _ => Task.FromResult(subscriber.Deliveries.Count == 1 ? 503 : 200);
        await other.Db.WriteAsync(
            s => s.ExecuteAsync("update {topics} set due = @now", new { now = DatabaseTime.Now(TimeProvider.System) }),
            TestContext.Current.CancellationToken
        );
        var deliveries = new[] { await other.NextDeliveryAsync(subscriber), await other.NextDeliveryAsync(subscriber) };
        var fetch = await fetched.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(HubHost.Deadline);
        var stored = await other.Db.ReadAsync(
            s => s.ScalarAsync<string>("select trace from {entries}"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(Trace, fetch.TraceId.ToHexString());
        Assert.All(deliveries, d => Assert.Equal(Trace, d.Headers["traceparent"].Split('-')[1]));
        Assert.Equal($"00-{Trace}-{fetch.SpanId}-01", stored);
    }

    private static ActivityListener Listen(Action<Activity> stopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == WebSubHubTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task PingAsync(HubHost hub, string topic, string trace)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hub.Url)
        {
            Content = new FormUrlEncodedContent([new("hub.mode", "publish"), new("hub.url", topic)]),
        };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var response = await hub.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private static bool IsPartOf(Activity attempt, Activity run) => attempt.Links.Any(l => l.Context.SpanId == run.SpanId);

    private static async Task PushAsync(HubHost hub, string topic, string trace)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(topic)}")
        {
            Content = new StringContent("news"),
        };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var response = await hub.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    public sealed class OnSqlite() : TelemetryTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : TelemetryTests(server);
}
