namespace WebSub.Hub.Hosting;

/// <summary>Lets one background loop sleep until it is woken or a time has come.</summary>
internal class Wakeup
{
    private TaskCompletionSource _raised = NewSource();

    /// <summary>Wakes the loop; more calls before it looks are one.</summary>
    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Returns when woken, or after <paramref name="atMost"/>. For the one loop that waits.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await _raised.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        // What is raised from here on wakes the next wait; what was raised before is about to be looked at.
        if (_raised.Task.IsCompleted)
            Volatile.Write(ref _raised, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
