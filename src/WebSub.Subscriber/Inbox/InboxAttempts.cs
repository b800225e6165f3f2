using System.Diagnostics;
using Microsoft.Extensions.Primitives;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Inbox;

/// <summary>Calls the handler of a stored notification once.</summary>
internal sealed class InboxAttempts(
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    SubscriberMetrics metrics,
    HandlerRun runs,
    TimeProvider time
)
{
    /// <summary>Calls it, and returns what came of it; whatever the handler throws is part of that.</summary>
    public async Task<AttemptOutcome> RunAsync(InboxRow item, Subscription subscription, CancellationToken stopping)
    {
        if (handlers.Find(subscription.Handler) is not { } handler)
            return new(null, new InvalidOperationException($"There is no longer a handler named \"{subscription.Handler}\"."));

        var headers = HeaderBag.Read(item.Headers);
        using var activity = StartActivity(headers, subscription, item);
        var started = time.GetTimestamp();
        Exception? fault = null;
        WebSubReply? reply = null;
        try
        {
            reply = await runs.RunAsync(
                handler,
                new()
                {
                    Body = item.Body,
                    ContentType = item.ContentType,
                    Headers = headers,
                    Subscription = callbacks.View(subscription),
                    Topic = item.Topic,
                    DeliveryId = item.DeliveryId,
                    Source = Enum.Parse<WebSubNotificationSource>(item.Source),
                    InboxId = item.Id,
                    ReceivedAt = item.ReceivedAt.ToMoment(),
                    Attempt = (int)item.Attempts + 1,
                },
                stopping
            );
            if (reply.StatusCode is >= 400 and not 410)
                fault = new InvalidOperationException($"A filter rejected it with {reply.StatusCode}.");
        }
#pragma warning disable CA1031 // Whatever a handler throws, its notification is retried.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
        }

        metrics.HandlerRan(subscription.Handler, time.GetElapsedTime(started), fault is null ? "handled" : "failed");
        return new(reply, fault);
    }

    private static Activity? StartActivity(IReadOnlyDictionary<string, StringValues> headers, Subscription subscription, InboxRow item)
    {
        var isTraced = ActivityContext.TryParse(
            headers.GetValueOrDefault("traceparent"),
            headers.GetValueOrDefault("tracestate"),
            isRemote: true,
            out var parent
        );
        var activity = WebSubSubscriberDiagnostics.Source.StartActivity(
            "websub.handle",
            ActivityKind.Consumer,
            isTraced ? parent : default
        );
        activity
            ?.SetTag("websub.handler", subscription.Handler)
            .SetTag("websub.topic", item.Topic)
            .SetTag("websub.delivery_id", item.DeliveryId);
        return activity;
    }
}
