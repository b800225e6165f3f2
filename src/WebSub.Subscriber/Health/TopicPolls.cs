using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Work;

namespace WebSub.Subscriber.Health;

/// <summary>
/// Asks topics themselves whether they have changed: regularly, to find what their hubs do not deliver, or once after a verification.
/// </summary>
internal sealed class TopicPolls(
    SubscriberNode node,
    HealthStore health,
    SubscriptionStore store,
    TopicFetch fetch,
    FoundUpdates found,
    SilentHubs silent,
    HealthSignal signal,
    CallbackUrls callbacks,
    ChangeFeed feed,
    SubscriberMetrics metrics,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<TopicPolls> logger
) : MaintenanceTask(TimeSpan.FromSeconds(30), signal)
{
    private const int Batch = 16;

    /// <summary>Longer than a poll takes; then another process may try.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>So far away that it never comes: topics that are fetched once only.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(36_500);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var how = options.Value.Health;
        if (!node.AnswersHubs || !(how.Poll || how.FetchAfterVerification))
            return false;
        var now = time.GetUtcNow();
        await health.FollowAsync(PollRow.From("", PollRule.First(how, now)), cancellationToken);
        var due = await health.TakePollsAsync(now, now + Claim, Batch, cancellationToken);
        await Task.WhenAll(due.Select(row => PollAsync(row, how, cancellationToken)));
        return due.Count == Batch;
    }

    private async Task PollAsync(PollRow row, WebSubHealthOptions how, CancellationToken cancellationToken)
    {
        var subscription = await store.FindAsync(Guid.Parse(row.SubscriptionId), cancellationToken);
        if (subscription?.Active is not { } active)
            return;
        var state = row.ToState();
        var content = await fetch.GetAsync(subscription, active.Topic, state.ETag, state.LastModified, cancellationToken);
        var now = time.GetUtcNow();
        PollState next;
        if (content.Fault is { } fault)
        {
            metrics.Polled("failed");
            Log.NotPolled(logger, subscription.Id, active.Topic, fault);
            next = PollRule.Failed(state, content.RetryAfter, how, now);
        }
        else
        {
            // It may have been delivered while it was fetched.
            subscription = await store.FindAsync(subscription.Id, cancellationToken) ?? subscription;
            var hash = content.Body is { } body ? Convert.ToHexStringLower(SHA256.HashData(body)) : null;
            (next, var verdict) = PollRule.Decide(
                state,
                new(hash, content.ETag, content.LastModified),
                subscription.ReceivedAt,
                subscription.UsualPause,
                how,
                now
            );
            metrics.Polled(verdict.ToString().ToLowerInvariant());
            await ActAsync(subscription, active, content, verdict, how, cancellationToken);
            // Only now: if the process is killed before, the poll is made again.
            if (!how.Poll)
                next = next with { Due = now + Never };
        }

        await health.SavePollAsync(PollRow.From(row.SubscriptionId, next), cancellationToken);
    }

    private async Task ActAsync(
        Subscription subscription,
        ConfirmedPart active,
        TopicContent content,
        PollVerdict verdict,
        WebSubHealthOptions how,
        CancellationToken cancellationToken
    )
    {
        if (verdict != PollVerdict.Missed && !(verdict == PollVerdict.First && how.FetchAfterVerification))
            return;
        var isMissed = verdict == PollVerdict.Missed;
        var isNew = await found.PassOnAsync(
            new()
            {
                Subscription = subscription,
                Source = isMissed ? WebSubNotificationSource.Poll : WebSubNotificationSource.Verification,
                Topic = active.Topic,
                Body = content.Body!,
                ContentType = content.ContentType,
                ContentEncoding = content.ContentEncoding,
            },
            cancellationToken
        );
        if (!isMissed || !isNew)
            return;
        await health.MissedAsync(subscription.Id, 1, cancellationToken);
        metrics.UpdatesMissed(1, "poll");
        var why = $"The topic has changed, and its hub has not delivered that within {HubSilence.Words(how.PollGrace)}.";
        feed.Publish(WebSubChangeKind.UpdateMissed, callbacks.View(subscription), why);
        await silent.NoticeAsync(subscription, why, isProven: true, cancellationToken);
    }
}
