using System.Threading.Channels;

namespace WebSub.Subscriber.Scheduling;

/// <summary>Wakes one waiting loop. Signals that come while nobody waits are remembered as one.</summary>
internal sealed class WorkSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Returns at the signal or at the given time, whichever comes first.</summary>
    public async Task WaitAsync(DateTimeOffset until, TimeProvider time, CancellationToken cancellationToken)
    {
        var delay = until - time.GetUtcNow();
        if (delay > TimeSpan.Zero)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var signalled = _channel.Reader.WaitToReadAsync(either.Token).AsTask();
            var elapsed = Task.Delay(delay, time, either.Token);
            // The clock may have moved between reading it and setting the timer.
            if (time.GetUtcNow() < until)
                await Task.WhenAny(signalled, elapsed);
            await either.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
        _channel.Reader.TryRead(out _);
    }
}
