namespace WebSub.Subscriber.Hosting;

/// <summary>This process, and the moment from which it may ask hubs.</summary>
internal sealed class SubscriberNode
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The server listens: a hub may verify at once.</summary>
    public void Ready() => _ready.TrySetResult();

    /// <summary>Completes when <see cref="Ready"/> was called.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);
}
