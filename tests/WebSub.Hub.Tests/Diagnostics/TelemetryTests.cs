using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
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
