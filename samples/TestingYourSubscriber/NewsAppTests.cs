using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Subscriber;
using WebSub.Testing;
using Xunit;

namespace TestingYourSubscriber;

/// <summary>Each test has an app and a hub of its own, in memory.</summary>
public sealed class NewsAppTests : IAsyncDisposable
{
    private const string Blog = "https://blog.example/";
    private readonly FakeHub _hub = FakeHub.InMemory();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-03-01T12:00:00Z", null));
    private readonly Changes _changes = new();
    private readonly WebApplication _app;

    public NewsAppTests()
    {
        _app = NewsApp.Create(services =>
            services.UseFakeWebSub(_hub).AddSingleton<TimeProvider>(_clock).AddSingleton<IWebSubEvents>(_changes)
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_Arrives_BecomesAHeadline()
    {
        _hub.Verification = FakeHubVerification.Afterwards;
        await _app.StartAsync(Cancel);

        var response = await _hub.PublishAsync(Blog, "It rains", Cancel);
        var headline = await _app.Services.GetRequiredService<Headlines>().NextAsync(Cancel);

        Assert.Equal((200, "IT RAINS"), (response.Status, headline));
    }

    [Fact]
    public async Task Update_SignatureIsForged_IsRefusedAndNotShown()
    {
        _hub.Verification = FakeHubVerification.Afterwards;
        await _app.StartAsync(Cancel);

        var response = await _hub.PublishAsync(Blog, new() { Body = "It burns"u8.ToArray(), Secret = "a guess" }, Cancel);

        Assert.Equal(403, response.Status);
        Assert.False(_app.Services.GetRequiredService<Headlines>().HasNext);
    }

    [Fact]
    public async Task Hub_IsBusy_IsAskedAgainWhenItSaid()
    {
        _hub.Enqueue(FakeHubAnswer.RateLimited(retryAfterSeconds: 3600));
        await _app.StartAsync(Cancel);
        await _hub.NextRequestAsync(Cancel);
        await _changes.NextAsync(WebSubChangeKind.AttemptFailed);

        _clock.Advance(TimeSpan.FromSeconds(3600));
        var again = await _hub.NextRequestAsync(Cancel);

        Assert.Equal(("subscribe", Blog), (again.Mode, again.Topic));
    }

    [Fact]
    public async Task Lease_NearsItsEnd_IsRenewedWithoutALoss()
    {
        await _app.StartAsync(Cancel);
        await _hub.VerifyAsync(await _hub.NextRequestAsync(Cancel), leaseSeconds: 86400);
        await _changes.NextAsync(WebSubChangeKind.Verified);

        _clock.Advance(TimeSpan.FromHours(23));
        await _hub.VerifyAsync(await _hub.NextRequestAsync(Cancel));
        var response = await _hub.PublishAsync(Blog, "Still here", Cancel);

        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task Hub_Refuses_SubscriptionSaysWhy()
    {
        await _app.StartAsync(Cancel);

        await _hub.DenyAsync(await _hub.NextRequestAsync(Cancel), reason: "Members only");
        var change = await _changes.NextAsync(WebSubChangeKind.Denied);

        Assert.Equal((WebSubSubscriptionState.Denied, "Members only"), (change.Subscription.State, change.Reason));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _hub.DisposeAsync();
    }
}
