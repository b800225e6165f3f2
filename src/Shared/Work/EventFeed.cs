using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>
/// Passes changes to the app's listeners, one at a time and decoupled from the work that caused them. Without a listener it does nothing.
/// </summary>
internal abstract class EventFeed<TChange, TListener>(IServiceScopeFactory scopes, IServiceProviderIsService known, ILogger logger)
    : IHostedService
    where TListener : notnull
{
    private readonly Channel<TChange> _changes = Channel.CreateUnbounded<TChange>(new() { SingleReader = true });
    private Task _running = Task.CompletedTask;

    /// <summary>True if there is a listener: if not, there is no need to say anything.</summary>
    public bool IsHeard { get; } = known.IsService(typeof(TListener));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsHeard)
            _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>What was published is passed on before the app exits, for as long as the host waits.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _changes.Writer.TryComplete();
        await _running
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Adds what is to be passed on.</summary>
    protected void Add(TChange change)
    {
        if (IsHeard)
            _changes.Writer.TryWrite(change);
    }

    /// <summary>Looks up what was not known when the change happened.</summary>
    protected virtual Task<TChange> CompleteAsync(TChange change) => Task.FromResult(change);

    /// <summary>Passes a change to one listener.</summary>
    protected abstract Task TellAsync(TListener listener, TChange change);

    /// <summary>What the log calls a change.</summary>
    protected abstract string NameOf(TChange change);

    private async Task RunAsync()
    {
        await foreach (var change in _changes.Reader.ReadAllAsync())
            await TryAsync(GetType().Name, change, () => TellAllAsync(change));
    }

    private async Task TellAllAsync(TChange change)
    {
        var complete = await CompleteAsync(change);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var listener in scope.ServiceProvider.GetServices<TListener>())
            await TryAsync(listener.GetType().Name, complete, () => TellAsync(listener, complete));
    }

    private async Task TryAsync(string who, TChange change, Func<Task> tell)
    {
        try
        {
            await tell();
        }
#pragma warning disable CA1031 // A listener's fault must not affect others; if the database is unavailable, later changes may get through.
        catch (Exception e)
#pragma warning restore CA1031
        {
            WorkLog.ListenerFailed(logger, e, who, NameOf(change));
        }
    }
}
