using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>
/// What happens between subscribing and its end: tells of each event, hands updates on, knows when it is over.
/// </summary>
internal sealed partial class ListenSession(ListenSettings settings, ListenPrinter printer, UpdateSink sink, TimeProvider time)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<string?>> _closing = new();
    private readonly HashSet<Guid> _accepted = [];

    /// <summary>Completes when the subscription is not to be had.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when the hub has confirmed the subscription, now or in an earlier run.</summary>
    public Task Confirmed => _confirmed.Task;

    /// <summary>True once a hub has answered a request with 2xx, or has verified it.</summary>
    public bool HasBeenAccepted { get; private set; }

    /// <summary>True once the hub has asked back about a subscription, with whatever success.</summary>
    public bool HasBeenAsked { get; private set; }

    /// <summary>The subscription that was asked for on the command line.</summary>
    public Guid Main { get; private set; }

    /// <summary>Names the subscription that this is about.</summary>
    public void Begin(WebSubSubscription main)
    {
        Main = main.Id;
        if (main.State == WebSubSubscriptionState.Active)
            _confirmed.TrySetResult();
    }

    /// <summary>Completes when the hub has let go of a subscription, or it is clear that it will not: then with a sentence.</summary>
    public Task<string?> ClosedAsync(Guid id) => Closing(id).Task;

    /// <summary>Something happened to a subscription.</summary>
    public void Changed(WebSubSubscriptionChange change)
    {
        var subscription = change.Subscription;
        var reason = Explain(change);
        HasBeenAsked |=
            change.Kind is WebSubChangeKind.Verified or WebSubChangeKind.VerificationRefused
            || subscription.RequestState == WebSubRequestState.VerificationError;
        switch (change.Kind)
        {
            case WebSubChangeKind.Accepted when subscription.State is WebSubSubscriptionState.Pending or WebSubSubscriptionState.Expired:
                Accepted(change);
                break;
            case WebSubChangeKind.Verified:
                // A quick hub verifies before its answer to the request is here (S31); then the question is the answer.
                if (!_accepted.Contains(subscription.Id))
                    Accepted(change);
                _accepted.Remove(subscription.Id);
                Write(
                    change,
                    EventName.Verified,
                    $"lease {Lease(change)}; deliveries are {(subscription.IsSigned ? "signed" : "not signed")}"
                );
                Confirm(subscription.Id);
                break;
            case WebSubChangeKind.Renewed:
                Write(change, EventName.Renewed, $"lease {Lease(change)}");
                Confirm(subscription.Id);
                break;
            case WebSubChangeKind.Denied:
                Final(
                    change,
                    EventName.Denied,
                    "The hub denied the subscription"
                        + (change.Reason is null ? "." : $": {change.Reason}{Outbound.HubHint(change.Reason)}")
                );
                break;
            case WebSubChangeKind.Expired:
                Write(change, EventName.Expired, reason);
                break;
            case WebSubChangeKind.DeliveryRejected:
                Write(change, EventName.Rejected, reason);
                break;
            case WebSubChangeKind.Unsubscribed:
                Write(change, EventName.Unsubscribed, change.Reason ?? "the hub has let go");
                Closing(subscription.Id).TrySetResult(null);
                break;
            case WebSubChangeKind.AttemptFailed
            or WebSubChangeKind.GaveUp
                when subscription.State is WebSubSubscriptionState.Unsubscribing or WebSubSubscriptionState.Unsubscribed:
                Closing(subscription.Id).TrySetResult(reason);
                break;
            case WebSubChangeKind.AttemptFailed
                when subscription.State is WebSubSubscriptionState.Pending && MayPass(subscription.RequestState, change.Reason):
                Write(change, EventName.Failed, $"{reason.TrimEnd('.')}. It is asked again at {Clock(subscription.NextActionAt)}.");
                break;
            case WebSubChangeKind.AttemptFailed
            or WebSubChangeKind.GaveUp when subscription.State is WebSubSubscriptionState.Pending or WebSubSubscriptionState.Failed:
                // The library would try for hours; whoever sits at a terminal wants to know now.
                Final(change, EventName.Failed, reason);
                break;
            case WebSubChangeKind.AttemptFailed
            or WebSubChangeKind.GaveUp
            or WebSubChangeKind.VerificationRefused
            or WebSubChangeKind.HubError:
                Write(change, EventName.Failed, reason);
                break;
        }
    }

    /// <summary>An update arrived, and its signature was good.</summary>
    public async Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        // Told in the order in which things happened.
        if (notification.Subscription.Id == Main)
            await _confirmed.Task.WaitAsync(cancellationToken);
        await sink.TakeAsync(notification, sequence: null, cancellationToken);
    }

    private void Accepted(WebSubSubscriptionChange change)
    {
        HasBeenAccepted = true;
        _accepted.Add(change.Subscription.Id);
        Write(change, EventName.Subscribed, $"{change.Subscription.Hub} took the request and will ask back");
    }

    private void Confirm(Guid id)
    {
        if (id == Main)
            _confirmed.TrySetResult();
    }

    private void Final(WebSubSubscriptionChange change, string what, string reason)
    {
        if (change.Subscription.Id != Main)
        {
            Write(change, what, reason);
            return;
        }

        if (settings.Json)
            Write(change, what, reason);
        Report.Complain(reason);
        _ended.TrySetResult();
    }

    private TaskCompletionSource<string?> Closing(Guid id) =>
        _closing.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Write(WebSubSubscriptionChange change, string what, string text)
    {
        var subscription = change.Subscription;
        printer.Write(
            new()
            {
                Event = what,
                Topic = subscription.Topic ?? settings.Url,
                At = change.At,
                Hub = subscription.Hub,
                Callback = what == EventName.Subscribed ? subscription.CallbackUrl : null,
                Signed = what == EventName.Verified ? subscription.IsSigned : null,
                LeaseSeconds = what is EventName.Verified or EventName.Renewed
                    ? (long?)(subscription.LeaseEnd - subscription.ChangedAt)?.TotalSeconds
                    : null,
                LeaseEnd = what is EventName.Verified or EventName.Renewed ? subscription.LeaseEnd : null,
                Reason =
                    what is EventName.Denied ? change.Reason
                    : what is EventName.Rejected or EventName.Failed or EventName.Expired ? text
                    : change.Reason,
            },
            text
        );
    }

    /// <summary>True for what is over by itself: a hub that is busy, and a stranger's malformed request at the callback.</summary>
    private static bool MayPass(WebSubRequestState? request, string? reason) =>
        request is WebSubRequestState.VerificationError or WebSubRequestState.VerificationTimeout
        || (request is WebSubRequestState.HubError && Busy().IsMatch(reason ?? ""));

    [GeneratedRegex("^The hub answered (408|425|429|5[0-9][0-9])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Busy();

    private string Clock(DateTimeOffset? at) => at is { } t ? $"{TimeZoneInfo.ConvertTime(t, time.LocalTimeZone):HH:mm:ss}" : "some time";

    private static string Explain(WebSubSubscriptionChange change)
    {
        var reason = change.Reason ?? change.Kind.ToString();
        // What a beginner types is the hub's site; its endpoint has a path.
        if (
            reason.StartsWith("The hub answered 404", StringComparison.Ordinal)
            || reason.StartsWith("The hub answered 405", StringComparison.Ordinal)
        )
        {
            reason += " Is that the hub's endpoint? That of websub hub ends with /hub.";
        }

        return reason + (change.Kind == WebSubChangeKind.HubError ? Outbound.HubHint(reason) : Outbound.HintOn(reason));
    }

    private string Lease(WebSubSubscriptionChange change)
    {
        if (change.Subscription.LeaseEnd is not { } end)
            return "unknown";
        var length = end - change.Subscription.ChangedAt;
        var words =
            length.TotalDays >= 2 ? $"{length.TotalDays:0.#} days"
            : length.TotalHours >= 2 ? $"{length.TotalHours:0.#} hours"
            : length.TotalMinutes >= 2 ? $"{length.TotalMinutes:0.#} minutes"
            : $"{length.TotalSeconds:0} seconds";
        return $"{words}, until {TimeZoneInfo.ConvertTime(end, time.LocalTimeZone):yyyy-MM-dd HH:mm:ss}";
    }
}
