using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Diagnostics;

/// <summary>Hands changes to the app's <see cref="IWebSubEvents"/>, one after the other, apart from the work that caused them.</summary>
internal sealed class ChangeFeed(IServiceScopeFactory scopes, TimeProvider time, ILogger<ChangeFeed> logger) : IHostedService
{
    private readonly Channel<WebSubSubscriptionChange> _changes = Channel.CreateUnbounded<WebSubSubscriptionChange>(
        new() { SingleReader = true }
    );
    private Task _running = Task.CompletedTask;

    public void Publish(WebSubChangeKind kind, WebSubSubscription subscription, string? reason)
    {
        ChangeLog.Changed(logger, subscription.Id, kind, subscription.Topic ?? subscription.Target.ToString(), reason ?? "");
        _changes.Writer.TryWrite(
            new()
            {
                Kind = kind,
                Subscription = subscription,
                Reason = reason,
                At = time.GetUtcNow(),
            }
        );
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>What was published is told before the app ends, as far as the host has the patience.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _changes.Writer.TryComplete();
        await _running
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task RunAsync()
    {
        await foreach (var change in _changes.Reader.ReadAllAsync())
            await TellAsync(change);
    }

    private async Task TellAsync(WebSubSubscriptionChange change)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var listener in scope.ServiceProvider.GetServices<IWebSubEvents>())
        {
            try
            {
                await listener.OnChangedAsync(change, CancellationToken.None);
            }
#pragma warning disable CA1031 // A listener's fault is its own.
            catch (Exception e)
#pragma warning restore CA1031
            {
                ChangeLog.ListenerFailed(logger, listener.GetType().Name, change.Kind, e);
            }
        }
    }
}
