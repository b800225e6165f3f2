using Microsoft.Extensions.Options;

namespace WebSub.Subscriber.Hosting;

/// <summary>This process, what it does, and the moment from which it may ask hubs.</summary>
internal sealed class SubscriberNode(IOptions<WebSubSubscriberOptions> options)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it answers hubs, and therefore asks them.</summary>
    public bool AnswersHubs => options.Value.Role != WebSubSubscriberRole.Workers;

    /// <summary>Whether it runs queued handlers.</summary>
    public bool RunsHandlers => options.Value.Role != WebSubSubscriberRole.Callbacks;

    /// <summary>The server listens: a hub may verify at once.</summary>
    public void Ready() => _ready.TrySetResult();

    /// <summary>Completes when <see cref="Ready"/> was called.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Completes when this process may ask hubs; never in one that does not answer them.</summary>
    public Task ReadyToAskAsync(CancellationToken cancellationToken) => WhenAsync(AnswersHubs, cancellationToken);

    /// <summary>Completes when this process may run handlers; never in one that runs none.</summary>
    public Task ReadyToHandleAsync(CancellationToken cancellationToken) => WhenAsync(RunsHandlers, cancellationToken);

    private Task WhenAsync(bool isOurs, CancellationToken cancellationToken) =>
        isOurs ? ReadyAsync(cancellationToken) : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
