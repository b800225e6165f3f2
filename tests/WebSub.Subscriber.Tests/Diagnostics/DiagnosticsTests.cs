using System.Diagnostics;
using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.Diagnostics;

public sealed class DiagnosticsTests
{
    [Fact]
    public async Task Meter_CountsDeliveriesRequestsAndHandlers()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        using var measured = new Measurements(app);

        var (_, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, "news");
        await hub.DeliverAsync(request, (FakeDelivery)"forged" with { Secret = "another" });
        await app.NextNotificationAsync();
        await app.StopAsync();

        Assert.Equal(
            [
                "websub.subscriber.deliveries 1 websub.handler=news websub.result=accepted",
                "websub.subscriber.deliveries 1 websub.handler=news websub.result=bad_signature",
                "websub.subscriber.handler.duration 1 websub.handler=news websub.result=handled",
                "websub.subscriber.requests 1 websub.mode=subscribe websub.outcome=Accepted",
            ],
            measured.All.Order()
        );
    }

    [Fact]
    public async Task Activity_OfHandler_ContinuesTheTraceOfTheDelivery()
    {
        var ended = new TaskCompletionSource<Activity>();
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == WebSubSubscriberDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                if (a.TraceId == trace)
                    ended.TrySetResult(a);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(
            request,
            (FakeDelivery)"news" with
            {
                DeliveryId = "t/1",
                Headers = [new("traceparent", $"00-{trace}-00f067aa0ba902b7-01")],
            }
        );
        var activity = await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal("websub.handle", activity.OperationName);
        Assert.Equal(("news", "t/1"), (activity.GetTagItem("websub.handler"), activity.GetTagItem("websub.delivery_id")));
    }
}
