using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace WebSub.Conformance.Tests.Hub;

/// <summary>
/// A small hub that is right in everything but its fault. Everything happens in one line: updates go to subscribers one after the other, in
/// the order of their subscriptions.
/// </summary>
internal sealed partial class ScriptedHub : IAsyncDisposable
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int MaxLease = 864_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Known = ["hub.mode", "hub.topic", "hub.callback", "hub.lease_seconds", "hub.secret"];
    private static readonly string[] Old = ["hub.verify", "hub.verify_token"];
    private readonly HubFault _fault;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _over = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Lock _lock = new();
    private readonly List<ScriptedSubscription> _subscriptions = [];
    private readonly List<(string Topic, Task Work)> _verifying = [];

    private ScriptedHub(HubFault fault, WebApplication app)
    {
        (_fault, _app) = (fault, app);
        app.Run(AnswerAsync);
    }

    public string Url => $"{_app.Urls.Single()}/hub";

    public static async Task<ScriptedHub> StartAsync(HubFault fault)
    {
        var hub = new ScriptedHub(fault, Loopback.BuildServer());
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _over.Dispose();
    }

    private bool Is(HubFault fault) => _fault == fault;

    private async Task AnswerAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? Field(string name) => form.TryGetValue(name, out var value) && value is [{ Length: > 0 } text] ? text : null;

        var (status, reason) = Field("hub.mode") == "publish" ? TakePing(form) : await DecideAsync(Field, [.. form.Keys]);
        context.Response.StatusCode = status;
        context.Response.ContentType = Is(HubFault.H10ReasonInJson) ? "application/json" : "text/plain";
        await context.Response.WriteAsync(reason, context.RequestAborted);
    }

    private (int Status, string Reason) TakePing(IFormCollection form)
    {
        foreach (var topic in Changed(form))
            _ = Task.Run(() => Quietly(() => PublishAsync(topic)), _over.Token);
        return (202, "");
    }

    private IEnumerable<string> Changed(IFormCollection form)
    {
        var urls = form["hub.url"].OfType<string>();
        if (Is(HubFault.X4SeveralTakesTheFirst))
            urls = urls.Take(1);
        if (!Is(HubFault.X4ListIsOneTopic))
            urls = urls.SelectMany(u => u.Split(','));
        if (!Is(HubFault.X4BracketsAreUnknown))
            urls = urls.Concat(form["hub.url[]"].OfType<string>());
        return Is(HubFault.X4IgnoresTopicPings) ? urls : urls.Concat(form["hub.topic"].OfType<string>());
    }

    private async Task<(int Status, string Reason)> DecideAsync(Func<string, string?> field, IReadOnlyList<string> names)
    {
        var (mode, topic, callback) = (field("hub.mode"), field("hub.topic"), field("hub.callback"));
        if (mode is not ("subscribe" or "unsubscribe"))
            return Is(HubFault.H10AcceptsUnknownModes) && mode is not null ? (202, "") : (400, "hub.mode is wrong");
        if (topic is null || callback is null || !Uri.TryCreate(callback, UriKind.Absolute, out _))
            return (400, "hub.topic or hub.callback is wrong");
        await VerifiedAsync(topic);
        var isNew = mode == "subscribe";
        if (Is(HubFault.H1WantsALease) && isNew && field("hub.lease_seconds") is null)
            return (400, "where is the lease?");
        if (Is(HubFault.H2RefusesLongSecrets) && field("hub.secret") is { Length: > 100 })
            return (400, "too long");
        if (Is(HubFault.H4RefusesALeaseOnUnsubscribe) && !isNew && field("hub.lease_seconds") is not null)
            return (400, "what for?");
        if (Is(HubFault.H5RefusesUnknownFields) && names.Any(n => !Known.Contains(n) && !Old.Contains(n)))
            return (400, "unknown field");
        if (Is(HubFault.X1RefusesOldFields) && names.Any(Old.Contains))
            return (400, "old field");
        if (Is(HubFault.H6RefusesRenewals) && isNew && Find(topic, callback) is { } known && known.Secret == field("hub.secret"))
            return (409, "you have that already");

        if (Is(HubFault.H11ValidationComesFirst) && isNew && (await _http.GetAsync(topic, _over.Token)).StatusCode != HttpStatusCode.OK)
            return (422, "there is no such topic");

        var lease = Lease(field("hub.lease_seconds"));
        var work = Task.Run(() => VerifyAsync(isNew, topic, callback, field("hub.secret"), lease), _over.Token);
        lock (_lock)
            _verifying.Add((topic, Quietly(() => work)));
        if (Is(HubFault.H11AnswersAfterVerifying))
            return await work ? (202, "") : (409, "not verified");
        return (Is(HubFault.H9Answers200) ? 200 : 202, "");
    }

    /// <summary>The lease that is granted; null for one without an end, which is not stated.</summary>
    private int? Lease(string? wanted)
    {
        if (wanted is null)
            return _fault switch
            {
                HubFault.H21DefaultIsNotStated => null,
                HubFault.H21DefaultIsPerpetual => int.MaxValue,
                _ => MaxLease,
            };
        var seconds = int.Parse(wanted, CultureInfo.InvariantCulture);
        return Is(HubFault.H21NeverShortensLeases) ? seconds : Math.Min(seconds, MaxLease);
    }

    /// <summary>False if the callback did not confirm.</summary>
    private async Task<bool> VerifyAsync(bool isNew, string topic, string callback, string? secret, int? lease)
    {
        if (isNew && (await _http.GetAsync(topic, _over.Token)).StatusCode != HttpStatusCode.OK)
        {
            if (!Is(HubFault.H18DropsUnreadableTopicsSilently))
                await GetAsync(
                    callback,
                    $"hub.mode=denied&hub.topic={Uri.EscapeDataString(Is(HubFault.H18DeniesAnotherTopic) ? "x" : topic)}"
                );
            return true;
        }

        if (Is(HubFault.H7FailedReplacesTheSecretUnverified) && isNew && Find(topic, callback) is { } renewed)
            renewed.Secret = secret;
        if (Is(HubFault.H7FailedLosesTheSecret) && isNew && Find(topic, callback) is { } weakened)
            weakened.Secret = null;
        if (Is(HubFault.H34EndsUnverified) && !isNew)
            End(topic, callback);
        var challenge = Challenge(isNew, Find(topic, callback));
        var named = Is(HubFault.H19AnotherTopic) ? $"{topic}/" : topic;
        var query =
            $"hub.mode={(isNew ? "subscribe" : "unsubscribe")}&hub.topic={Uri.EscapeDataString(named)}"
            + (challenge.Length > 0 ? $"&hub.challenge={Uri.EscapeDataString(challenge)}" : "")
            + (isNew && lease is not null && !Is(HubFault.H19WithoutALease) ? $"&hub.lease_seconds={lease}" : "");
        using var answer = await GetAsync(callback, query);
        if (!await IsConfirmedAsync(answer, challenge, isNew, isFirst: isNew && Find(topic, callback) is null))
            return false;
        if (isNew)
            Begin(topic, callback, secret, lease ?? int.MaxValue).Challenge = challenge;
        else if (!Is(HubFault.H8DeliversAfterUnsubscribe))
            End(topic, callback);
        return true;
    }

    private string Challenge(bool isNew, ScriptedSubscription? known)
    {
        var random = RandomNumberGenerator.GetString(Alphabet, 20);
        return _fault switch
        {
            HubFault.H19UnsubscribeWithoutAChallenge when !isNew => "",
            HubFault.H22SameChallenge => "always",
            HubFault.H22UnsubscribeRepeatsTheChallenge when !isNew && known is not null => known.Challenge,
            HubFault.H35OddChallenge => $"{{{random}}}",
            HubFault.H35OddChallengeOnUnsubscribe when !isNew => $"{{{random}}}",
            _ => random,
        };
    }

    private async Task<HttpResponseMessage> GetAsync(string callback, string query)
    {
        if (Is(HubFault.H16DropsTheQueryOnVerification))
            callback = callback.Split('?')[0];
        return await _http.GetAsync(
            Exactly($"{callback}{(callback.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}"),
            _over.Token
        );
    }

    private async Task<bool> IsConfirmedAsync(HttpResponseMessage answer, string challenge, bool isNew, bool isFirst)
    {
        if (
            answer.Headers.Location is { } location
            && (Is(HubFault.H20RedirectIsFollowed) || (Is(HubFault.H20Redirect308IsFollowed) && (int)answer.StatusCode == 308))
        )
        {
            using var next = await _http.GetAsync(location, _over.Token);
            return next.IsSuccessStatusCode;
        }

        var body = await answer.Content.ReadAsStringAsync(_over.Token);
        return answer.StatusCode switch
        {
            HttpStatusCode.NotFound when Is(HubFault.H20Takes404) => isFirst,
            HttpStatusCode.InternalServerError when Is(HubFault.H20Takes500) => true,
            _ when Is(HubFault.H20StatusIsNotRead) => body == challenge,
            _ => answer.IsSuccessStatusCode && IsRight(body, challenge, isNew),
        };
    }

    private bool IsRight(string body, string challenge, bool isNew) =>
        _fault switch
        {
            HubFault.H20BodyIsIgnored => isNew || body == challenge,
            HubFault.H20BodyIsSearched => body.Contains(challenge, StringComparison.Ordinal),
            HubFault.H20BodyNeedsTheStart => body.StartsWith(challenge, StringComparison.Ordinal),
            HubFault.H34EndsWithoutTheChallenge => !isNew || body == challenge,
            _ => body == challenge,
        };

    private ScriptedSubscription Begin(string topic, string callback, string? secret, int lease)
    {
        lock (_lock)
        {
            if (Is(HubFault.H6TopicsKeyedByCallback))
                _subscriptions.RemoveAll(s => s.Topic != topic && s.Callback == callback);
            var found = Find(topic, callback);
            var subscription = found ?? new ScriptedSubscription(topic, callback);
            if (found is null)
                _subscriptions.Add(subscription);
            else if (Is(HubFault.H6SubscribesTwice) && found.Secret == secret)
                subscription.Copies++;
            if (found is null || !Is(HubFault.H7KeepsTheFirstSecret))
                subscription.Secret = found is not null && Is(HubFault.H7LosesTheSecret) ? null : secret;
            subscription.EndsAt = TimeProvider.System.GetUtcNow().AddSeconds(lease);
            return subscription;
        }
    }

    private void End(string topic, string callback)
    {
        lock (_lock)
            _subscriptions.RemoveAll(s => s.Topic == topic && s.Callback == callback);
    }

    private ScriptedSubscription? Find(string topic, string callback)
    {
        lock (_lock)
            return _subscriptions.Find(s => s.Topic == topic && s.Callback == callback);
    }

    /// <summary>What was asked before about a topic is done: no test depends on which of two answers is read first.</summary>
    private Task VerifiedAsync(string topic)
    {
        lock (_lock)
            return Task.WhenAll(_verifying.FindAll(v => v.Topic == topic).ConvertAll(v => v.Work));
    }

    private async Task PublishAsync(string topic)
    {
        await VerifiedAsync(topic);
        using var answer = await _http.GetAsync(topic, _over.Token);
        var body = await answer.Content.ReadAsByteArrayAsync(_over.Token);
        var type = answer.Content.Headers.NonValidated["Content-Type"].ToString();
        List<ScriptedSubscription> all;
        lock (_lock)
            all = _subscriptions.FindAll(s => s.Topic == topic);
        foreach (var subscription in all.Where(s => Is(HubFault.H21EndIsForgotten) || s.EndsAt > TimeProvider.System.GetUtcNow()))
        {
            for (var i = 0; i < subscription.Copies; i++)
                await DeliverAsync(subscription, body, type);
        }
    }

    private async Task DeliverAsync(ScriptedSubscription subscription, byte[] body, string type)
    {
        if (Is(HubFault.H25AddsALineBreak) && type == "application/octet-stream")
            body = [.. body, (byte)'\n'];
        var callback = Is(HubFault.H17DropsTheQueryOnDelivery) ? subscription.Callback.Split('?')[0] : subscription.Callback;
        using var answer = await PostAsync(callback, subscription, body, type);
        if (answer.Headers.Location is { } location && Is(HubFault.H28FollowsRedirects))
        {
            using var next = await PostAsync(location.OriginalString, subscription, body, type);
            return;
        }

        if (answer.StatusCode == HttpStatusCode.Found && Is(HubFault.H28Turns302IntoGet))
        {
            using var next = await _http.GetAsync(answer.Headers.Location, _over.Token);
            return;
        }

        if (IsTaken((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(_over.Token)))
            return;
        if (answer.StatusCode == HttpStatusCode.Gone)
        {
            if (!Is(HubFault.H28GoneIsDeliveredTo))
                End(subscription.Topic, subscription.Callback);
            return;
        }

        if (
            (++subscription.Failures == 3 && Is(HubFault.H30EndsAfterThreeFailures))
            || (answer.StatusCode == HttpStatusCode.NotFound && Is(HubFault.H30EndsAfter404))
        )
            End(subscription.Topic, subscription.Callback);
        if (Is(HubFault.H29NeverTriesAgain) || subscription.Failures >= 2)
            return;
        var wait = Is(HubFault.H29AfterIsIgnored) ? RetryDelay : answer.Headers.RetryAfter?.Delta ?? RetryDelay;
        _ = Quietly(async () =>
        {
            await Task.Delay(wait, TimeProvider.System, _over.Token);
            await DeliverAsync(subscription, body, type);
        });
    }

    private bool IsTaken(int status, string body) =>
        _fault switch
        {
            HubFault.H28FailedIsDelivered => status is >= 200 and < 400,
            HubFault.H28FailedBut308IsDelivered => status is (>= 200 and < 300) or 308,
            HubFault.H28SuccessNeedsAnEmptyBody => status is >= 200 and < 300 && body.Length == 0,
            HubFault.H28SuccessIs200 => status == 200,
            _ => status is >= 200 and < 300,
        };

    private async Task<HttpResponseMessage> PostAsync(string callback, ScriptedSubscription subscription, byte[] body, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Exactly(callback));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation(
            "Content-Type",
            _fault switch
            {
                HubFault.H25TypeIsLost when type == "application/json" => "application/octet-stream",
                HubFault.H25VerbatimIsLowered => MediaTypeHeaderValue.Parse(type).ToString().ToLowerInvariant(),
                _ => type,
            }
        );
        var named = Is(HubFault.H27NamesAnotherHub) ? "https://hub.example/" : Url;
        string[] links = Is(HubFault.H27WithoutSelf)
            ? [$"<{named}>; rel=\"hub\""]
            : [$"<{named}>; rel=\"hub\"", $"<{subscription.Topic}>; rel=\"self\""];
        request.Headers.TryAddWithoutValidation("Link", links);
        if ((subscription.Secret ?? (Is(HubFault.H32AlwaysSigns) ? "" : null)) is { } secret && !Is(HubFault.H31NeverSigns))
            request.Headers.TryAddWithoutValidation("X-Hub-Signature", Sign(Encoding.UTF8.GetBytes(secret), body));
        return Is(HubFault.H27OneHeaderEach)
            ? await SendLineByLineAsync(request, links, body)
            : await _http.SendAsync(request, _over.Token);
    }

    /// <summary>With a Link header for each link, which <see cref="HttpClient"/> would join.</summary>
    private async Task<HttpResponseMessage> SendLineByLineAsync(HttpRequestMessage request, string[] links, byte[] body)
    {
        var url = request.RequestUri!;
        using var peer = new TcpClient();
        await peer.ConnectAsync(url.Host, url.Port, _over.Token);
        await using var stream = peer.GetStream();
        string[] own = [$"Content-Type: {request.Content!.Headers.NonValidated["Content-Type"]}", $"Content-Length: {body.Length}"];
        var others = request.Headers.NonValidated.Where(h => h.Key != "Link").Select(h => $"{h.Key}: {h.Value}");
        string[] lines = [$"POST {url.PathAndQuery} HTTP/1.1", $"Host: {url.Authority}", "Connection: close", .. own, .. others];
        var head = string.Join("\r\n", lines.Concat(links.Select(l => $"Link: {l}"))) + "\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _over.Token);
        await stream.WriteAsync(body, _over.Token);
        using var reader = new StreamReader(stream);
        var status = (await reader.ReadLineAsync(_over.Token))!.Split(' ')[1];
        var answer = new HttpResponseMessage((HttpStatusCode)int.Parse(status, CultureInfo.InvariantCulture));
        while (await reader.ReadLineAsync(_over.Token) is { Length: > 0 } line)
            answer.Headers.TryAddWithoutValidation(line.Split(':')[0], line.Split(':', 2)[1].Trim());
        return answer;
    }

    private string Sign(byte[] secret, byte[] body)
    {
        if (Is(HubFault.C7Sha1))
        {
#pragma warning disable CA5350 // That is the fault.
            return $"sha1={Convert.ToHexStringLower(HMACSHA1.HashData(secret, body))}";
#pragma warning restore CA5350
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Is(HubFault.C3AnotherKey) ? [1, 2, 3] : secret, body));
        return _fault switch
        {
            HubFault.C1WithAColon => $"sha256={signature[..^1]}:",
            HubFault.C2UpperCase => $"SHA256={signature}",
            _ => $"sha256={signature}",
        };
    }

    private Uri Exactly(string url) =>
        Is(HubFault.H24DecodesTheCallback)
            ? new Uri(Triplet().Replace(url, "~"))
            : new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static async Task Quietly(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or ObjectDisposedException)
        {
            // The run is over, or the peer is.
        }
    }

    [GeneratedRegex("%7E", RegexOptions.None, 1000)]
    private static partial Regex Triplet();
}
