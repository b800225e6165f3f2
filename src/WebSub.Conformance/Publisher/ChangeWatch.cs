using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Conformance.Publisher;

/// <summary>
/// Subscribes at every hub that the topic names, has it changed, and waits for the deliveries: one time for all checks, and only if a
/// change was asked for. Ends the subscriptions afterwards.
/// </summary>
internal sealed class ChangeWatch
{
    private const int Lease = 3600;
    private readonly PublisherCheckOptions _options;
    private readonly PageVisit _page;
    private readonly TopicReader _reader;
    private readonly PeerServer _server;
    private readonly OwnHub _own;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly CancellationToken _over;
    private readonly Once<Change> _change;

    public ChangeWatch(
        PublisherCheckOptions options,
        PageVisit page,
        TopicReader reader,
        PeerServer server,
        OwnHub own,
        HttpClient http,
        TimeProvider time,
        CancellationToken over
    )
    {
        (_options, _page, _reader, _server, _own, _http, _time, _over) = (options, page, reader, server, own, http, time, over);
        _change = new(RunAsync);
        Transcript = new(time);
        own.WriteTo(Transcript);
    }

    public Transcript Transcript { get; }

    /// <summary>What became of the change.</summary>
    /// <exception cref="CheckSkippedException">None was asked for, or it could not be made.</exception>
    public Task<Change> ObserveAsync() =>
        _options.Change is null
            ? throw new CheckSkippedException("needs a change of the topic, which was not asked for; nothing was subscribed anywhere")
            : _change.GetAsync();

    private async Task<Change> RunAsync()
    {
        var (page, self) = await _page.TopicAsync().ConfigureAwait(false);
        var before = await ReadAsync(self).ConfigureAwait(false);
        var callbacks = page.Hubs.ToDictionary(h => h, _ => new PeerCallback(_server, Transcript, _time, ""), StringComparer.Ordinal);
        var problems = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (hub, callback) in callbacks)
            problems[hub] = _own.Is(hub) ? null : await SubscribeAsync(hub, callback, self).ConfigureAwait(false);

        var watched = callbacks.Where(c => problems[c.Key] is null).ToList();
        var heard = new Dictionary<string, HubWatch>(StringComparer.Ordinal);
        if (watched.Count > 0)
        {
            await Task.Delay(_options.Settle, _time, _over).ConfigureAwait(false);
            _own.Fetch = () => FetchAsync(self);
            var from = _time.GetUtcNow();
            if (await _options.Change!(_over).ConfigureAwait(false) is { } fault)
                throw new CheckSkippedException($"the topic could not be changed: {fault}");
            foreach (var watch in await Task.WhenAll(watched.Select(w => HearAsync(w.Key, w.Value, self, from))).ConfigureAwait(false))
                heard[watch.Hub] = watch;
        }

        var after = await ReadAsync(self).ConfigureAwait(false);
        foreach (var (hub, callback) in watched.Where(w => !_own.Is(w.Key)))
            await UnsubscribeAsync(hub, callback, self).ConfigureAwait(false);
        return new(
            before,
            after,
            [.. page.Hubs.Select(h => heard.GetValueOrDefault(h) ?? new(h, problems[h], Delivery: null, Ping: null, Content: null))]
        );
    }

    /// <summary>What a hub delivers, or is told, after the change.</summary>
    private async Task<HubWatch> HearAsync(string hub, PeerCallback callback, string self, DateTimeOffset from)
    {
        if (!_own.Is(hub))
        {
            var delivery = await callback.Deliveries.FindAsync(d => d.At >= from, _options.ChangePatience, _over).ConfigureAwait(false);
            return new(hub, Problem: null, delivery, Ping: null, delivery?.Body);
        }

        var ping = await _own
            .Pings.FindAsync(p => p.Request.At >= from && OwnHub.Names(p, self), _options.ChangePatience, _over)
            .ConfigureAwait(false);
        var found = ping is null ? null : await ping.Topic.ConfigureAwait(false);
        return new(hub, Problem: null, Delivery: null, ping?.Request, found?.Body);
    }

    private async Task<Visit> ReadAsync(string self) =>
        await FetchAsync(self).ConfigureAwait(false) ?? throw new CheckSkippedException("the topic cannot be fetched; see P1-self");

    /// <summary>What the topic serves; null if it cannot be fetched.</summary>
    private async Task<Visit?> FetchAsync(string self)
    {
        try
        {
            return await _reader.ReadAsync(self, Transcript, _over).ConfigureAwait(false) is { IsSuccess: true } topic ? topic : null;
        }
        catch (CheckFailedException)
        {
            return null;
        }
    }

    /// <summary>Null, or why there is no subscription.</summary>
    private async Task<string?> SubscribeAsync(string hub, PeerCallback callback, string self)
    {
        if (IsPublic(hub) && !IsPublic(callback.Url))
            return $"{hub} cannot reach a callback at {_server.PublicUrl}; say where it reaches this machine";
        try
        {
            var answer = await AskAsync(HubModes.Subscribe, hub, callback, self).ConfigureAwait(false);
            if (!answer.IsAccepted)
                return $"{hub} answered {answer.Status} to a subscription: \"{answer.Said}\"";
            var verification = await callback.Verifications.FindAsync(_ => true, _options.Patience, _over).ConfigureAwait(false);
            return verification?.Parameter(HubParameters.Mode) switch
            {
                HubModes.Subscribe => null,
                HubModes.Denied =>
                    $"{hub} denied a subscription: \"{Transcript.Quote(verification.Parameter(HubParameters.Reason) ?? "")}\"",
                _ => $"{hub} did not verify a subscription",
            };
        }
        catch (CheckFailedException e)
        {
            return $"{hub}: {e.Message}";
        }
    }

    private async Task UnsubscribeAsync(string hub, PeerCallback callback, string self)
    {
        try
        {
            await AskAsync(HubModes.Unsubscribe, hub, callback, self).ConfigureAwait(false);
            await callback
                .Verifications.FindAsync(v => v.Parameter(HubParameters.Mode) == HubModes.Unsubscribe, _options.Patience, _over)
                .ConfigureAwait(false);
        }
        catch (CheckFailedException)
        {
            // The lease ends it then.
        }
    }

    private Task<HubAnswer> AskAsync(string mode, string hub, PeerCallback callback, string self) =>
        new HubCaller(_http, Transcript, _time, _options.Patience).PostAsync(
            hub,
            new HubFields()
                .Add(HubParameters.Mode, mode)
                .Add(HubParameters.Topic, self)
                .Add(HubParameters.Callback, callback.Url)
                .Add(HubParameters.LeaseSeconds, Lease),
            apiKey: null,
            _over
        );

    private static bool IsPublic(string url) => VerbatimUrl.TryCreate(url, out var uri, out _) && !AddressGuard.IsPrivateHost(uri);
}
