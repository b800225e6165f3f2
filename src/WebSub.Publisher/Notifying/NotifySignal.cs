namespace WebSub.Publisher.Notifying;

/// <summary>Wakes the sender. Signals that come while it works are remembered as one.</summary>
internal sealed class NotifySignal
{
    private TaskCompletionSource _raised = NewSource();

    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Returns at the signal or when the time is over, whichever comes first. For the one loop that waits.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await _raised.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_raised.Task.IsCompleted)
            Volatile.Write(ref _raised, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
