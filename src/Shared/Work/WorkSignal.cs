namespace WebSub.Work;

/// <summary>Lets one loop sleep until it is woken or a time is reached.</summary>
#pragma warning disable CA1852, MA0053 // The packages derive their own signals from it.
internal class WorkSignal
#pragma warning restore CA1852, MA0053
{
    private TaskCompletionSource _raised = NewSource();

    /// <summary>Wakes the loop; several calls before it looks count as one.</summary>
    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Returns when woken, or after <paramref name="atMost"/>. Only one loop may wait at a time.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        // Timers count whole milliseconds: a wait cut down to none would make its loop spin until the time has come.
        var whole = TimeSpan.FromMilliseconds(Math.Ceiling(atMost.TotalMilliseconds));
        await _raised.Task.WaitAsync(whole, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        // A signal from here on wakes the next wait; what came before is about to be looked at.
        if (_raised.Task.IsCompleted)
            Volatile.Write(ref _raised, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
