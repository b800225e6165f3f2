using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WebSub.Protocol;

namespace WebSub.Testing;

/// <summary>
/// Any number of callbacks on a loopback port, controlled by a test: they confirm every verification and answer every delivery with 200
/// unless <see cref="OnVerification"/> and <see cref="OnDelivery"/> say otherwise. Every path is a callback.
/// </summary>
public sealed class FakeSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeReceivedDelivery> _deliveries = new();
    private readonly ConcurrentQueue<FakeVerification> _verifications = new();
    private readonly Channel<FakeReceivedDelivery> _delivered = Channel.CreateUnbounded<FakeReceivedDelivery>();
    private readonly Channel<FakeVerification> _verified = Channel.CreateUnbounded<FakeVerification>();

    private FakeSubscriber(WebApplication app) => _app = app;

    /// <summary>Decides a verification: null confirms it; otherwise the status to answer with, without the challenge.</summary>
    public Func<FakeVerification, Task<int?>> OnVerification { get; set; } = _ => Task.FromResult<int?>(null);

    /// <summary>
    /// Decides a delivery: the status to answer with. May take as long as it likes. 307 and 302 are sent with a Location.
    /// </summary>
    public Func<FakeReceivedDelivery, Task<int>> OnDelivery { get; set; } = _ => Task.FromResult(200);

    /// <summary>Headers of every response to a delivery, for example <c>Retry-After</c>.</summary>
    public IDictionary<string, string> DeliveryAnswerHeaders { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The deliveries so far, in order of arrival.</summary>
    public IReadOnlyList<FakeReceivedDelivery> Deliveries => [.. _deliveries];

    /// <summary>The verifications so far.</summary>
    public IReadOnlyList<FakeVerification> Verifications => [.. _verifications];

    /// <summary>Starts listening on a free port.</summary>
    public static async Task<FakeSubscriber> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var subscriber = new FakeSubscriber(app);
        app.MapFallback("{**path}", subscriber.ReceiveAsync);
        await app.StartAsync();
        return subscriber;
    }

    /// <summary>A callback URL.</summary>
    /// <param name="path">Path and query, with or without a leading slash.</param>
    public string Callback(string path = "callback") => $"{_app.Urls.First()}/{path.TrimStart('/')}";

    /// <summary>The next delivery that this method has not returned yet; waits for it up to 30 seconds.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<FakeReceivedDelivery> NextDeliveryAsync(CancellationToken cancellationToken = default) =>
        _delivered.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Deadline, TimeProvider.System, cancellationToken);

    /// <summary>The next verification or denial that this method has not returned yet; waits for it up to 30 seconds.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<FakeVerification> NextVerificationAsync(CancellationToken cancellationToken = default) =>
        _verified.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Deadline, TimeProvider.System, cancellationToken);

    /// <summary>Stops listening.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (HttpMethods.IsGet(context.Request.Method))
            await VerifyAsync(context, target);
        else
            await DeliverAsync(context, target);
    }

    private async Task VerifyAsync(HttpContext context, string target)
    {
        var query = Encoding.UTF8.GetBytes(context.Request.QueryString.Value?.TrimStart('?') ?? "");
        var fields = HubFields.TryParse(query, out var parsed, out _) ? parsed : new HubFields();
        var verification = new FakeVerification(target, fields);
        _verifications.Enqueue(verification);
        var status = await OnVerification(verification);
        context.Response.StatusCode = status ?? 200;
        context.Response.ContentType = "text/plain";
        if (status is >= 300 and < 400)
            context.Response.Headers.Location = "/elsewhere";
        await context.Response.WriteAsync(status is null ? fields[HubParameters.Challenge] ?? "" : "no");
        _verified.Writer.TryWrite(verification);
    }

    private async Task DeliverAsync(HttpContext context, string target)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var delivery = new FakeReceivedDelivery
        {
            Target = target,
            Body = body.ToArray(),
            ContentType = context.Request.ContentType,
            Headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        };
        _deliveries.Enqueue(delivery);
        _delivered.Writer.TryWrite(delivery);
        var status = await OnDelivery(delivery);
        foreach (var (name, value) in DeliveryAnswerHeaders)
            context.Response.Headers[name] = value;
        if (status is >= 300 and < 400)
            context.Response.Headers.Location = "/elsewhere";
        context.Response.StatusCode = status;
    }
}
