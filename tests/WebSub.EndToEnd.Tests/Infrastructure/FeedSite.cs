using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A publisher's web site on loopback: an Atom feed, an RSS feed, an HTML page, a JSON resource and a binary file, each with links to hub
/// and self in its own way. Answers HEAD and conditional GET; every resource can change.
/// </summary>
internal sealed class FeedSite : IAsyncDisposable
{
    public const string Atom = "/notes.atom";
    public const string Rss = "/notes.rss";
    public const string Html = "/";
    public const string Json = "/tides.json?harbour=h%C3%B6rnum";
    public const string Binary = "/chart.bin";

    /// <summary>Redirects to <see cref="Atom"/> (D14).</summary>
    public const string Moved = "/old-notes";

    private readonly ConcurrentDictionary<string, SiteResource> _resources = new();
    private readonly ConcurrentQueue<SiteRequest> _requests = new();
    private LoopbackServer? _server;
    private int _edition;

    private FeedSite() { }

    /// <summary>The hub that every resource advertises.</summary>
    public required string Hub { get; init; }

    /// <summary>What a request waits for before it is answered; the default is nothing.</summary>
    public Func<SiteRequest, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<SiteRequest> Requests => [.. _requests];

    /// <summary>The absolute URL of a path, which is also the resource's self.</summary>
    public string Url(string path) => _server!.Url + path;

    public static async Task<FeedSite> StartAsync(string hub)
    {
        var site = new FeedSite { Hub = hub };
        site._server = await LoopbackServer.StartAsync(site.AnswerAsync);
        site.Update();
        return site;
    }

    /// <summary>What a resource's body is now.</summary>
    public byte[] Body(string path) => _resources[path].Body;

    /// <summary>What a resource's content type is.</summary>
    public string ContentType(string path) => _resources[path].ContentType;

    /// <summary>What a resource's entity tag is now.</summary>
    public string ETag(string path) => _resources[path].ETag;

    /// <summary>Publishes the next edition: every resource changes.</summary>
    public void Update()
    {
        var edition = Interlocked.Increment(ref _edition);
        _resources[Atom] = new("application/atom+xml; charset=utf-8", SiteContent.Atom(Url(Atom), Hub, edition));
        _resources[Rss] = new("application/rss+xml", SiteContent.Rss(Url(Rss), Hub, edition));
        _resources[Html] = new("text/html; charset=utf-8", SiteContent.Html(Url(Html), Hub, edition));
        _resources[Json] = new("application/json", SiteContent.Json(edition)) { Link = SiteContent.LinkHeader(Url(Json), Hub) };
        _resources[Binary] = new("application/octet-stream", SiteContent.Binary(edition))
        {
            Link = SiteContent.LinkHeader(Url(Binary), Hub),
        };
    }

    /// <summary>Puts any resource on the site.</summary>
    public void Put(string path, SiteResource resource) => _resources[path] = resource;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path + request.QueryString.Value;
        var known = request.Headers.IfNoneMatch.ToString();
        var seen = new SiteRequest(request.Method, path, known, request.Headers.Accept.ToString(), request.Headers.TraceParent.ToString());
        _requests.Enqueue(seen);
        await BeforeAnswer(seen);
        if (path == Moved)
        {
            context.Response.Redirect(Atom, permanent: true);
            return;
        }

        if (!_resources.TryGetValue(path, out var resource))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.Headers.ETag = resource.ETag;
        if (resource.Link is { } link)
            context.Response.Headers.Link = link;
        if (known == resource.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = resource.ContentType;
        context.Response.ContentLength = resource.Body.Length;
        if (!HttpMethods.IsHead(request.Method))
            await context.Response.Body.WriteAsync(resource.Body);
    }
}
