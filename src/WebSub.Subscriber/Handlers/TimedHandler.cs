using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Inbox;

namespace WebSub.Subscriber.Handlers;

/// <summary>
/// Runs a queued handler in a scope of its own and within its time. One that hangs and ignores its cancellation token is left behind, with
/// its scope, and whatever it does later has no effect here.
/// </summary>
internal sealed class TimedHandler(
    IServiceScopeFactory scopes,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<TimedHandler> logger
)
{
    private const string Setting = "WebSub:Subscriber:Inbox:HandlerTimeoutSeconds";

    // So that one which obeys its token has ended before the next attempt begins.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<WebSubReply> RunAsync(HandlerRegistration handler, WebSubNotification notification, CancellationToken stopping)
    {
        var limit = options.Value.Inbox.HandlerTimeout;
        if (limit == TimeSpan.Zero)
            return await CallAsync(handler, notification, stopping);

        // Disposed when the handler has ended, which may be long after it was left behind.
        var late = new CancellationTokenSource(limit, time);
        var isLate = false;
        late.Token.Register(() => Volatile.Write(ref isLate, true));
        var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        // In a task of its own: it may block before its first await.
        var running = Task.Run(() => CallAsync(handler, notification, either.Token), CancellationToken.None);
        _ = running.ContinueWith(Release, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(limit + Grace, time, CancellationToken.None);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            InboxLog.LeftBehind(logger, handler.Name, notification.Subscription.Id);
            throw TooLong(limit, null);
        }
        catch (Exception e) when (Volatile.Read(ref isLate) && !stopping.IsCancellationRequested)
        {
            throw TooLong(limit, e);
        }

        void Release(Task ended)
        {
            // Looked at, so that nobody misses what one threw that was left behind.
            _ = ended.Exception;
            either.Dispose();
            late.Dispose();
        }
    }

    private static TimeoutException TooLong(TimeSpan limit, Exception? inner) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The handler took longer than {limit.TotalSeconds} s ({Setting})."), inner);

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
