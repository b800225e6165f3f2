using System.Threading.Channels;
using WebSub.Subscriber;

namespace TestingYourSubscriber;

/// <summary>What happens to the app's subscriptions, for tests to wait for: no test sleeps.</summary>
public sealed class Changes : IWebSubEvents
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly Channel<WebSubSubscriptionChange> _all = Channel.CreateUnbounded<WebSubSubscriptionChange>();

    /// <inheritdoc/>
    public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
    {
        _all.Writer.TryWrite(change);
        return Task.CompletedTask;
    }

    /// <summary>The next change of a kind; others are passed over.</summary>
    public async Task<WebSubSubscriptionChange> NextAsync(WebSubChangeKind kind)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var change = await _all.Reader.ReadAsync(deadline.Token);
            if (change.Kind == kind)
                return change;
        }
    }
}
