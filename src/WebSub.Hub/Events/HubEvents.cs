using System.Threading.Channels;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Events;

/// <summary>
/// Hands changes to the host's <see cref="IWebSubHubEvents"/>, one after the other, apart from the work that caused them. Without any it
/// does nothing.
/// </summary>
internal sealed class HubEvents(
    IServiceScopeFactory scopes,
    IServiceProviderIsService known,
    TopicStore topics,
    HubClock time,
    ILogger<HubEvents> logger
) : IHostedService
{
    private readonly bool _isHeard = known.IsService(typeof(IWebSubHubEvents));
    private readonly Channel<Pending> _changes = Channel.CreateUnbounded<Pending>(new() { SingleReader = true });
    private Task _running = Task.CompletedTask;

    public void Tell(WebSubHubChangeKind kind, string topic, string callback, string? reason = null) =>
        Tell(new(kind, topic, 0, callback, reason, time.GetUtcNow()));

    public void Tell(WebSubHubChangeKind kind, long topicId, string callback, string? reason = null) =>
        Tell(new(kind, null, topicId, callback, reason, time.GetUtcNow()));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isHeard)
            _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>What happened is told before the app ends, as far as the host has the patience.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _changes.Writer.TryComplete();
        await _running
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private void Tell(Pending change)
    {
        if (_isHeard)
            _changes.Writer.TryWrite(change);
    }

    private async Task RunAsync()
    {
        await foreach (var change in _changes.Reader.ReadAllAsync())
        {
            try
            {
                await TellAsync(change);
            }
#pragma warning disable CA1031 // The database is away, or the container gone: the next change may be told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.EventNotTold(logger, e, change.Kind, change.Callback);
            }
        }
    }

    private async Task TellAsync(Pending pending)
    {
        var change = new WebSubHubChange
        {
            Kind = pending.Kind,
            Topic = pending.Topic ?? await topics.FindUrlAsync(new(pending.TopicId), default),
            Callback = pending.Callback,
            Reason = pending.Reason,
            At = pending.At,
        };
        await using var scope = scopes.CreateAsyncScope();
        foreach (var listener in scope.ServiceProvider.GetServices<IWebSubHubEvents>())
        {
            try
            {
                await listener.OnChangedAsync(change, CancellationToken.None);
            }
#pragma warning disable CA1031 // A listener's fault is its own.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.EventNotTold(logger, e, change.Kind, change.Callback);
            }
        }
    }

    private sealed record Pending(
        WebSubHubChangeKind Kind,
        string? Topic,
        long TopicId,
        string Callback,
        string? Reason,
        DateTimeOffset At
    );
}
