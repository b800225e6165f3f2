using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.Conformance.Tests.Subscriber;

/// <summary>A small subscriber, right in everything but its fault.</summary>
internal sealed partial class ScriptedSubscriber : IAsyncDisposable
{
    private const long ShortLease = 60;
    private const int LongestChallenge = 1024;
    private readonly SubscriberFault _fault;
    private readonly WebApplication _app;
    private readonly HttpClient _http = Loopback.CreateClient();
    private readonly ConcurrentBag<ScriptedSubscription> _subscriptions = [];
    private readonly ConcurrentBag<string> _received = [];
    private readonly ConcurrentBag<Task> _renewals = [];
    private readonly string _oneSecret = RandomNumberGenerator.GetHexString(32);
    private int _keys;
    private int _renewed;

    private ScriptedSubscriber(SubscriberFault fault, WebApplication app)
    {
        (_fault, _app) = (fault, app);
        app.Run(AnswerAsync);
    }

    /// <summary>Everything that it took for genuine.</summary>
    public string Received => string.Join('\n', _received);

    public static async Task<ScriptedSubscriber> StartAsync(SubscriberFault fault)
    {
        var subscriber = new ScriptedSubscriber(fault, Loopback.BuildServer());
        await subscriber._app.StartAsync(TestContext.Current.CancellationToken);
        return subscriber;
    }

    /// <summary>Subscribes to what is found at the URL; null, or why it does not.</summary>
    public async Task<string?> SubscribeAsync(string url, CancellationToken cancellationToken)
    {
        var (hubs, self) = await DiscoverAsync(url, cancellationToken);
        if (hubs.Count == 0 || self is null)
            return "no hub and topic were found";
        var key = Is(SubscriberFault.S6SharesACallbackBetweenHubs) ? RandomKey() : null;
        foreach (var hub in hubs)
            await SubscribeAsync(url, hub, Is(SubscriberFault.S5SubscribesToWhatItWasTold) ? url : self, key, cancellationToken);
        return null;
    }

    /// <summary>Ends the subscription to what was found at the URL.</summary>
    public async Task<string?> UnsubscribeAsync(string url, CancellationToken cancellationToken)
    {
        if (Is(SubscriberFault.S4UnsubscribeIsNotSent))
            return null;
        var subscription = _subscriptions.First(s => s.Url == url);
        subscription.State = "ending";
        var topic = Is(SubscriberFault.S4UnsubscribeNamesAnotherTopic) ? $"{subscription.Topic}&x" : subscription.Topic;
        await PostAsync(subscription.Hub, Form("unsubscribe", topic, subscription.Key), cancellationToken);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_renewals);
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private bool Is(params ReadOnlySpan<SubscriberFault> faults) => faults.Contains(_fault);

    private async Task SubscribeAsync(string url, string hub, string topic, string? key, CancellationToken cancellationToken)
    {
        key ??= NewKey(topic);
        var subscription = new ScriptedSubscription(url, topic, hub, key, NewSecret());
        _subscriptions.Add(subscription);
        var form = Form("subscribe", topic, key).Add("hub.lease_seconds", Is(SubscriberFault.S8LeaseIsNegative) ? "-1" : "86400");
        await PostAsync(hub, form.Add("hub.secret", subscription.Secret), cancellationToken);
    }

    private string NewKey(string topic) =>
        _fault switch
        {
            SubscriberFault.S6SharesACallback => "shared",
            SubscriberFault.S6SecretIsANumber => $"{Interlocked.Increment(ref _keys)}",
            SubscriberFault.S6SecretIsTheTopic => Uri.EscapeDataString(topic),
            _ => RandomKey(),
        };

    private static string RandomKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private string? NewSecret() =>
        _fault switch
        {
            SubscriberFault.NoneWithoutSecrets or SubscriberFault.S28GivesNoSecret or SubscriberFault.C10VerifiesWithoutASecret => null,
            SubscriberFault.S9OneSecretForAll => _oneSecret,
            SubscriberFault.S9ShortSecret => RandomNumberGenerator.GetHexString(12),
            SubscriberFault.S11LongSecret => RandomNumberGenerator.GetHexString(200),
            _ => RandomNumberGenerator.GetHexString(32),
        };

    private HubFields Form(string mode, string topic, string key)
    {
        var host = Is(SubscriberFault.S6HttpsIsNotUsed) ? "subscriber.example" : "127.0.0.1";
        var callback = $"http://{host}:{new Uri(_app.Urls.Single()).Port}/callback/{key}?from=hub";
        var form = new HubFields().Add("hub.topic", topic).Add("hub.callback", callback);
        if (!Is(SubscriberFault.S4NamesNoMode))
            form.Add("hub.mode", mode);
        return Is(SubscriberFault.S4CallbackTwice) && mode == "subscribe" ? form.Add("hub.callback", callback) : form;
    }

    private async Task PostAsync(string hub, HubFields form, CancellationToken cancellationToken)
    {
        if (hub.StartsWith("https:", StringComparison.Ordinal) && !Is(SubscriberFault.S28GivesNoSecret))
        {
            // Nothing answers there; that it was tried is all.
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => _http.GetAsync(hub, cancellationToken));
            return;
        }

        var method = HttpMethod.Post;
        while (true)
        {
            using var request = new HttpRequestMessage(method, Plain(hub));
            if (method == HttpMethod.Post)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(form.ToString()));
                var type = Is(SubscriberFault.S2SendsText) ? "text/plain" : "application/x-www-form-urlencoded";
                type += Is(SubscriberFault.S3SendsLatin1) ? "; charset=iso-8859-1" : "";
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }

            using var answer = await _http.SendAsync(request, cancellationToken);
            if ((int)answer.StatusCode is not (307 or 308) || Is(SubscriberFault.S13StaysAtTheFirstHub))
                return;
            hub = answer.Headers.Location!.OriginalString;
            method = Is(SubscriberFault.S13SendsGet) ? HttpMethod.Get : method;
        }
    }

    private async Task<(IReadOnlyList<string> Hubs, string? Self)> DiscoverAsync(string url, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await _http.GetAsync(Plain(url), cancellationToken);
            var isRedirect = (int)answer.StatusCode is > 300 and < 400;
            if (isRedirect && !Is(SubscriberFault.D14FollowsNothing, SubscriberFault.D14UsesTheFirstLinks))
            {
                url = answer.Headers.Location!.OriginalString;
                continue;
            }

            var header = Is(SubscriberFault.D14FollowsNothing) && isRedirect ? [] : HeaderLinks(answer);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            var document = DocumentLinks(body, answer.Content.Headers.ContentType?.MediaType);
            var links =
                Is(SubscriberFault.D7AsksBothHubs) ? [.. document, .. header]
                : header.Count == 0 || (Is(SubscriberFault.D7UsesTheDocument) && document.Count > 0) ? document
                : header;
            var found = links.Select(l => (l.Rel, Url: Resolve(url, l.Target))).Where(l => l.Url is not null).ToList();
            var hubs = found.Where(l => l.Rel == "hub").Select(l => l.Url!).OrderByDescending(IsPreferred);
            var asksAll = Is(
                SubscriberFault.D7AsksBothHubs,
                SubscriberFault.S6SharesACallbackBetweenHubs,
                SubscriberFault.NoneButAsksAllHubs
            );
            return ([.. asksAll ? hubs : hubs.Take(1)], found.LastOrDefault(l => l.Rel == "self").Url);
        }
    }

    private bool IsPreferred(string hub) =>
        hub.StartsWith("https:", StringComparison.Ordinal) && !Is(SubscriberFault.S28HttpsIsNotPreferred);

    private List<(string Rel, string Target)> HeaderLinks(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Link", out var lines))
            return [];
        if (Is(SubscriberFault.D15KnowsOneNotation))
            return [.. UsualLink().Matches(string.Join(", ", lines)).Select(m => (m.Groups[2].Value, m.Groups[1].Value))];
        return
        [
            .. LinkHeader
                .Parse(lines)
                .SelectMany(l => l.Relations.Select(r => (r.ToLowerInvariant(), l.Target)))
                .Where(l => l.Item1 is "hub" or "self"),
        ];
    }

    private List<(string Rel, string Target)> DocumentLinks(string body, string? type)
    {
        var ignored = _fault switch
        {
            SubscriberFault.D9PageIsNotRead => "text/html",
            SubscriberFault.D9AtomIsNotRead => "application/atom+xml",
            SubscriberFault.D9RssIsNotRead => "application/rss+xml",
            _ => "",
        };
        return type == ignored ? [] : [.. LinkElement().Matches(body).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];
    }

    private string? Resolve(string url, string target)
    {
        if (target.StartsWith("http", StringComparison.Ordinal))
            return target;
        if (Is(SubscriberFault.D13ResolvesNothing))
            return null;
        var start = target[0] == '/' ? new Uri(url).GetLeftPart(UriPartial.Authority) : url[..(url.LastIndexOf('/') + 1)];
        return start + target;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var mine = _subscriptions.Where(s => path == $"/callback/{s.Key}").ToList();
        if (HttpMethods.IsGet(context.Request.Method))
            await VerifyAsync(context, mine);
        else
            await TakeAsync(context, mine);
    }

    private async Task VerifyAsync(HttpContext context, List<ScriptedSubscription> mine)
    {
        var query = context.Request.Query;
        var (mode, topic, challenge) = ($"{query["hub.mode"]}", $"{query["hub.topic"]}", $"{query["hub.challenge"]}");
        var subscription = mine.Find(s => s.Topic == topic);
        if (mode == "denied")
        {
            if (subscription is not null && !Is(SubscriberFault.S21ConfirmsAfterTheDenial))
                subscription.State = "denied";
            return;
        }

        if (mode == "unsubscribe" && Is(SubscriberFault.S4UnsubscribeNamesAnotherTopic))
            subscription = mine.Find(s => s.State == "ending");
        if (!IsWanted(mode, topic, mine, subscription, query.ContainsKey("hub.lease_seconds")) || !IsFit(challenge))
        {
            context.Response.StatusCode = 404;
            return;
        }

        // One that has ended stays so, whatever a fault confirms: other checks look at it, too.
        if (subscription is { State: not "ended" })
            subscription.State = mode == "unsubscribe" ? "ended" : "active";
        if (!Is(SubscriberFault.S32SendsNoType))
            context.Response.ContentType = Is(SubscriberFault.S32SendsHtml) ? "text/html" : "text/plain";
        if (!Is(SubscriberFault.S32NosniffIsMissing))
            context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(challenge + (Is(SubscriberFault.S16AddsALineBreak) ? "\n" : ""), context.RequestAborted);
        if (subscription is not null && long.TryParse($"{query["hub.lease_seconds"]}", out var lease) && mode == "subscribe")
            Renew(subscription, lease);
    }

    private bool IsWanted(string mode, string topic, List<ScriptedSubscription> mine, ScriptedSubscription? subscription, bool hasLease)
    {
        if (mine.Count == 0)
            return Is(SubscriberFault.S17CallbackIsNotLookedAt);
        if (mode == "unsubscribe")
            return Is(SubscriberFault.S17UnsubscribeIsConfirmed)
                || (subscription is { State: "ending" } && !(Is(SubscriberFault.S18ReadsTheLease) && hasLease));
        if (
            (Is(SubscriberFault.S16Refuses) && topic.Contains("/self", StringComparison.Ordinal))
            || (Is(SubscriberFault.X2KnowsOnly202) && topic.EndsWith("/end", StringComparison.Ordinal))
            // The topic whose hub verifies before it answers.
            || (Is(SubscriberFault.S31IsNotReady) && topic.EndsWith("/topic2", StringComparison.Ordinal))
        )
            return false;
        return subscription?.State switch
        {
            "pending" => true,
            "active" => !Is(SubscriberFault.S30ConfirmsOnce),
            "ended" => Is(SubscriberFault.S17EndedIsConfirmed),
            null => Is(SubscriberFault.S17ConfirmsAnyTopic),
            _ => false,
        };
    }

    private bool IsFit(string challenge) =>
        (Is(SubscriberFault.S33EchoesBinary) || !challenge.Any(char.IsControl))
        && (Is(SubscriberFault.S33LengthIsNotLimited) || challenge.Length <= LongestChallenge)
        && (Is(SubscriberFault.S32SendsHtml) || !challenge.Contains('<', StringComparison.Ordinal));

    private void Renew(ScriptedSubscription subscription, long lease)
    {
        if (lease > ShortLease || Is(SubscriberFault.S19DoesNotRenew) || Interlocked.Exchange(ref _renewed, 1) == 1)
            return;
        _renewals.Add(RenewAsync());

        async Task RenewAsync()
        {
            if (!Is(SubscriberFault.S20RenewsWithoutLooking))
                await DiscoverAsync(subscription.Url, CancellationToken.None);
            var key = Is(SubscriberFault.S6RenewalKeepsTheCallback) ? subscription.Key : RandomKey();
            await SubscribeAsync(subscription.Url, subscription.Hub, subscription.Topic, key, CancellationToken.None);
        }
    }

    private async Task TakeAsync(HttpContext context, List<ScriptedSubscription> mine)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        var (body, signature) = (content.ToArray(), (string?)context.Request.Headers["X-Hub-Signature"]);
        var isGenuine = mine.Exists(s => IsGenuine(s.Secret, signature, body));
        var subscription = mine.Find(s => s.State == "active" && (mine.Count == 1 || IsGenuine(s.Secret, signature, body)));
        if (subscription is not null && isGenuine && !Is(SubscriberFault.S27TakesNothing))
            _received.Add(Encoding.UTF8.GetString(body));
        var link = $"{context.Request.Headers.Link}";
        context.Response.StatusCode = _fault switch
        {
            _ when subscription is null => Is(SubscriberFault.S23TakesMoreAfterTheEnd) ? 200 : 410,
            SubscriberFault.S22Fails => 500,
            SubscriberFault.S24Redirects => 307,
            SubscriberFault.S26ReadsTheLinks when !link.Contains($"<{subscription.Topic}>", StringComparison.Ordinal) => 404,
            SubscriberFault.NoneButAnswers200ToForgeries => 200,
            _ => isGenuine ? 200 : 403,
        };
    }

    private bool IsGenuine(string? secret, string? header, byte[] body)
    {
        if (secret is null)
            return header is null || !Is(SubscriberFault.C10VerifiesWithoutASecret);
        if (header is null)
            return Is(SubscriberFault.C6TakesTheUnsigned);
        var (key, parts) = (Encoding.UTF8.GetBytes(secret), header.Split('='));
        if (parts[0] == "md5")
            return Is(SubscriberFault.C8TakesMd5);
        if (!HubSignature.TryParseMethod(parts[0], out var method) || (Is(SubscriberFault.C4KnowsOneMethod) && parts[0] != "sha256"))
            return false;
        if (Is(SubscriberFault.C3StripsTheByteOrderMark) && body.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        var right = HubSignature.Compute(method, key, body).Split('=')[1];
        return _fault switch
        {
            SubscriberFault.C5ComparesLengths => parts[1].Length == right.Length,
            SubscriberFault.C5LengthIsTheSenders => right.StartsWith(parts[1], StringComparison.OrdinalIgnoreCase),
            SubscriberFault.C9KnowsSmallLetters => right == parts[1],
            _ => right.Equals(parts[1], StringComparison.OrdinalIgnoreCase),
        };
    }

    // The checker says https for itself in some tests, and is reached without.
    private static Uri Plain(string url) =>
        VerbatimUrl.TryCreate(url.Replace("https://", "http://", StringComparison.Ordinal), out var plain, out var fault)
            ? plain
            : throw new FormatException(fault);

    [GeneratedRegex("<([^>]*)>; rel=\"(hub|self)\"")]
    private static partial Regex UsualLink();

    [GeneratedRegex("<(?:atom:)?link rel=\"(hub|self)\" href=\"([^\"]*)\"/>")]
    private static partial Regex LinkElement();
}
