using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.Testing;

/// <summary>
/// A hub on a loopback port or in memory, controlled by a test: it accepts every request unless <see cref="Enqueue"/> says otherwise, and
/// verifies, denies and delivers when the test calls it.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly WebApplication? _app;
    private readonly string? _url;
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
    private readonly ConcurrentQueue<FakeHubAnswer> _script = new();
    private readonly ConcurrentQueue<FakeHubRequest> _all = new();
    private readonly Channel<FakeHubRequest> _arrived = Channel.CreateUnbounded<FakeHubRequest>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FakeHubRequest>> _subscribed = new(StringComparer.Ordinal);
    private HttpMessageInvoker? _reached;

    private FakeHub(WebApplication app) => _app = app;

    private FakeHub(string url) => _url = url;

    /// <summary>The hub's URL. Any path below it is the same hub.</summary>
    public string Url => _url ?? _app!.Urls.First() + "/hub";

    /// <summary>The response to requests for which nothing was enqueued.</summary>
    /// <value>Default: 202.</value>
    public FakeHubAnswer Answer { get; set; } = new();

    /// <summary>When accepted requests are verified.</summary>
    /// <value>Default: <see cref="FakeHubVerification.ByTest"/>.</value>
    public FakeHubVerification Verification { get; set; }

    /// <summary>Everything received so far.</summary>
    public IReadOnlyList<FakeHubRequest> Requests => [.. _all];

    /// <summary>Starts a hub on a free port.</summary>
    /// <param name="certificate">A certificate to speak TLS with; null speaks plain HTTP.</param>
    public static async Task<FakeHub> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(k =>
                k.Listen(
                    IPAddress.Loopback,
                    0,
                    listen =>
                    {
                        if (certificate is not null)
                            listen.UseHttps(certificate);
                    }
                )
            );
        var app = builder.Build();
        var hub = new FakeHub(app);
        app.MapFallback("{**path}", hub.ReceiveAsync);
        await app.StartAsync();
        return hub;
    }

    /// <summary>A hub without a socket, for an app that has it from <c>UseFakeWebSub</c>.</summary>
    /// <param name="url">Its URL, as the app sees it.</param>
    public static FakeHub InMemory(string url = "https://hub.example/hub")
    {
        ArgumentNullException.ThrowIfNull(url);
        return new(url);
    }

    /// <summary>Sets the responses to the next requests, in this order.</summary>
    /// <param name="answers">One for each request.</param>
    public void Enqueue(params IEnumerable<FakeHubAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        foreach (var answer in answers)
            _script.Enqueue(answer);
    }

    /// <summary>The next request that this method has not returned yet; waits for it up to 30 seconds.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<FakeHubRequest> NextRequestAsync(CancellationToken cancellationToken = default) =>
        _arrived.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Deadline, TimeProvider.System, cancellationToken);

    /// <summary>Verifies a request as §5.3 requires: mode and topic as given, a random challenge.</summary>
    /// <param name="request">What was received.</param>
    /// <param name="leaseSeconds">The lease to grant; null grants the requested one, or a day.</param>
    /// <returns>The callback's response.</returns>
    public async Task<FakeHubResponse> VerifyAsync(FakeHubRequest request, long? leaseSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var challenge = NewChallenge();
        var granted = leaseSeconds ?? (LeaseSeconds.TryParse(request.LeaseSeconds, out var asked) ? asked : 86400);
        var response = await AskAsync(
            request.Callback,
            new HubFields()
                .Add(HubParameters.Mode, request.Mode)
                .Add(HubParameters.Topic, request.Topic)
                .Add(HubParameters.Challenge, challenge)
                .Add(HubParameters.LeaseSeconds, request.Mode == HubModes.Subscribe ? granted : null)
        );
        if (response.Status is >= 200 and < 300 && response.Body == challenge)
            Remember(request);
        return response;
    }

    /// <summary>The newest subscribe request for a topic that the app has confirmed; waits for one up to 30 seconds.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">None was confirmed.</exception>
    public Task<FakeHubRequest> SubscribedAsync(string topic, CancellationToken cancellationToken = default) =>
        _subscribed.GetOrAdd(topic, _ => NewWait()).Task.WaitAsync(Deadline, TimeProvider.System, cancellationToken);

    /// <summary>Delivers to the app's subscription to a topic, once it is confirmed.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="delivery">What to deliver; a string converts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<FakeHubResponse> PublishAsync(string topic, FakeDelivery delivery, CancellationToken cancellationToken = default) =>
        await DeliverAsync(await SubscribedAsync(topic, cancellationToken), delivery);

    /// <summary>Denies a request or subscription (§5.2).</summary>
    /// <param name="request">What was received.</param>
    /// <param name="reason">The reason; null sends none.</param>
    public Task<FakeHubResponse> DenyAsync(FakeHubRequest request, string? reason = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AskAsync(
            request.Callback,
            new HubFields()
                .Add(HubParameters.Mode, HubModes.Denied)
                .Add(HubParameters.Topic, request.Topic)
                .Add(HubParameters.Reason, reason)
        );
    }

    /// <summary>Sends a GET with these fields, whatever they are, to a callback.</summary>
    /// <param name="callback">The callback URL.</param>
    /// <param name="fields">The fields of the query.</param>
    public async Task<FakeHubResponse> AskAsync(string callback, HubFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        using var request = new HttpRequestMessage(HttpMethod.Get, Parse(VerbatimUrl.WithQuery(callback, fields.ToString())));
        return await SendAsync(request);
    }

    /// <summary>Delivers to the callback of a subscribe request (§7).</summary>
    /// <param name="request">What was received.</param>
    /// <param name="delivery">What to deliver; a string converts.</param>
    public async Task<FakeHubResponse> DeliverAsync(FakeHubRequest request, FakeDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(delivery);
        using var message = new HttpRequestMessage(HttpMethod.Post, Parse(request.Callback))
        {
            Content = new ByteArrayContent(delivery.Body),
        };
        if (delivery.Chunked)
            message.Headers.TransferEncodingChunked = true;
        if (delivery.ContentType is { } type)
            message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        message.Headers.TryAddWithoutValidation("Link", $"<{Url}>; rel=\"hub\", <{request.Topic}>; rel=\"self\"");
        var secret = delivery.Secret ?? request.Secret;
        var signature =
            delivery.Signature
            ?? (string.IsNullOrEmpty(secret) ? null : HubSignature.Compute(delivery.Method, Secret.Parse(secret).Bytes, delivery.Body));
        if (signature is not null)
            message.Headers.TryAddWithoutValidation(HubHeaders.Signature, signature);
        if (delivery.DeliveryId is { } id)
            message.Headers.TryAddWithoutValidation(HubHeaders.DeliveryId, id);
        foreach (var (name, value) in delivery.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendAsync(message);
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _reached?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    /// <summary>A random challenge with every character that a hub may use and a careless subscriber would corrupt (H35).</summary>
    public static string NewChallenge() => RandomNumberGenerator.GetHexString(32) + "+/=._-";

    /// <summary>From now on callbacks are reached this way, whatever their addresses.</summary>
    internal void Reach(HttpMessageHandler app) => _reached = new(app);

    private static TaskCompletionSource<FakeHubRequest> NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Remember(FakeHubRequest request)
    {
        if (request.Mode == HubModes.Unsubscribe)
        {
            _subscribed.TryRemove(request.Topic, out _);
            return;
        }

        if (_subscribed.GetOrAdd(request.Topic, _ => NewWait()).TrySetResult(request))
            return;
        var renewed = NewWait();
        renewed.SetResult(request);
        _subscribed[request.Topic] = renewed;
    }

    private static Uri Parse(string url) =>
        VerbatimUrl.TryCreate(url, out var uri, out var error)
            ? uri
            : throw new ArgumentException($"The callback \"{url}\" {error}.", nameof(url));

    private async Task<FakeHubResponse> SendAsync(HttpRequestMessage request)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var response = await (_reached ?? _http).SendAsync(request, deadline.Token);
        var headers = response
            .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new(
            (int)response.StatusCode,
            await response.Content.ReadAsByteArrayAsync(deadline.Token),
            headers.GetValueOrDefault("Content-Type"),
            headers
        );
    }

    internal async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!HubFields.TryParse(body.ToArray(), out var fields, out var error))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(error);
            return;
        }

        var request = new FakeHubRequest
        {
            Fields = fields,
            ContentType = context.Request.ContentType,
            Headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Path = context.Request.Path + context.Request.QueryString,
        };
        var answer = _script.TryDequeue(out var scripted) ? scripted : Answer;
        _all.Enqueue(request);
        _arrived.Writer.TryWrite(request);
        if (answer.Before is { } before)
            await before(request);
        if (answer.IsBroken)
        {
            context.Abort();
            return;
        }

        var isVerified = answer.Status is >= 200 and < 300 && request.Mode is (HubModes.Subscribe or HubModes.Unsubscribe);
        if (isVerified && Verification == FakeHubVerification.BeforeAnswering)
            await VerifyAsync(request);
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(answer.Body);
        if (isVerified && Verification == FakeHubVerification.Afterwards)
            _ = Task.Run(() => VerifyUnaskedAsync(request));
    }

    private async Task VerifyUnaskedAsync(FakeHubRequest request)
    {
        try
        {
            await VerifyAsync(request);
        }
#pragma warning disable CA1031 // Whoever waits for the subscription is told; if nobody does, the app has stopped.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _subscribed.GetOrAdd(request.Topic, _ => NewWait()).TrySetException(e);
        }
    }
}
