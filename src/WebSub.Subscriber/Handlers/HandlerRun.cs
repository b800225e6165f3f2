using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace WebSub.Subscriber.Handlers;

/// <summary>
/// Runs a queued handler in a scope of its own, for a limited time: one that hangs, and does not even heed its cancellation, must not hold
/// up its subscription for ever.
/// </summary>
internal sealed class HandlerRun(IServiceScopeFactory scopes, IOptions<WebSubSubscriberOptions> options, TimeProvider time)
{
    /// <summary>How long a handler that was cancelled may take to end before it is left to itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Calls the handler.</summary>
    /// <exception cref="TimeoutException">It took too long. It may still run.</exception>
    public async Task<WebSubReply> RunAsync(HandlerRegistration handler, WebSubNotification notification, CancellationToken stopping)
    {
        var timeout = options.Value.Inbox.HandlerTimeout;
        if (timeout == TimeSpan.Zero)
            return await CallAsync(handler, notification, stopping);

        // Not disposed: a handler that is left to itself still looks at it.
        var deadline = new CancellationTokenSource(timeout, time);
        var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        // Elsewhere, since a handler may block its thread.
        var running = Task.Run(() => CallAsync(handler, notification, either.Token), CancellationToken.None);
        await ((Task)running)
            .WaitAsync(timeout + Grace, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (
            running.IsCompleted
            && (running.IsCompletedSuccessfully || !deadline.IsCancellationRequested || stopping.IsCancellationRequested)
        )
            return await running;
        _ = running.ContinueWith(
            static t => _ = t.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        throw new TimeoutException(
            $"The handler did not end within {timeout.TotalSeconds:0.###} s (WebSub:Subscriber:Inbox:HandlerTimeoutSeconds)."
        );
    }

    private async Task<WebSubReply> CallAsync(
        HandlerRegistration handler,
        WebSubNotification notification,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        return await HandlerPipeline.RunAsync(handler, scope.ServiceProvider, notification, cancellationToken);
    }
}
