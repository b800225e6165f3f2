using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Health;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;
using WebSub.Wire;

namespace WebSub.Subscriber.Callbacks;

/// <summary>Takes a hub's POST (§7).</summary>
/// <remarks>
/// <para>
/// 1. The callback key identifies the subscription (S26): unknown 404, ended 410. For queued handlers it may be one that is remembered,
/// with which nothing is refused: whatever it does not allow is looked at again with what the database says.
/// </para>
/// <para>2. Read the raw bytes: beyond the limit 413, without room or too slow 503.</para>
/// <para>3. Check the signature over them (S27): a delivery whose signature is missing or wrong is never handled.</para>
/// <para>4. Inline handlers decide the response.</para>
/// <para>
/// 5. For queued handlers, store the notification unless it is a repeat; then 200. If the subscription has changed since it was read, it
/// is read again, and the delivery judged by what it is now.
/// </para>
/// </remarks>
internal sealed class DeliveryCallback(
    SubscriptionStore store,
    KnownCallbacks known,
    InboxArrivals inbox,
    SubscriptionService subscriptions,
    HandlerRegistry handlers,
    DeliveryBody bodies,
    CallbackUrls callbacks,
    ChangeFeed feed,
    Wakeups wakeups,
    RecentDeliveries recent,
    InlineCounts inlineCounts,
    SubscriberMetrics metrics,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<DeliveryCallback> logger
)
{
    private const int MaxDeliveryId = 256;
    private const int MaxShown = 80;

    /// <summary>How often a subscription is read that changes while a delivery for it is judged.</summary>
    private const int MaxReads = 5;

    public async Task AnswerAsync(HttpContext context, string handler, string key)
    {
        var (status, text, result) = await TakeAsync(context, handler, key);
        metrics.DeliveryReceived(handlers.Find(handler)?.Name ?? "unknown", result);
        await CallbackAnswer.WriteAsync(context, status, text);
    }

    private async Task<(int Status, string Text, string Result)> TakeAsync(HttpContext context, string handler, string key)
    {
        var receivedAt = time.GetUtcNow();

        // 1.
        var remembered = Remembered(handler, key, receivedAt);
        var subscription = remembered;
        if (remembered is null && await ReadAsync() is { } refusal)
            return refusal;

        // 2.
        var wire = WireBody.Of(context);
        var (body, status, text, result) = await bodies.ReadAsync(context, wire, subscription!.Id.ToString());
        if (body is null)
        {
            if (remembered is not null && await ReadAsync() is { } ended)
                return ended;
            if (status == StatusCodes.Status413PayloadTooLarge)
                Log.TooLarge(logger, subscription!.Id, options.Value.MaxBodyBytes);
            return (status, text, result);
        }

        for (var read = 0; read < MaxReads; read++)
        {
            if (read > 0 && await ReadAsync() is { } late)
                return late;
            var isFresh = remembered is null || read > 0;
            if (await JudgeAsync(context, subscription!, isFresh, key, receivedAt, wire, body) is { } answer)
                return answer;
        }

        context.Response.Headers.RetryAfter = "5";
        return (StatusCodes.Status503ServiceUnavailable, "The subscription is being changed; try again.", "busy");

        // What the database says now, and the refusal that follows from it.
        async Task<(int Status, string Text, string Result)?> ReadAsync()
        {
            subscription = await known.ReadAsync(handler, key, context.RequestAborted);
            return await RefusalAsync(subscription, key, receivedAt, context.RequestAborted);
        }
    }

    private Subscription? Remembered(string handler, string key, DateTimeOffset now) =>
        known.Find(handler, key) is { } subscription
        && subscription.Answering(key, now) is not null
        && handlers.Find(subscription.Handler) is not { Inline: not null }
            ? subscription
            : null;

    private async Task<(int Status, string Text, string Result)?> RefusalAsync(
        Subscription? subscription,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (subscription is null)
        {
            return await store.IsDeletedAsync(key, cancellationToken)
                ? (StatusCodes.Status410Gone, "This subscription has been deleted.", "gone")
                : (StatusCodes.Status404NotFound, "There is no such callback.", "unknown");
        }

        if (subscription.Answering(key, now) is not null)
            return null;
        Log.NotActive(logger, subscription.Id, subscription.State);
        return IsGone(subscription, key)
            ? (StatusCodes.Status410Gone, "This subscription has ended.", "gone")
            : (StatusCodes.Status404NotFound, "This subscription is not active.", "unknown");
    }

    /// <summary>The answer; null if the subscription is not what it is taken for any more.</summary>
    private async Task<(int Status, string Text, string Result)?> JudgeAsync(
        HttpContext context,
        Subscription subscription,
        bool isFresh,
        string key,
        DateTimeOffset receivedAt,
        WireBody wire,
        byte[] body
    )
    {
        var active = subscription.Answering(key, receivedAt)!;

        // 3.
        if (SignatureVerifier.Check(active, subscription.Pending, context.Request.Headers[HubHeaders.Signature], body) is { } verdict)
        {
            if (!isFresh)
                return null;
            var reason =
                verdict == SignatureVerdict.Missing ? "The delivery is not signed." : $"The delivery's signature is wrong ({verdict}).";
            feed.Publish(WebSubChangeKind.DeliveryRejected, callbacks.View(subscription), reason);
            return (options.Value.BadSignatureStatus, reason, "bad_signature");
        }

        var headers = HeaderBag.From(context.Request.Headers, wire.ContentEncoding);
        string? contentType = context.Request.Headers.ContentType;
        var deliveryId = DeliveryId(context.Request.Headers[HubHeaders.DeliveryId]);

        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        var mark = new DeliveryMark(
            deliveryId,
            DeliveryId(context.Request.Headers[HubHeaders.DeliveryReplay]) ?? "",
            deliveryId is null && subscription.Replaced.Count > 0 ? key : null,
            active.Secret is not null,
            receivedAt
        );

        // 4.
        if (handlers.Find(subscription.Handler) is { Inline: not null } inline)
        {
            var notification = new WebSubNotification
            {
                Body = body,
                ContentType = contentType,
                Headers = headers,
                Subscription = callbacks.View(subscription),
                Topic = active.Topic,
                DeliveryId = deliveryId,
                ReceivedAt = receivedAt,
            };
            inlineCounts.Add(subscription.Id, receivedAt);
            if (!mark.IsSigned && subscription.Replaced.Count == 0)
                return await RunInlineAsync(context, inline, notification, subscription);
            if (recent.IsRepeat(subscription.Id, bodyHash, mark, RepeatRule.Of(options.Value.Inbox)))
                return (StatusCodes.Status200OK, "", "repeat");
            var answer = await RunInlineAsync(context, inline, notification, subscription);
            if (answer.Status < StatusCodes.Status300MultipleChoices)
                recent.Add(subscription.Id, bodyHash, mark);
            return answer;
        }

        // 5.
        var row = new InboxRow
        {
            SubscriptionId = subscription.Id.ToString("D"),
            Topic = active.Topic,
            DeliveryId = deliveryId,
            Replay = mark.Replay,
            BodyHash = bodyHash,
            CallbackKeys = mark.CallbackKey is { } over ? over + " " : null,
            Headers = HeaderBag.Write(headers),
            ContentType = contentType,
            Body = body,
            ReceivedAt = DatabaseTime.From(receivedAt),
        };
        var stored = await inbox.AddAsync(new(row, mark, RepeatRule.Of(options.Value.Inbox), subscription.Version), context.RequestAborted);
        if (stored == ArrivalResult.Changed)
            return null;
        var isNew = stored == ArrivalResult.New;
        if (logger.IsEnabled(LogLevel.Debug))
        {
            var type = PlainText.Of(contentType ?? "unknown type", MaxShown);
            Log.Received(logger, subscription.Id, body.Length, type, isNew ? "stored" : "a repeat, dropped");
        }

        wakeups.Inbox();
        return (StatusCodes.Status200OK, "", isNew ? "accepted" : "repeat");
    }

    private async Task<(int Status, string Text, string Result)> RunInlineAsync(
        HttpContext context,
        HandlerRegistration handler,
        WebSubNotification notification,
        Subscription subscription
    )
    {
        var reply = WebSubReply.Accept;
        var started = time.GetTimestamp();
        var result = "handled";
        try
        {
            reply = await HandlerPipeline.RunAsync(handler, context.RequestServices, notification, context.RequestAborted);
        }
#pragma warning disable CA1031 // The fault is the app's, not the hub's, which did deliver.
        catch (Exception e)
#pragma warning restore CA1031
        {
            result = "failed";
            Log.InlineFailed(logger, subscription.Id, subscription.Handler, e);
        }

        metrics.HandlerRan(subscription.Handler, time.GetElapsedTime(started), result);
        if (reply == WebSubReply.Gone)
            await subscriptions.GoneAsync(subscription);
        return (reply.StatusCode, "", result);
    }

    // It goes into an index, so its length is limited. An empty one would make every equal body a repeat.
    private static string? DeliveryId(string? header) => header is { Length: > 0 and <= MaxDeliveryId } ? header : null;

    // An expired subscription is being requested again with the same callback, so its deliveries are early, not late.
    private static bool IsGone(Subscription subscription, string key) =>
        subscription.Active is not null
        || subscription.State
            is WebSubSubscriptionState.Unsubscribed
                or WebSubSubscriptionState.Denied
                or WebSubSubscriptionState.Unsubscribing
            ? subscription.Pending is not { IsSubscribe: true } pending || pending.CallbackKey != key
            : subscription.Pending?.CallbackKey != key && subscription.Ended?.CallbackKey != key;
}
