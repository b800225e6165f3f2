using WebSub.Subscriber;

namespace Demo.Steps;

/// <summary>Turns what the subscriber library reports into steps.</summary>
internal sealed class StepEvents(StepLog log) : IWebSubEvents
{
    private const string TookRequest = "the hub accepted the request and will verify it";

    public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
    {
        var subscription = change.Subscription;
        // Renewing begins with discovery, too; one line is enough for it.
        var isFirst = subscription.State is WebSubSubscriptionState.Pending;
        switch (change.Kind)
        {
            case WebSubChangeKind.Discovered when isFirst:
                log.Observe(Step.Discovered, "hub and topic, in the feed's Link header");
                break;
            case WebSubChangeKind.Accepted when isFirst:
                log.Observe(Step.Subscribed, TookRequest);
                break;
            case WebSubChangeKind.Verified:
                // A fast hub verifies before its response to the request arrives (S31); the verification then counts as acceptance.
                if (log[Step.Subscribed] == 0)
                    log.Observe(Step.Subscribed, TookRequest);
                log.Observe(Step.Verified, $"the challenge came back; lease {Lease(change)} s");
                break;
            case WebSubChangeKind.Renewed:
                log.Observe(Step.Renewed, $"in time, for another {Lease(change)} s");
                break;
            case WebSubChangeKind.Unsubscribed when change.Reason is null:
                log.Observe(Step.Unsubscribed, "the hub verified that, too, and has stopped delivering");
                break;
            case WebSubChangeKind.AttemptFailed
            or WebSubChangeKind.GaveUp
            or WebSubChangeKind.Denied
            or WebSubChangeKind.DeliveryRejected
            or WebSubChangeKind.Expired
            or WebSubChangeKind.Unsubscribed:
                log.Note(change.Kind == WebSubChangeKind.DeliveryRejected ? "rejected" : "failed", change.Reason ?? change.Kind.ToString());
                break;
        }

        return Task.CompletedTask;
    }

    private static string Lease(WebSubSubscriptionChange change) =>
        $"{(change.Subscription.LeaseEnd - change.Subscription.ChangedAt)?.TotalSeconds:0}";
}
