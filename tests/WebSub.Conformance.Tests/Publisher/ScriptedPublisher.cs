using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace WebSub.Conformance.Tests.Publisher;

/// <summary>A small publisher with two hubs of its own, right in everything but its fault.</summary>
internal sealed class ScriptedPublisher : IAsyncDisposable
{
    private const string Atom = "application/atom+xml";
    private const string Html = "text/html; charset=utf-8";
    private readonly PublisherFault _fault;
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ConcurrentBag<(string Hub, string Topic, string Callback)> _subscriptions = [];
    private readonly ConcurrentBag<Task> _verifications = [];
    private int _version;
    private TaskCompletionSource? _looked;

    private ScriptedPublisher(PublisherFault fault, WebApplication app)
    {
        (_fault, _app) = (fault, app);
        app.Run(AnswerAsync);
    }

    /// <summary>The check's own hub, named as one more; none if it is null.</summary>
    public string? CheckHub { get; init; }

    /// <summary>True names the check's hub alone.</summary>
    public bool NamesNoOther { get; init; }

    /// <summary>What is sent to the check's hub when the topic has changed, with the topic for <c>{0}</c>; null if nothing is.</summary>
    public string? Ping { get; init; }

    /// <summary>True shows the change only once the check's hub has been told, and has looked.</summary>
    public bool TellsTooEarly { get; init; }

    /// <summary>What is checked.</summary>
    public string Url => Is(PublisherFault.NoneBehindARedirect, PublisherFault.D14RedirectNamesOneHub) ? At("/old") : Topic;

    private string Topic =>
        At(Is(PublisherFault.NoneOfAFeed, PublisherFault.D4FeedWithoutLinks, PublisherFault.D9FeedAsText) ? "/feed" : "/");

    public static Task<ScriptedPublisher> StartAsync(PublisherFault fault) => StartedAsync(new(fault, Loopback.BuildServer()));

    /// <summary>Without a fault but for what it tells the check's hub, and when.</summary>
    public static Task<ScriptedPublisher> StartAsync(string checkHub, bool namesNoOther, string? ping, bool tellsTooEarly = false) =>
        StartedAsync(
            new(PublisherFault.None, Loopback.BuildServer())
            {
                CheckHub = checkHub,
                NamesNoOther = namesNoOther,
                Ping = ping,
                TellsTooEarly = tellsTooEarly,
            }
        );

    /// <summary>Shows something new and has the hubs deliver it.</summary>
    public async Task ChangeAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_verifications);
        if (!Is(PublisherFault.P2ContentIsToldTooEarly) && !TellsTooEarly)
            _version++;
        foreach (var (hub, topic, callback) in _subscriptions)
        {
            if (Is(PublisherFault.P2TellsNobody) || (Is(PublisherFault.P5TellsOneHub) && hub == "/hub2"))
                continue;
            var (body, type) = Render(new Uri(topic).AbsolutePath, null);
            using var delivery = new StringContent(body);
            delivery.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            using var answer = await _http.PostAsync(callback, delivery, cancellationToken);
        }

        if (Ping is not null)
        {
            var form = string.Format(CultureInfo.InvariantCulture, Ping, Uri.EscapeDataString(Topic));
            using var ping = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
            var looked = _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using var answer = await _http.PostAsync(CheckHub, ping, cancellationToken);
            if (TellsTooEarly)
                await looked.Task.WaitAsync(cancellationToken);
        }

        if (Is(PublisherFault.P2ContentIsToldTooEarly) || TellsTooEarly)
            _version++;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private static async Task<ScriptedPublisher> StartedAsync(ScriptedPublisher publisher)
    {
        await publisher._app.StartAsync(TestContext.Current.CancellationToken);
        return publisher;
    }

    private bool Is(params ReadOnlySpan<PublisherFault> faults) => faults.Contains(_fault);

    private string At(string path) => _app.Urls.Single() + path;

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        return path switch
        {
            "/hub" or "/hub2" => HubAsync(context, path),
            "/old" => RedirectAsync(context),
            "/moved" => RedirectAsync(context),
            "/" or "/feed" or "/other" => PageAsync(context, path),
            "/.well-known/host-meta" when Is(PublisherFault.D18HostMetaNamesAnother) => context.Response.WriteAsync(
                $"<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='hub' href='{At("/hub3")}'/></XRD>"
            ),
            _ => NothingAsync(context),
        };
    }

    private static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    private Task RedirectAsync(HttpContext context)
    {
        if (Is(PublisherFault.D14RedirectNamesOneHub))
            context.Response.Headers.Link = $"<{At("/hub")}>; rel=hub";
        context.Response.Redirect(Topic);
        return Task.CompletedTask;
    }

    private async Task PageAsync(HttpContext context, string path)
    {
        var (body, type) = Render(path, context.Request.Headers.Accept);
        if (Is(PublisherFault.D1AnswersAnError))
            context.Response.StatusCode = 500;
        context.Response.ContentType = type;
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (!(Is(PublisherFault.D8HeadWithoutLinks) && isHead))
            context.Response.Headers.Link = Headers(path).ToArray();
        if (!isHead)
            await context.Response.WriteAsync(body, context.RequestAborted);
        _looked?.TrySetResult();
    }

    private IEnumerable<string> Headers(string path)
    {
        if (Is(PublisherFault.D1NamesNothing))
            yield break;
        if (!Is(PublisherFault.D2OnlySelfInHeaders))
        {
            foreach (var hub in Hubs())
                yield return Is(PublisherFault.D13RelativeTargets) ? $"<{new Uri(hub).AbsolutePath}>; rel=hub" : $"<{hub}>; rel=hub";
        }

        if (Is(PublisherFault.D15FtpHub))
            yield return "<ftp://hub.example/>; rel=hub";
        if (!Is(PublisherFault.D1NamesNoTopic, PublisherFault.D3OnlyHubsInHeaders))
            yield return Is(PublisherFault.D13RelativeTargets) ? $"<{path}>; rel=self" : $"<{Self(path)}>; rel=self";
        if (Is(PublisherFault.D3TwoTopicsInHeaders))
            yield return $"<{At("/other")}>; rel=self";
    }

    private IEnumerable<string> Hubs()
    {
        if (CheckHub is not null)
            yield return CheckHub;
        if (NamesNoOther)
            yield break;
        yield return At("/hub");
        yield return At("/hub2");
        if (Is(PublisherFault.P1HubIsGone))
            yield return At("/hub3");
        if (Is(PublisherFault.P1HttpsIsNotUsed))
            yield return $"http://hub.example:{new Uri(At("/")).Port}/hub";
    }

    private string Self(string path) =>
        _fault switch
        {
            PublisherFault.P1SelfIsGone => At("/gone"),
            PublisherFault.P1SelfIsAnotherPage => At(path == "/" ? "/other" : "/"),
            PublisherFault.P4TopicRedirects => At("/moved"),
            _ => At(path),
        };

    private (string Body, string? Type) Render(string path, string? accept)
    {
        // A topic that redirects is what it leads to.
        path = path == "/moved" ? "/" : path;
        var isFeed =
            path == "/feed" || (Is(PublisherFault.D12NegotiatesUnderOneTopic) && accept?.Contains(Atom, StringComparison.Ordinal) == true);
        var links = string.Concat(Elements(path));
        if (isFeed)
            return (
                $"<feed xmlns='http://www.w3.org/2005/Atom'><title>Version {_version}</title>{links}</feed>",
                Is(PublisherFault.D9FeedAsText) ? "text/plain" : Atom
            );
        var misplaced = Is(PublisherFault.D6LinksInTheBody) ? $"<link rel='hub' href='{At("/hub")}'/>" : "";
        return (
            $"<!doctype html><html><head><title>Page</title>{links}</head><body><p>Version {_version}</p>{misplaced}"
                + "<!-- <link rel=hub href='/no'> --></body></html>",
            Is(PublisherFault.D9WithoutAType) ? null : Html
        );
    }

    private IEnumerable<string> Elements(string path)
    {
        if (Is(PublisherFault.D1NamesNothing, PublisherFault.D4FeedWithoutLinks, PublisherFault.D5PageWithoutLinks))
            yield break;
        foreach (var hub in Is(PublisherFault.D7AnotherHubInThePage) ? Hubs().Take(1) : Hubs())
            yield return $"<link rel='hub' href='{hub}'/>";
        if (!Is(PublisherFault.D1NamesNoTopic))
            yield return $"<link rel='self' href='{(Is(PublisherFault.D7AnotherTopicInThePage) ? At("/other") : Self(path))}'/>";
        if (Is(PublisherFault.D5PageWithTwoTopics))
            yield return $"<link rel='self' href='{At("/other")}'/>";
    }

    private async Task HubAsync(HttpContext context, string hub)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (mode, topic, callback) = ($"{form["hub.mode"]}", $"{form["hub.topic"]}", $"{form["hub.callback"]}");
        context.Response.StatusCode = mode.Length > 0 || Is(PublisherFault.P1HubTakesAnything) ? 202 : 400;
        if (mode.Length > 0)
            _verifications.Add(VerifyAsync(hub, mode, topic, callback));
    }

    private async Task VerifyAsync(string hub, string mode, string topic, string callback)
    {
        var query = $"?hub.mode={mode}&hub.topic={Uri.EscapeDataString(topic)}&hub.challenge=abc&hub.lease_seconds=3600";
        using var answer = await _http.GetAsync(callback + query);
        if (mode == "subscribe" && await answer.Content.ReadAsStringAsync() == "abc")
            _subscriptions.Add((hub, topic, callback));
    }
}
