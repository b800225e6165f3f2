using System.Globalization;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.Conformance.Subscriber;

/// <summary>A topic, its hub, and the one subscription that all checks share which are about them.</summary>
internal sealed class TopicScene
{
    private static readonly SignatureMethod[] Methods =
    [
        SignatureMethod.Sha256,
        SignatureMethod.Sha1,
        SignatureMethod.Sha512,
        SignatureMethod.Sha384,
    ];
    private readonly SubscriberCheckOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly CancellationToken _over;
    private readonly Once<string?> _start;
    private readonly Once<HubRequest> _subscribed;
    private readonly Once<Genuine> _delivered;
    private readonly Once<HubRequest> _ended;
    private readonly string _path;
    private Task _trigger = Task.CompletedTask;

    public TopicScene(
        TopicKind kind,
        SubscriberCheckOptions options,
        PeerServer server,
        HttpClient http,
        TimeProvider time,
        CancellationToken over
    )
    {
        (Kind, _options, _http, _time, _over) = (kind, options, http, time, over);
        Transcript = new(time);
        Visits = new(time);
        Hub = new(kind, options, server, new(http, Transcript, time, options.Patience), Transcript, time, over);
        _path = server.Add("topic", AnswerAsync);
        var root = server.PublicUrl + _path;
        (Url, Self) = kind switch
        {
            TopicKind.Headers => ($"{root}/page", $"{root}/self?a=%7Eb&c=d+e"),
            TopicKind.Redirected => ($"{root}/301", $"{root}/end"),
            TopicKind.Relative => ($"{root}/a/page", $"{root}/a/feed?b=c"),
            TopicKind.Notation => (root, $"{root}?a,b;c"),
            _ => (root, root),
        };
        _start = new(StartAsync);
        _subscribed = new(AwaitVerificationAsync);
        _delivered = new(DeliverGenuineAsync);
        _ended = new(EndAsync);
    }

    public TopicKind Kind { get; }

    /// <summary>What the subscriber is told.</summary>
    public string Url { get; }

    /// <summary>The topic that is found there.</summary>
    public string Self { get; }

    public TopicHub Hub { get; }

    public Transcript Transcript { get; }

    /// <summary>The requests for the topic.</summary>
    public Inbox<ReceivedRequest> Visits { get; }

    /// <summary>The check that says whether the topic's hub is found.</summary>
    public string Discovery =>
        Kind switch
        {
            TopicKind.Headers => "D7",
            TopicKind.Page => "D9-page",
            TopicKind.Atom => "D9-atom",
            TopicKind.Rss => "D9-rss",
            TopicKind.Redirected => "D14",
            TopicKind.Relative => "D13",
            TopicKind.TwoSchemes => "S28-https",
            _ => "D15",
        };

    /// <summary>Has the subscriber subscribe; null once it has asked the hub, or why it has not.</summary>
    public Task<string?> StartedAsync() => _start.GetAsync();

    /// <summary>The first request for a subscription that the hub took; null if there is none.</summary>
    public async Task<HubRequest?> RequestAsync() =>
        await StartedAsync().ConfigureAwait(false) is null
            ? await Hub
                .Requests.FindAsync(
                    r => r.Mode != HubModes.Unsubscribe,
                    Kind == TopicKind.Relative ? _options.Patience : _options.Settle,
                    _over
                )
                .ConfigureAwait(false)
            : null;

    /// <summary>The first request, confirmed by its callback.</summary>
    /// <exception cref="CheckSkippedException">There is none, or it was not confirmed.</exception>
    public Task<HubRequest> SubscribedAsync() => _subscribed.GetAsync();

    /// <summary>The first update of the subscription, rightly signed.</summary>
    /// <exception cref="CheckSkippedException">There is no subscription.</exception>
    /// <exception cref="CheckFailedException">The callback does not answer.</exception>
    public Task<Genuine> DeliveredAsync() => _delivered.GetAsync();

    /// <summary>The request that ends the subscription, once its verification is answered.</summary>
    /// <exception cref="CheckSkippedException">None was asked for, or there is no subscription.</exception>
    /// <exception cref="CheckFailedException">None came.</exception>
    public Task<HubRequest> EndedAsync() => _ended.GetAsync();

    /// <summary>An update, with the links of the topic.</summary>
    public Task<CallbackAnswer> DeliverAsync(Transcript transcript, HubRequest subscription, Update update, string? signature) =>
        DeliverAsync(transcript, subscription, update, signature, LinkHeader.Write([Hub.Url], Self));

    public Task<CallbackAnswer> DeliverAsync(
        Transcript transcript,
        HubRequest subscription,
        Update update,
        string? signature,
        string link
    ) => new CallbackCaller(_http, transcript, _time, _options.Patience).PostAsync(subscription.Callback!, update, link, signature, _over);

    public Task<CallbackAnswer> AskAsync(Transcript transcript, string callback, HubFields query) =>
        new CallbackCaller(_http, transcript, _time, _options.Patience).GetAsync(callback, query, _over);

    /// <summary>Ends when what makes the subscriber subscribe has ended.</summary>
    public Task CloseAsync() => _trigger;

    private async Task<string?> StartAsync()
    {
        var trigger = _options.Subscribe(Url, _over);
        _trigger = trigger;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_over);
        var asked = Hub.Asked.FindAsync(_ => true, _options.SubscribePatience, enough.Token);
        if (await Task.WhenAny(trigger, asked).ConfigureAwait(false) == trigger && await trigger.ConfigureAwait(false) is { } fault)
        {
            // What it wanted to be done may have been done all the same.
            if (Hub.Asked.All.Count > 0)
                return null;
            await enough.CancelAsync().ConfigureAwait(false);
            await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return fault;
        }

        if (await asked.ConfigureAwait(false) is not null)
            return null;
        var what = Visits.All.Count == 0 ? $"{Url} was not fetched" : $"{Url} was fetched, and its hub not asked";
        return string.Create(CultureInfo.InvariantCulture, $"{what} within {_options.SubscribePatience.TotalSeconds:0.#} s");
    }

    private async Task<HubRequest> AwaitVerificationAsync()
    {
        var request =
            await RequestAsync().ConfigureAwait(false)
            ?? throw new CheckSkippedException(
                $"there is no subscription to {Url}; see {(Kind == TopicKind.Relative && Hub.Asked.All.Count > 0 ? "S13" : Discovery)}"
            );
        try
        {
            var answer = await request.Verification.ConfigureAwait(false);
            if (!answer.IsSuccess)
                throw new CheckSkippedException($"the verification of {Url} was answered {answer.Status}; see S16");
        }
        catch (CheckFailedException)
        {
            throw new CheckSkippedException($"the subscription to {Url} could not be verified; see S4 and S16");
        }

        await Task.Delay(_options.Settle, _time, _over).ConfigureAwait(false);
        return request;
    }

    private async Task<Genuine> DeliverGenuineAsync()
    {
        var subscription = await SubscribedAsync().ConfigureAwait(false);
        var update = Update.Of(Kind);
        if (subscription.Secret is not { Length: > 0 } secret)
            return new(update, await DeliverAsync(Transcript, subscription, update, signature: null).ConfigureAwait(false), null);
        Genuine? first = null;
        foreach (var method in Methods)
        {
            var signature = HubSignature.Compute(method, Encoding.UTF8.GetBytes(secret), update.Body);
            var answer = await DeliverAsync(Transcript, subscription, update, signature).ConfigureAwait(false);
            var genuine = new Genuine(update, answer, method);
            if (answer.IsSuccess)
                return genuine;
            first ??= genuine;
        }

        return first!;
    }

    private async Task<HubRequest> EndAsync()
    {
        await SubscribedAsync().ConfigureAwait(false);
        if (_options.Unsubscribe is null)
            throw new CheckSkippedException("needs an unsubscribe, which was not asked for");
        if (await _options.Unsubscribe(Url, _over).ConfigureAwait(false) is { } fault)
            throw new CheckSkippedException($"the subscription could not be ended: {fault}");
        var request = await Hub
            .Requests.FirstAsync(r => r.Mode == HubModes.Unsubscribe, "request to unsubscribe", _options.SubscribePatience, _over)
            .ConfigureAwait(false);
        await ((Task)request.Verification).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(_options.Settle, _time, _over).ConfigureAwait(false);
        return request;
    }

    private Task<PeerAnswer> AnswerAsync(ReceivedRequest request, CancellationToken cancellationToken)
    {
        var answer = Redirect(request.Path[_path.Length..]) ?? Page();
        Transcript.Received(request, answer);
        Visits.Add(request);
        return Task.FromResult(answer);
    }

    private PeerAnswer? Redirect(string rest)
    {
        if (Kind != TopicKind.Redirected)
            return null;
        (int Status, string To)? hop = rest switch
        {
            "/301" => (301, "/302"),
            "/302" => (302, "/307"),
            "/307" => (307, "/308"),
            "/308" => (308, "/end"),
            _ => null,
        };
        var root = Url[..^"/301".Length];
        return hop is { } h
            ? PeerAnswer
                .Text(h.Status)
                .With("Location", root + h.To)
                // What stands on the way does not count.
                .With("Link", LinkHeader.Write([Hub.Decoy], Url))
            : null;
    }

    private PeerAnswer Page()
    {
        var links = Kind switch
        {
            TopicKind.Headers => TopicPages.Links(Kind, Url, Hub.Decoy),
            TopicKind.Atom => TopicPages.Links(Kind, Self, Hub.Url, Hub.Second),
            TopicKind.Page or TopicKind.Rss => TopicPages.Links(Kind, Self, Hub.Url),
            _ => "",
        };
        var (text, contentType) = TopicPages.Document(Kind, "nothing yet", links);
        var answer = new PeerAnswer(200, Encoding.UTF8.GetBytes(text), new KeyValuePair<string, string>("Content-Type", contentType));
        return Kind switch
        {
            TopicKind.Headers or TopicKind.Redirected => answer.With("Link", LinkHeader.Write([Hub.Url], Self)),
            TopicKind.TwoSchemes => answer.With("Link", LinkHeader.Write([Hub.Url, Hub.Secure], Self)),
            TopicKind.Relative => answer.With("Link", $"<{new Uri(Hub.Url).PathAndQuery}>; rel=\"hub\", <feed?b=c>; rel=\"self\""),
            // Several types in one rel, a name in capitals, without quotes, commas and semicolons within a target and within quotes.
            TopicKind.Notation => answer
                .With("Link", $"</style.css?a,b>; rel=preload; title=\"a, <b>; rel=hub\", <{Hub.Url}> ; title=\"x\" ; rel=\"start HUB\"")
                .With("Link", $"<{Self}>;rel=self"),
            _ => answer,
        };
    }
}
