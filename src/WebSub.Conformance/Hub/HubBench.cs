using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Conformance.Hub;

/// <summary>What a check works with: the hub, topics and callbacks of its own, and a transcript.</summary>
internal sealed class HubBench(HubCheckOptions options, PeerServer server, HttpClient http, TimeProvider time, CancellationToken over)
    : ICheckBench
{
    private static readonly TimeSpan NudgeEvery = TimeSpan.FromSeconds(3);

    /// <summary>The statuses that lead elsewhere.</summary>
    public static readonly IReadOnlyList<int> Redirects = [301, 302, 303, 307, 308];

    /// <summary>The lease that requests ask for unless a check is about leases.</summary>
    public const int UsualLease = 86_400;

    public Transcript Transcript { get; } = new(time, options.ApiKey);

    /// <inheritdoc/>
    public IReadOnlyList<Exchange> Exchanges => Transcript.Exchanges;

    public HubCheckOptions Options => options;

    public CancellationToken Over => over;

    public PeerTopic Topic() => new(server, Transcript, options.Hub);

    /// <param name="rest">What its URL has beyond its own name: more path, a query.</param>
    public PeerCallback Callback(string rest = "") => new(server, Transcript, time, rest);

    /// <summary>A subscription that the hub has to accept and verify; returns the verification.</summary>
    public Task<ReceivedRequest> SubscribeAsync(PeerCallback callback, PeerTopic topic, params (string Name, string Value)[] more) =>
        VerifiedAsync(HubModes.Subscribe, callback, topic, more);

    /// <summary>The end of a subscription, which the hub has to accept and verify; returns the verification.</summary>
    public Task<ReceivedRequest> UnsubscribeAsync(PeerCallback callback, PeerTopic topic, params (string Name, string Value)[] more) =>
        VerifiedAsync(HubModes.Unsubscribe, callback, topic, more);

    /// <summary>
    /// A request whose verification the callback refuses, and a moment for the hub to read that. What the hub answers is its own matter.
    /// </summary>
    public async Task RefusedAsync(string mode, PeerCallback callback, PeerTopic topic, params (string Name, string Value)[] more)
    {
        var before = callback.Verifications.All.Count;
        await AskAsync(mode, callback, topic, more).ConfigureAwait(false);
        await VerificationAsync(callback, mode, before).ConfigureAwait(false);
        await PauseAsync(options.Quiet).ConfigureAwait(false);
    }

    /// <summary>The first request that verifies or denies what was asked for.</summary>
    public Task<ReceivedRequest> FirstVerificationAsync(PeerCallback callback, string what = "verification") =>
        callback.Verifications.FirstAsync(_ => true, what, options.Patience, over);

    /// <summary>A request that the hub has to accept.</summary>
    public async Task<HubAnswer> AcceptedAsync(
        string mode,
        PeerCallback callback,
        PeerTopic topic,
        params (string Name, string Value)[] more
    )
    {
        var answer = await AskAsync(mode, callback, topic, more).ConfigureAwait(false);
        return answer.IsAccepted
            ? answer
            : throw new CheckFailedException(
                $"the hub answered {answer.Status} to a correct request ({mode}): \"{answer.Said}\"; 202 would be right"
            );
    }

    /// <summary>
    /// A request in the usual form: mode, topic, callback, a lease on subscribing, and what is added. What is added without a value is left
    /// out.
    /// </summary>
    public Task<HubAnswer> AskAsync(string mode, PeerCallback callback, PeerTopic topic, params (string Name, string Value)[] more)
    {
        var fields = new HubFields()
            .Add(HubParameters.Mode, mode)
            .Add(HubParameters.Topic, topic.Url)
            .Add(HubParameters.Callback, callback.Url);
        if (mode == HubModes.Subscribe && !more.Any(m => m.Name == HubParameters.LeaseSeconds))
            fields = fields.Add(HubParameters.LeaseSeconds, UsualLease);
        foreach (var (name, value) in more.Where(m => m.Value.Length > 0))
            fields = fields.Add(name, value);
        return PostAsync(fields);
    }

    /// <summary>Shows a new text, and tells the hub.</summary>
    public Task UpdateAsync(PeerTopic topic, string text, string contentType = "text/plain")
    {
        topic.Show(text, contentType);
        return PingAsync(topic, HubParameters.Url);
    }

    /// <summary>Tells the hub that a topic has changed (X4).</summary>
    public Task PingAsync(PeerTopic topic, string field) => PingAsync((field, topic.Url));

    /// <summary>Tells the hub that what these fields name has changed (X4).</summary>
    public async Task PingAsync(params (string Name, string Value)[] changed)
    {
        var fields = new HubFields().Add(HubParameters.Mode, HubModes.Publish);
        foreach (var (name, value) in changed)
            fields = fields.Add(name, value);
        var answer = await PostAsync(fields).ConfigureAwait(false);
        if (!answer.IsAccepted)
            throw new CheckFailedException(
                $"the hub answered {answer.Status} to a ping of hub.mode=publish with {string.Join(" and ", changed.Select(c => c.Name))}: "
                    + $"\"{answer.Said}\"; 2xx would be right"
            );
    }

    /// <summary>The delivery of the text that the topic shows.</summary>
    public Task<ReceivedRequest> DeliveryAsync(PeerTopic topic, PeerCallback callback, string text) =>
        DeliveryAsync(topic, callback, d => d.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>
    /// The delivery that is wanted. A hub may read the answer to its verification later than we think, and the update came before the
    /// subscription then: while nothing comes, the topic is changed a little and the hub told again.
    /// </summary>
    public async Task<ReceivedRequest> DeliveryAsync(PeerTopic topic, PeerCallback callback, Func<ReceivedRequest, bool> isWanted)
    {
        var until = time.GetUtcNow() + options.Patience;
        while (time.GetUtcNow() + NudgeEvery < until)
        {
            if (await callback.Deliveries.FindAsync(isWanted, NudgeEvery, over).ConfigureAwait(false) is { } delivery)
                return delivery;
            topic.Touch();
            await PingAsync(topic, HubParameters.Url).ConfigureAwait(false);
        }

        return await callback.Deliveries.FirstAsync(isWanted, "delivery of the update", options.Patience, over).ConfigureAwait(false);
    }

    /// <summary>
    /// Publishes an update, and waits until a subscriber of the topic that is beyond doubt has it, then a little longer: whoever has
    /// nothing by then gets nothing.
    /// </summary>
    public async Task UpdateAndSettleAsync(PeerTopic topic, string text)
    {
        var witness = Callback();
        await SubscribeAsync(witness, topic).ConfigureAwait(false);
        await UpdateAsync(topic, text).ConfigureAwait(false);
        await DeliveryAsync(topic, witness, text).ConfigureAwait(false);
        await Task.Delay(options.Quiet, time, over).ConfigureAwait(false);
    }

    /// <summary>Fails if the callback has got the text.</summary>
    public static void ExpectNothing(PeerCallback callback, string text, string why)
    {
        if (callback.Deliveries.All.Any(d => d.Text.Contains(text, StringComparison.Ordinal)))
            throw new CheckFailedException(why);
    }

    /// <summary>True if this is the hub's URL, however it is written, and by whatever name of this machine.</summary>
    public bool IsTheHub(string url) =>
        url == options.Hub
        || (
            VerbatimUrl.TryCreate(url, out var one, out _)
            && VerbatimUrl.TryCreate(options.Hub, out var other, out _)
            && one.Scheme == other.Scheme
            && one.Port == other.Port
            && one.PathAndQuery == other.PathAndQuery
            && (one.Host == other.Host || (one.IsLoopback && other.IsLoopback))
        );

    public Task PauseAsync(TimeSpan length) => Task.Delay(length, time, over);

    /// <summary>A form to the hub.</summary>
    public Task<HubAnswer> PostAsync(HubFields fields) =>
        new HubCaller(http, Transcript, time, options.Patience).PostAsync(options.Hub, fields, options.ApiKey, over);

    private async Task<ReceivedRequest> VerifiedAsync(
        string mode,
        PeerCallback callback,
        PeerTopic topic,
        (string Name, string Value)[] more
    )
    {
        var before = callback.Verifications.All.Count;
        await AcceptedAsync(mode, callback, topic, more).ConfigureAwait(false);
        var verification = await VerificationAsync(callback, mode, before).ConfigureAwait(false);
        await PauseAsync(options.Settle).ConfigureAwait(false);
        return verification.Parameter(HubParameters.Mode) == HubModes.Denied
            ? throw new CheckFailedException(
                $"the hub denied the subscription: \"{Transcript.Quote(verification.Parameter(HubParameters.Reason) ?? "")}\"; "
                    + $"is it open to topics and callbacks at {server.PublicUrl}?"
            )
            : verification;
    }

    /// <summary>The first request beyond those that came before.</summary>
    private Task<ReceivedRequest> VerificationAsync(PeerCallback callback, string mode, int before) =>
        callback.Verifications.FirstAsync(
            v => callback.Verifications.All.Skip(before).Contains(v),
            $"verification of the intent to {mode}",
            options.Patience,
            over
        );
}
