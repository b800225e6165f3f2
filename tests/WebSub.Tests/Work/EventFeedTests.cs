using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebSub.Work;

public sealed class EventFeedTests
{
    private readonly LogLines _log = new();
    private readonly List<string> _heard = [];

    [Fact]
    public async Task Changes_AreToldInOrder_BeforeTheAppEnds()
    {
        var feed = Feed(new Listener(_heard.Add));

        await feed.StartAsync(CancellationToken.None);
        for (var i = 0; i < 100; i++)
            feed.Publish($"{i}");
        await feed.StopAsync(CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}, complete"), _heard);
    }

    [Fact]
    public async Task Listener_ThatThrows_IsLogged_AndTheOthersHear()
    {
        var feed = Feed(new Listener(_ => throw new InvalidOperationException("no")), new Listener(_heard.Add));

        await feed.StartAsync(CancellationToken.None);
        feed.Publish("a");
        await feed.StopAsync(CancellationToken.None);

        Assert.Equal(["a, complete"], _heard);
        Assert.Equal([(9003, "Listener failed to handle the change a, complete")], _log.Lines);
    }

    [Fact]
    public async Task Change_ThatCannotBeCompleted_IsLogged_AndTheNextIsTold()
    {
        var feed = Feed(new Listener(_heard.Add));

        await feed.StartAsync(CancellationToken.None);
        feed.Publish("bad");
        feed.Publish("good");
        await feed.StopAsync(CancellationToken.None);

        Assert.Equal(["good, complete"], _heard);
        Assert.Equal([(9003, "Changes failed to handle the change bad")], _log.Lines);
    }

    [Fact]
    public async Task Changes_WithoutAListener_AreNotLookedUp()
    {
        var feed = Feed();

        await feed.StartAsync(CancellationToken.None);
        feed.Publish("bad");
        await feed.StopAsync(CancellationToken.None);

        Assert.Empty(_log.Lines);
    }

    private Changes Feed(params Listener[] listeners)
    {
        var services = new ServiceCollection();
        foreach (var listener in listeners)
            services.AddSingleton(listener);
        var provider = services.BuildServiceProvider();
        return new(provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<IServiceProviderIsService>(), _log);
    }

    private sealed record Listener(Action<string> Hear);

    private sealed class Changes(IServiceScopeFactory scopes, IServiceProviderIsService known, ILogger logger)
        : EventFeed<string, Listener>(scopes, known, logger)
    {
        public void Publish(string change) => Add(change);

        protected override Task<string> CompleteAsync(string change) =>
            change == "bad" ? throw new InvalidOperationException("no") : Task.FromResult($"{change}, complete");

        protected override Task TellAsync(Listener listener, string change)
        {
            listener.Hear(change);
            return Task.CompletedTask;
        }

        protected override string NameOf(string change) => $"the change {change}";
    }
}
