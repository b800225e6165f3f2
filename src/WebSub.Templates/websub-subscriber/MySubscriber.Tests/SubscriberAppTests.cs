using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Testing;
using Xunit;

namespace MySubscriber.Tests;

/// <summary>The whole app against a hub that does what the test says. Both are in memory: no port is opened, nothing is sent.</summary>
public sealed class SubscriberAppTests : IAsyncDisposable
{
    private const string Topic = "http://localhost:5090/feed";
    private readonly FakeHub _hub = FakeHub.InMemory();
    private readonly AwaitedUpdates _updates = new();
    private readonly WebApplication _app;

    public SubscriberAppTests()
    {
        _hub.Verification = FakeHubVerification.Afterwards;
        _app = SubscriberApp.Create([], services => services.UseFakeWebSub(_hub).AddSingleton<Updates>(_updates));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_FromTheHub_IsHandled()
    {
        await _app.StartAsync(Cancel);

        var response = await _hub.PublishAsync(Topic, "It rains", Cancel);
        var handled = await _updates.First.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal((200, "It rains"), (response.Status, handled));
    }

    [Fact]
    public async Task Update_SignatureIsForged_IsRefused()
    {
        await _app.StartAsync(Cancel);

        var response = await _hub.PublishAsync(Topic, new() { Body = "It burns"u8.ToArray(), Secret = "a guess" }, Cancel);

        Assert.Equal(403, response.Status);
        Assert.Empty(_updates.Newest);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private sealed class AwaitedUpdates : Updates
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> First => _first.Task;

        public override void Add(string update)
        {
            base.Add(update);
            _first.TrySetResult(update);
        }
    }
}
