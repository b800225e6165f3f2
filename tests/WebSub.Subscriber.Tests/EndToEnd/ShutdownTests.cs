using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Storage;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class ShutdownTests : IDisposable
{
    private readonly LogCollector _log = new();

    [Theory]
    [InlineData("0", 60_000)]
    [InlineData("3", 300)]
    public async Task Shutdown_HubDoesNotVerifyInTime_EndsWithAWarning(string shutdownSeconds, int hostMilliseconds)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            build: Build,
            settings: [("WebSub:Subscriber:UnsubscribeOnShutdown", "true"), ("WebSub:Subscriber:ShutdownSeconds", shutdownSeconds)]
        );
        await app.SubscribeAsync(hub, "one");
        await app.SubscribeAsync(hub, "two");

        using var host = new CancellationTokenSource(TimeSpan.FromMilliseconds(hostMilliseconds));
        await app.StopAsync(host.Token);

        var warning = Assert.Single(_log.Lines, l => l.Id == 4103);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.StartsWith("2 subscriptions could not be ended", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shutdown_DatabaseIsAway_EndsWithAWarning()
    {
        await using var app = await SubscriberApp.StartAsync(build: Build);
        await app.Services.GetRequiredService<Subscriber.Storage.SubscriberDatabase>().DisposeAsync();

        await app.StopAsync();

        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Lines, l => l.Id == 4104).Level);
    }

    public void Dispose() => _log.Dispose();

    private void Build(IWebSubSubscriberBuilder builder) => builder.Services.AddLogging(l => l.AddProvider(_log));
}
