using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;

namespace WebSub.Conformance.Subscriber;

/// <summary>
/// The hub of one topic: accepts every request and verifies it, in the way that belongs to the topic. <c>/second</c> below its URL is
/// another hub, <c>/decoy</c> one that nobody should ask.
/// </summary>
internal sealed class TopicHub
{
    private const long UsualLease = 86_400;
    private const string Tls = "TLS";
    private readonly TopicKind _kind;
    private readonly SubscriberCheckOptions _options;
    private readonly CallbackCaller _caller;
    private readonly Transcript _transcript;
    private readonly TimeProvider _time;
    private readonly CancellationToken _over;

    public TopicHub(
        TopicKind kind,
        SubscriberCheckOptions options,
        PeerServer server,
        CallbackCaller caller,
        Transcript transcript,
        TimeProvider time,
        CancellationToken over
    )
    {
        (_kind, _options, _caller, _transcript, _time, _over) = (kind, options, caller, transcript, time, over);
        Asked = new(time);
        Requests = new(time);
        Url = server.PublicUrl + server.Add("hub", AnswerAsync);
        if (kind == TopicKind.TwoSchemes)
            server.SecureTried += (_, _) => TriedSecurely();
    }

    public string Url { get; }

    public string Second => $"{Url}/second";

    public string Decoy => $"{Url}/decoy";

    /// <summary>The same with https, where nothing is served: it shows only whether it is asked.</summary>
    public string Secure => "https" + Url[Url.IndexOf(':', StringComparison.Ordinal)..];

    /// <summary>Everything that came to the hub, the decoy and attempts with https included.</summary>
    public Inbox<ReceivedRequest> Asked { get; }

    /// <summary>The requests that it took.</summary>
    public Inbox<HubRequest> Requests { get; }

    /// <summary>The lease that it grants, in seconds.</summary>
    public long Lease => _kind == TopicKind.Rss && _options.IncludeLong ? Math.Max(1, (long)_options.ShortLease.TotalSeconds) : UsualLease;

    public static bool IsDecoy(ReceivedRequest request) => request.Path.EndsWith("/decoy", StringComparison.Ordinal);

    /// <summary>True if it is no request, but the attempt to make one with https.</summary>
    public static bool IsSecure(ReceivedRequest request) => request.Method == Tls;

    private void TriedSecurely()
    {
        _transcript.Noted($"a TLS handshake, as for {Secure}", "closed: the check has no certificate");
        Asked.Add(new(_time.GetUtcNow(), Tls, "", [], []));
    }

    private async Task<PeerAnswer> AnswerAsync(ReceivedRequest request, CancellationToken cancellationToken)
    {
        var answer = Redirect(request) is { } elsewhere
            ? PeerAnswer.Text(elsewhere.Status).With("Location", elsewhere.Url)
            : await TakeAsync(request).ConfigureAwait(false);
        _transcript.Received(request, answer);
        Asked.Add(request);
        return answer;
    }

    private (int Status, string Url)? Redirect(ReceivedRequest request) =>
        _kind != TopicKind.Relative || request.Path.EndsWith("/last", StringComparison.Ordinal) ? null
        : request.Path.EndsWith("/next", StringComparison.Ordinal) ? (308, $"{Url}/last")
        : (307, $"{Url}/next");

    private async Task<PeerAnswer> TakeAsync(ReceivedRequest request)
    {
        if (request.Method != "POST")
            return PeerAnswer.Text(405, "a hub takes POST");
        if (IsDecoy(request))
            return PeerAnswer.Text(202);
        var form = HubFields.TryParse(request.Body, out var fields, out _) ? fields : new();
        if (form[HubParameters.Callback] is not { Length: > 0 } || form[HubParameters.Topic] is not { Length: > 0 })
            return Refuse(request, form, "hub.callback and hub.topic are needed");
        if (form[HubParameters.Mode] is not (HubModes.Subscribe or HubModes.Unsubscribe))
            return Refuse(request, form, "hub.mode must be subscribe or unsubscribe");

        var challenge = CallbackCaller.NewChallenge();
        var verification = VerifyAsync(form, challenge);
        if (_kind == TopicKind.Page)
            await ((Task)verification).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Requests.Add(new(request, form, challenge, verification));
        return PeerAnswer.Text(_kind == TopicKind.Redirected ? 204 : 202);
    }

    private PeerAnswer Refuse(ReceivedRequest request, HubFields form, string reason)
    {
        var none = Task.FromException<CallbackAnswer>(new CheckSkippedException($"the request was refused: {reason}; see S4"));
        Requests.Add(new(request, form, "", none));
        return PeerAnswer.Text(400, reason);
    }

    private async Task<CallbackAnswer> VerifyAsync(HubFields form, string challenge)
    {
        if (_kind != TopicKind.Page)
            await Task.Delay(_options.Settle, _time, _over).ConfigureAwait(false);
        // With an unsubscribe a lease means nothing, and must not matter (S18).
        var query = new HubFields()
            .Add(HubParameters.Mode, form[HubParameters.Mode])
            .Add(HubParameters.Topic, form[HubParameters.Topic])
            .Add(HubParameters.Challenge, challenge)
            .Add(HubParameters.LeaseSeconds, form[HubParameters.Mode] == HubModes.Subscribe ? Lease : 1);
        return await _caller.GetAsync(form[HubParameters.Callback]!, query, _over).ConfigureAwait(false);
    }
}
