namespace WebSub.Work;

/// <summary>The work that a loop has started and not awaited.</summary>
internal sealed class InFlight
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _tasks = [];

    /// <summary>Remembers the task until it has ended.</summary>
    public void Add(Task task)
    {
        lock (_lock)
            _tasks.Add(task);
        _ = task.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when everything in flight now has ended, whatever the outcome.</summary>
    public async Task WhenDoneAsync()
    {
        Task all;
        lock (_lock)
            all = Task.WhenAll([.. _tasks]);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Remove(Task task)
    {
        lock (_lock)
            _tasks.Remove(task);
    }
}
