using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;
using WebSub.Work;

namespace WebSub.Subscriber.Inbox;

/// <summary>
/// Passes stored notifications to their handlers: those of one subscription one at a time and in order, of all subscriptions up to a limit.
/// What throws is retried later, and parked when it keeps failing. What a killed process left undone is picked up by the others
/// within a second; on SQLite, at the next start.
/// </summary>
internal sealed class InboxDispatcher(
    SubscriberDatabase database,
    InboxStore inbox,
    SubscriptionStore subscriptions,
    SubscriptionService service,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    ChangeFeed feed,
    SubscriberMetrics metrics,
    HandlerRun runs,
    SubscriberNode node,
    InboxSignal signal,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    Chance chance,
    ILogger<InboxDispatcher> logger
) : KeptClaimLoop<InboxRow, long>(signal, time, logger, options.Value.Inbox.MaxConcurrency)
{
    private readonly WebSubInboxOptions _options = options.Value.Inbox;

    protected override TimeSpan LongestIdle => database.Dialect == SqlDialect.Sqlite ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyToHandleAsync(cancellationToken);

    protected override Task<IReadOnlyList<InboxRow>> ClaimAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken stopping
    ) => inbox.ClaimDueAsync(now, until, limit, stopping);

    protected override Task KeepClaimsAsync(IReadOnlyCollection<long> ids, DateTimeOffset until, CancellationToken stopping) =>
        inbox.KeepClaimsAsync(ids, until, stopping);

    protected override Task ReleaseAsync(long id) => inbox.ReleaseAsync(id, CancellationToken.None);

    protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping) => inbox.NextDueAsync(stopping);

    protected override long IdOf(InboxRow item) => item.Id;

    protected override async Task HandleAsync(InboxRow item, CancellationToken stopping)
    {
        var subscription =
            await subscriptions.FindAsync(Guid.Parse(item.SubscriptionId), stopping)
            ?? throw new InvalidOperationException("A notification belongs to a subscription, but there is none.");
        var attempt = item.Attempts + 1;
        var (reply, fault) = await HandleAsync(item, subscription, attempt, stopping);
        // The outcome is saved even while the app stops; otherwise the work would be done again.
        if (fault is null)
        {
            if (reply == WebSubReply.Gone)
                await service.GoneAsync(subscription);
            await inbox.FinishAsync(item, InboxState.Done, attempt, null, Time.GetUtcNow(), CancellationToken.None);
        }
        else if (fault is OperationCanceledException && stopping.IsCancellationRequested)
        {
            await inbox.PostponeAsync(item, item.Attempts, item.LastError, Time.GetUtcNow(), CancellationToken.None);
        }
        else if (attempt >= _options.MaxAttempts)
        {
            InboxLog.Parked(logger, item.Id, subscription.Handler, attempt, fault);
            await inbox.FinishAsync(item, InboxState.Parked, attempt, fault.Message, Time.GetUtcNow(), CancellationToken.None);
            feed.Publish(WebSubChangeKind.NotificationParked, callbacks.View(subscription), fault.Message);
        }
        else
        {
            var due = Time.GetUtcNow() + BackOff.After(_options.Delays, (int)attempt, chance.Next());
            InboxLog.HandlerFailed(logger, item.Id, subscription.Handler, attempt, due, fault);
            await inbox.PostponeAsync(item, attempt, fault.Message, due, CancellationToken.None);
        }
    }

    private async Task<(WebSubReply? Reply, Exception? Fault)> HandleAsync(
        InboxRow item,
        Subscription subscription,
        long attempt,
        CancellationToken stopping
    )
    {
        if (handlers.Find(subscription.Handler) is not { } handler)
            return (null, new InvalidOperationException($"There is no longer a handler named \"{subscription.Handler}\"."));

        var headers = HeaderBag.Read(item.Headers);
        using var activity = StartActivity(headers, subscription, item);
        var started = Time.GetTimestamp();
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
                    Attempt = (int)attempt,
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

        metrics.HandlerRan(subscription.Handler, Time.GetElapsedTime(started), fault is null ? "handled" : "failed");
        return (reply, fault);
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
