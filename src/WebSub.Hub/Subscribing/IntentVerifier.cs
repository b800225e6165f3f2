using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Takes stored requests, verifies the intent behind each (§5.3) and stores the outcome. Nothing changes for an active subscription until
/// its new request is verified (H7). Requests in flight are limited in total and per host, so a host that does not answer delays no other
/// host's verification.
/// </summary>
internal sealed class IntentVerifier(
    HubNode node,
    IOptions<HubOptions> options,
    RequestStore requests,
    ActivationStore activations,
    SubscriptionStore subscriptions,
    PatternStore patterns,
    IntentRequest intent,
    SubscriptionPolicy policy,
    IntentSignal signal,
    LaneMembership membership,
    BehindSignal behind,
    FetchSignal fetch,
    HubEvents events,
    HubMetrics metrics,
    HubClock time,
    ILogger<IntentVerifier> logger
)
    : HubClaimLoop<RequestRow>(
        node,
        new WorkPlaces(options.Value.Verification.MaxConcurrency, all: 1024, oldPerHost: 32, signal, time),
        options.Value.Verification.PerHostPerMinute,
        signal,
        time,
        logger
    )
{
    /// <inheritdoc/>
    protected override TimeSpan Timeout => options.Value.Verification.Timeout;

    /// <inheritdoc/>
    protected override Task<DatabaseTime?> FindDueAsync(CancellationToken cancellationToken) => requests.NextDueAsync(cancellationToken);

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<RequestRow>> ClaimAsync(
        string node,
        int room,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) => requests.ClaimAsync(node, room, now, until, cancellationToken);

    /// <inheritdoc/>
    protected override string HostOf(RequestRow row) => row.CallbackHost;

    /// <inheritdoc/>
    protected override bool AsksHost(RequestRow row) => row.Verdict != IntentVerdict.Accepted;

    /// <inheritdoc/>
    protected override string NameOf(RequestRow item) => item.Callback;

    /// <inheritdoc/>
    protected override Task PostponeAsync(RequestRow row, DatabaseTime due, CancellationToken cancellationToken) =>
        requests.PostponeAsync(row, due, cancellationToken);

    /// <inheritdoc/>
    protected override async Task RunAsync(RequestRow row, CancellationToken crowdedOut, CancellationToken cancellationToken)
    {
        // The lease counts from the verification request (§5.3.1), so the clock is read before it goes out.
        var askedAt = DatabaseTime.Now(Time);
        var (answer, reason) =
            row.Verdict == IntentVerdict.Accepted ? (IntentAnswer.Confirmed, "") : await AskAsync(row, crowdedOut, cancellationToken);
        using var saving = Start(WebSubHubTelemetry.VerifySave, ActivityKind.Internal, row);
        await (
            answer switch
            {
                IntentAnswer.Confirmed when row.Verdict == IntentVerdict.Denied => DropAsync(
                    row,
                    $"denied: {row.Reason}",
                    cancellationToken
                ),
                IntentAnswer.Confirmed => AcceptAsync(row, askedAt, cancellationToken),
                IntentAnswer.Failed when row.Attempts < options.Value.Verification.RetryDelays.Count => PutOffAsync(
                    row,
                    reason,
                    cancellationToken
                ),
                _ => DropAsync(row, reason, cancellationToken),
            }
        );
    }

    private async Task<(IntentAnswer Answer, string Reason)> AskAsync(
        RequestRow request,
        CancellationToken crowdedOut,
        CancellationToken cancellationToken
    )
    {
        using var activity = Start(WebSubHubTelemetry.Verify, ActivityKind.Client, request);
        var (answer, reason) = await intent.AskAsync(request, options.Value.Verification.Timeout, crowdedOut, cancellationToken);
        metrics.Verified(
            answer switch
            {
                IntentAnswer.Confirmed => "confirmed",
                IntentAnswer.Rejected => "rejected",
                _ => "failed",
            }
        );
        if (answer != IntentAnswer.Confirmed)
            activity.Fail(reason);
        return (answer, reason);
    }

    private static Activity? Start(string name, ActivityKind kind, RequestRow request) =>
        WebSubHubTelemetry
            .Start(name, kind)
            ?.SetTag("websub.mode", request.Mode)
            .SetTag("websub.topic", request.Topic)
            .SetTag("websub.callback", request.Callback);

    private async Task AcceptAsync(RequestRow request, DatabaseTime askedAt, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        if (request.Mode == HubModes.Subscribe)
        {
            // Many requests may have come in before the first of them was counted.
            using var turn = await policy.CountAsync(request, cancellationToken);
            if (await policy.CapRefusalAsync(request, cancellationToken) is { } refusal)
            {
                await requests.DenyAsync(request, refusal, now, cancellationToken);
                return;
            }

            var leaseEnd = askedAt + TimeSpan.FromSeconds(request.LeaseSeconds);
            if (
                await (
                    request.Pattern is null
                        ? activations.ActivateAsync(new(request, askedAt, leaseEnd, now), cancellationToken)
                        : patterns.ActivateAsync(request, askedAt, leaseEnd, now, cancellationToken)
                )
                is not { } topicId
            )
                return;
            membership.Changed(topicId);
            behind.Raise();
            if (request.Initial)
                fetch.Raise();
        }
        else
        {
            var (counts, topicId) = await (
                request.Pattern is null
                    ? subscriptions.DeactivateAsync(request, now, cancellationToken)
                    : patterns.DeactivateAsync(request, now, cancellationToken)
            );
            // A newer request has replaced it and will be verified itself.
            if (!counts)
                return;
            if (topicId is { } ended)
                membership.Changed(ended);
        }

        Log.Verified(Logger, request.Mode, request.Callback, request.Topic, request.LeaseSeconds);
        events.Tell(
            request.Mode == HubModes.Subscribe ? WebSubHubChangeKind.Subscribed : WebSubHubChangeKind.Unsubscribed,
            request.Topic,
            request.Callback
        );
    }

    private Task PutOffAsync(RequestRow request, string reason, CancellationToken cancellationToken)
    {
        Log.VerificationPutOff(Logger, request.Callback, request.Topic, reason);
        var now = DatabaseTime.Now(Time);
        var wait = options.Value.Verification.RetryDelays[(int)request.Attempts];
        return requests.RetryAsync(request, now + wait, reason, now, cancellationToken);
    }

    private async Task DropAsync(RequestRow request, string reason, CancellationToken cancellationToken)
    {
        var isDenied = request.Verdict == IntentVerdict.Denied;
        var ending = new Ending(isDenied ? Ending.Denied : Ending.NotConfirmed, isDenied ? request.Reason : reason, DatabaseTime.Now(Time));
        await requests.DropAsync(request, ending, cancellationToken);
        Log.NotConfirmed(Logger, request.Mode, request.Callback, request.Topic, reason);
        if (isDenied)
            events.Tell(WebSubHubChangeKind.Denied, request.Topic, request.Callback, request.Reason);
        else
            events.Tell(WebSubHubChangeKind.NotConfirmed, request.Topic, request.Callback, reason);
    }
}
