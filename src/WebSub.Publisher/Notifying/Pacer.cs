namespace WebSub.Publisher.Notifying;

/// <summary>Gives the messages to one hub places on a time line, so many a second.</summary>
internal sealed class Pacer(int perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _step = TimeSpan.FromSeconds(1) / perSecond;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Returns when the next message may go.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var place = _next > now ? _next : now;
            _next = place + _step;
            wait = place - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
