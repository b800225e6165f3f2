using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Testing;
using WebSub.TestSupport;
using WebSub.Work;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>A real app on a loopback port, with one queued handler named "news" whose notifications the test reads.</summary>
internal sealed class SubscriberApp : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly Pulse _commits = new();
    private readonly Channel<WebSubSubscriptionChange> _changes = Channel.CreateUnbounded<WebSubSubscriptionChange>();
    private readonly Channel<WebSubNotification> _notifications = Channel.CreateUnbounded<WebSubNotification>();

    private SubscriberApp(
        WebApplicationBuilder builder,
        string url,
        Func<WebSubNotification, CancellationToken, Task>? news,
        Action<IWebSubSubscriberBuilder>? build,
        Action<WebApplication>? map
    )
    {
        Url = url;
        var subscriber = builder
            .Services.AddWebSubSubscriber()
            .AddHandler(
                "news",
                async (notification, cancel) =>
                {
                    if (news is not null)
                        await news(notification, cancel);
                    _notifications.Writer.TryWrite(notification);
                }
            );
        builder.Services.AddSingleton<IWebSubEvents>(new Listener(_changes));
        build?.Invoke(subscriber);
        _app = builder.Build();
        Services.GetRequiredService<SubscriberDatabase>().Database.Written = _commits.Beat;
        _app.MapWebSubCallbacks();
        map?.Invoke(_app);
    }

    public string Url { get; }

    public ConcurrentQueue<WebSubSubscriptionChange> Seen { get; } = new();

    public IServiceProvider Services => _app.Services;

    public IWebSubSubscriptions Subscriptions => Services.GetRequiredService<IWebSubSubscriptions>();

    public static async Task<SubscriberApp> StartAsync(
        FakeTimeProvider? clock = null,
        string? database = null,
        Func<WebSubNotification, CancellationToken, Task>? news = null,
        Action<IWebSubSubscriberBuilder>? build = null,
        X509Certificate2? certificate = null,
        Action<WebApplication>? map = null,
        params (string Name, string Value)[] settings
    )
    {
        // The socket is bound before the app is made, so that its address is known and nobody else can take it.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new TestOutputLogger());
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(k =>
                k.Listen(
                    IPAddress.Loopback,
                    ((IPEndPoint)socket.LocalEndPoint!).Port,
                    listen =>
                    {
                        if (certificate is not null)
                            listen.UseHttps(certificate);
                    }
                )
            );
        builder.WebHost.UseSockets(s => s.CreateBoundListenSocket = _ => socket);
        builder.Configuration["WebSub:Subscriber:PublicUrl"] = url;
        builder.Configuration["WebSub:Outbound:AllowPrivateNetworks"] = "true";
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = database ?? TestFiles.NewDatabase();
        // A test that moves the clock by hours means no handler by that.
        builder.Configuration["WebSub:Subscriber:Inbox:HandlerTimeoutSeconds"] = "0";
        foreach (var (name, value) in settings)
            builder.Configuration[name] = value;
        if (clock is not null)
            builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(new Chance(() => 0.5));

        var app = new SubscriberApp(builder, url, news, build, map);
        await app._app.StartAsync();
        return app;
    }

    public async Task<WebSubNotification> NextNotificationAsync() =>
        await _notifications.Reader.ReadAsync().AsTask().WaitAsync(Deadline, TimeProvider.System);

    public bool HasNotification => _notifications.Reader.TryPeek(out _);

    /// <summary>The next change of this kind; those before it are passed over.</summary>
    public async Task<WebSubSubscriptionChange> NextAsync(WebSubChangeKind kind)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                var change = await _changes.Reader.ReadAsync(deadline.Token);
                Seen.Enqueue(change);
                if (change.Kind == kind)
                    return change;
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"No {kind} came, only: {string.Join(", ", Seen.Select(c => $"{c.Kind} ({c.Reason})"))}", e);
        }
    }

    /// <summary>Waits until this holds; it is looked at after each commit of this app.</summary>
    public Task UntilAsync(Func<Task<bool>> holds) => _commits.UntilAsync(holds, Deadline);

    public async Task<WebSubSubscription> GetAsync(Guid id)
    {
        await foreach (var subscription in Subscriptions.ListAsync(new() { Id = id }))
            return subscription;
        throw new InvalidOperationException("There is no such subscription.");
    }

    public async Task<List<WebSubSubscription>> ListAsync()
    {
        var all = new List<WebSubSubscription>();
        await foreach (var subscription in Subscriptions.ListAsync())
            all.Add(subscription);
        return all;
    }

    /// <summary>Subscribes to a topic at the hub and sees it verified.</summary>
    public async Task<(WebSubSubscription Subscription, FakeHubRequest Request)> SubscribeAsync(
        FakeHub hub,
        string topic = "https://news.example/feed",
        WebSubSubscribeOptions? options = null,
        long? lease = null,
        string handler = "news"
    )
    {
        var subscription = await Subscriptions.SubscribeAsync(WebSubTarget.Topic(topic, hub.Url), handler, options);
        var request = await hub.NextRequestAsync();
        await NextAsync(WebSubChangeKind.Accepted);
        var answer = await hub.VerifyAsync(request, lease);
        if (answer.Status != 200)
            throw new InvalidOperationException($"The verification was answered {answer.Status}: {answer.Body}");
        await NextAsync(WebSubChangeKind.Verified);
        return (await GetAsync(subscription.Id), request);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Listener(Channel<WebSubSubscriptionChange> changes) : IWebSubEvents
    {
        public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
        {
            changes.Writer.TryWrite(change);
            return Task.CompletedTask;
        }
    }
}
