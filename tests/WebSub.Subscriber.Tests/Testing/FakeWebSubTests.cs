using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.Testing;

/// <summary>An app as a user has it, which knows nothing of the fakes.</summary>
public sealed class FakeWebSubTests : IAsyncDisposable
{
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();
    private WebApplication? _app;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task App_DeclaresASubscription_IsSubscribedAndDeliveredWithoutASocket()
    {
        await using var hub = FakeHub.InMemory();
        hub.Verification = FakeHubVerification.Afterwards;
        await StartAsync(s => s.UseFakeWebSub(hub));

        var request = await hub.SubscribedAsync("https://blog.example/", Cancel);
        var response = await hub.PublishAsync("https://blog.example/", "one", Cancel);

        Assert.StartsWith("https://app.example/websub/news/", request.Callback, StringComparison.Ordinal);
        Assert.Equal((200, "one"), (response.Status, await _news.Reader.ReadAsync(Cancel)));
        Assert.Empty(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
    }

    [Fact]
    public async Task Publisher_IsGiven_AppReadsItsPageAndTheHubItNamesIsTheFake()
    {
        await using var hub = FakeHub.InMemory();
        await using var blog = FakePublisher.InMemory("https://blog.example");
        blog.Set(
            "/",
            FakeResource.FromString(
                "<link rel=hub href=https://real.example/hub><link rel=self href=https://blog.example/feed>",
                "text/html"
            )
        );
        await StartAsync(s => s.UseFakeWebSub(hub, blog));

        var request = await hub.NextRequestAsync(Cancel);

        Assert.Equal(("https://blog.example/feed", "real.example"), (request.Topic, request.Headers["Host"]));
        Assert.NotEmpty(blog.Fetches);
    }

    [Fact]
    public async Task Hub_ListensOnAPort_IsReachedInMemoryAllTheSame()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Verification = FakeHubVerification.BeforeAnswering;
        await StartAsync(s => s.UseFakeWebSub(hub));

        var response = await hub.PublishAsync("https://blog.example/", "one", Cancel);

        Assert.Equal((200, "one"), (response.Status, await _news.Reader.ReadAsync(Cancel)));
    }

    [Fact]
    public async Task PublicUrl_HasAPath_CallbackReachesTheApp()
    {
        await using var hub = FakeHub.InMemory();
        hub.Verification = FakeHubVerification.Afterwards;
        await StartAsync(s => s.UseFakeWebSub(hub), o => o.PublicUrl = new("https://app.example/behind/"));

        var response = await hub.PublishAsync("https://blog.example/", "one", Cancel);

        Assert.Equal(200, response.Status);
        Assert.StartsWith("https://app.example/behind/websub/", hub.Requests[0].Callback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamedHubClient_IsUsed_StaysInMemoryAndItsHandlersRun()
    {
        await using var hub = FakeHub.InMemory();
        await StartAsync(
            s => s.UseFakeWebSub(hub),
            build: b =>
                b.AddHubHttpClient("partner").ConfigureHttpClient(c => c.DefaultRequestHeaders.Add("Authorization", "Bearer partner"))
        );
        await hub.NextRequestAsync(Cancel);

        var subscriptions = _app!.Services.GetRequiredService<IWebSubSubscriptions>();
        var target = WebSubTarget.Topic("t", "https://partner.example/");
        await subscriptions.SubscribeAsync(target, "news", new() { HttpClient = "partner" }, Cancel);
        var request = await hub.NextRequestAsync(Cancel);

        Assert.Equal(("t", "Bearer partner"), (request.Topic, request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Hub_BreaksTheConnection_IsAnErrorOfTheConnection()
    {
        await using var hub = FakeHub.InMemory();
        hub.Enqueue(FakeHubAnswer.Broken);
        var failed = new TaskCompletionSource<WebSubSubscriptionChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync(s => s.UseFakeWebSub(hub).AddSingleton<IWebSubEvents>(new FirstFailure(failed)));

        var change = await failed.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancel);

        Assert.Equal(WebSubRequestState.ConnectionError, change.Subscription.RequestState);
    }

    [Fact]
    public async Task Hub_IsSlow_RequestTimesOutByTheClockOfTheTest()
    {
        var clock = new FakeTimeProvider();
        await using var hub = FakeHub.InMemory();
        hub.Enqueue(FakeHubAnswer.Slow(TimeSpan.FromMinutes(1), clock));
        var failed = new TaskCompletionSource<WebSubSubscriptionChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync(s => s.UseFakeWebSub(hub).AddSingleton<IWebSubEvents>(new FirstFailure(failed)).AddSingleton<TimeProvider>(clock));
        await hub.NextRequestAsync(Cancel);

        clock.Advance(TimeSpan.FromSeconds(40));
        var change = await failed.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancel);

        Assert.Contains("did not answer within", change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_AppHasEnded_IsGoneAndTheConfiguredOneUntouched()
    {
        await using var hub = FakeHub.InMemory();
        var configured = Path.Combine(Path.GetTempPath(), $"never-{Guid.NewGuid():N}.db");
        await StartAsync(s => s.UseFakeWebSub(hub), o => o.ConnectionString = $"Data Source={configured}");
        await hub.NextRequestAsync(Cancel);
        var used = _app!.Services.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value.ConnectionString;
        var file = used.Split('=', ';')[1];
        var was = File.Exists(file);

        await DisposeAsync();

        Assert.True(was);
        Assert.Equal((false, false), (File.Exists(file), File.Exists(configured)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    private async Task StartAsync(
        Action<IServiceCollection> fake,
        Action<WebSubSubscriberOptions>? configure = null,
        Action<IWebSubSubscriberBuilder>? build = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var subscriber = builder
            .Services.AddWebSubSubscriber(configure)
            .AddHandler(
                "news",
                (notification, _) =>
                {
                    _news.Writer.TryWrite(notification.Text);
                    return Task.CompletedTask;
                }
            )
            .AddSubscription("https://blog.example/", handler: "news");
        build?.Invoke(subscriber);
        fake(builder.Services);
        _app = builder.Build();
        _app.MapWebSubCallbacks();
        await _app.StartAsync(Cancel);
    }

    private sealed class FirstFailure(TaskCompletionSource<WebSubSubscriptionChange> failed) : IWebSubEvents
    {
        public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
        {
            if (change.Kind == WebSubChangeKind.AttemptFailed)
                failed.TrySetResult(change);
            return Task.CompletedTask;
        }
    }
}
