using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WebSub.Testing;

/// <summary>
/// A publisher on a loopback port or in memory: every path is a resource whose content a test sets; it answers conditional requests by
/// ETag.
/// </summary>
public sealed class FakePublisher : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly WebApplication? _app;
    private readonly string? _url;
    private readonly ConcurrentDictionary<string, FakeResource> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeFetch> _all = new();
    private readonly Channel<FakeFetch> _fetched = Channel.CreateUnbounded<FakeFetch>();

    private FakePublisher(WebApplication app) => _app = app;

    private FakePublisher(string url) => _url = url;

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<FakeFetch> Fetches => [.. _all];

    /// <summary>Runs before a request is answered; may wait.</summary>
    public Func<FakeFetch, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Starts listening on a free port.</summary>
    public static async Task<FakePublisher> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var publisher = new FakePublisher(app);
        app.MapFallback("{**path}", publisher.AnswerAsync);
        await app.StartAsync();
        return publisher;
    }

    /// <summary>A publisher without a socket, for an app that has it from <c>UseFakeWebSub</c>.</summary>
    /// <param name="url">Scheme and host of its resources.</param>
    public static FakePublisher InMemory(string url = "https://publisher.example")
    {
        ArgumentNullException.ThrowIfNull(url);
        return new(url.TrimEnd('/'));
    }

    /// <summary>The URL of a resource.</summary>
    /// <param name="path">Path and query, with or without a leading slash.</param>
    public string Url(string path = "feed") => $"{_url ?? _app!.Urls.First()}/{path.TrimStart('/')}";

    /// <summary>Sets what a path answers from now on.</summary>
    /// <param name="path">The path, with or without a leading slash.</param>
    /// <param name="resource">The response; a string converts to plain text.</param>
    public void Set(string path, FakeResource resource) => _resources["/" + path.TrimStart('/')] = resource;

    /// <summary>The next request that this method has not returned yet; waits for it up to 30 seconds.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<FakeFetch> NextFetchAsync(CancellationToken cancellationToken = default) =>
        _fetched.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Deadline, TimeProvider.System, cancellationToken);

    /// <summary>Stops listening.</summary>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal async Task AnswerAsync(HttpContext context)
    {
        var fetch = new FakeFetch(
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)
        );
        _all.Enqueue(fetch);
        await Before(fetch);
        var response = context.Response;
        if (!_resources.TryGetValue(context.Request.Path.Value ?? "/", out var resource))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(resource.Body))[..16]}\"";
            response.StatusCode =
                resource.Status == 200 && fetch.Headers.GetValueOrDefault("If-None-Match") == etag
                    ? StatusCodes.Status304NotModified
                    : resource.Status;
            response.Headers.ETag = etag;
            foreach (var (name, value) in resource.Headers)
                response.Headers[name] = value;
            if (response.StatusCode != StatusCodes.Status304NotModified)
            {
                if (resource.ContentType is not null)
                    response.Headers.ContentType = resource.ContentType;
                await response.Body.WriteAsync(resource.Body, context.RequestAborted);
            }
        }

        _fetched.Writer.TryWrite(fetch);
    }
}
