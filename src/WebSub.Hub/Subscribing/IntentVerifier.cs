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
/// Takes stored requests, verifies the intent behind each (§5.3) and stores what came of it. Nothing changes for an active subscription
/// until its new request is verified (H7). Requests in flight are limited in all and per host: a host that hangs delays no other's
/// verification.
/// </summary>
internal sealed class IntentVerifier(
    HubNode node,
    IOptions<HubOptions> options,
    RequestStore requests,
    SubscriptionStore subscriptions,
    PatternStore patterns,
    IntentRequest intent,
    SubscriptionPolicy policy,
    VerificationPace pace,
    IntentSignal signal,
    LaneMembership membership,
    BehindSignal behind,
    FetchSignal fetch,
    HubEvents events,
    HubClock time,
    ILogger<IntentVerifier> logger
) : HubLoop(node, signal, time, logger)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private readonly WorkPlaces _places = new(options.Value.Verification.MaxConcurrency, all: 1024, oldPerHost: 32, signal, time);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!Node.IsSeen)
            return UntilSeen;
        var now = DatabaseTime.Now(Time);
        if (await requests.NextDueAsync(cancellationToken) is not { } due)
            return LongestSleep;
        if (due > now)
            return due - now < LongestSleep ? due - now : LongestSleep;

        var room = _places.Free;
        if (room <= 0)
        {
            _places.MakeRoom();
            return LongestSleep;
        }

        var until = now + options.Value.Verification.Timeout + Margin;
        foreach (var request in await requests.ClaimAsync(Node.Name, room, now, until, cancellationToken))
        {
            _ = VerifyAsync(request, cancellationToken);
        }

        return TimeSpan.Zero;
    }

    private async Task VerifyAsync(RequestRow request, CancellationToken cancellationToken)
    {
        using var place = _places.Take(request.CallbackHost);
        try
        {
            if (request.Verdict != IntentVerdict.Accepted && (place is null || !pace.MayAsk(request.CallbackHost)))
            {
                await requests.PostponeAsync(request, DatabaseTime.Now(Time) + Turn, cancellationToken);
                return;
            }

            // The lease counts from the verification request (§5.3.1), so the clock is read before it goes out.
            var askedAt = DatabaseTime.Now(Time);
            var (answer, reason) =
                request.Verdict == IntentVerdict.Accepted
                    ? (IntentAnswer.Confirmed, "")
                    : await AskAsync(request, place?.Ended ?? default, cancellationToken);
            using var saving = Start(WebSubHubTelemetry.VerifySave, ActivityKind.Internal, request);
            await (
                answer switch
                {
                    IntentAnswer.Confirmed when request.Verdict == IntentVerdict.Denied => DropAsync(
                        request,
                        $"denied: {request.Reason}",
                        cancellationToken
                    ),
                    IntentAnswer.Confirmed => AcceptAsync(request, askedAt, cancellationToken),
                    IntentAnswer.Failed when request.Attempts < options.Value.Verification.RetryDelays.Count => PutOffAsync(
                        request,
                        reason,
                        cancellationToken
                    ),
                    _ => DropAsync(request, reason, cancellationToken),
                }
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the claim ends by itself and the request is verified after the next start.
        }
#pragma warning disable CA1031 // The request stays stored; its claim ends and it is taken again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LoopFailed(Logger, e, nameof(IntentVerifier));
        }
    }

    private async Task<(IntentAnswer Answer, string Reason)> AskAsync(
        RequestRow request,
        CancellationToken crowdedOut,
        CancellationToken cancellationToken
    )
    {
        using var activity = Start(WebSubHubTelemetry.Verify, ActivityKind.Client, request);
        var (answer, reason) = await intent.AskAsync(request, options.Value.Verification.Timeout, crowdedOut, cancellationToken);
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
            // Many may have asked before the first of them was counted.
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
                        ? subscriptions.ActivateAsync(request, askedAt, leaseEnd, now, cancellationToken)
                        : patterns.ActivateAsync(request, askedAt, leaseEnd, now, cancellationToken)
                )
                is not { } topicId
            )
                return;
            membership.Changed(topicId.Value);
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
            // A newer request took its place, and will be verified itself.
            if (!counts)
                return;
            if (topicId is { } ended)
                membership.Changed(ended.Value);
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
        await requests.DropAsync(request, DatabaseTime.Now(Time), cancellationToken);
        Log.NotConfirmed(Logger, request.Mode, request.Callback, request.Topic, reason);
        if (request.Verdict == IntentVerdict.Denied)
            events.Tell(WebSubHubChangeKind.Denied, request.Topic, request.Callback, request.Reason);
        else
            events.Tell(WebSubHubChangeKind.NotConfirmed, request.Topic, request.Callback, reason);
    }
}
