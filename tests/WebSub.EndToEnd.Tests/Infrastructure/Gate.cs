namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// Holds a scripted peer's answer until the test lets it go; disposing lets it go, too, so that no peer hangs after a failed test.
/// </summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits here until the gate is open.</summary>
    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _open.Task;
    }

    /// <summary>Returns once a request waits at the gate.</summary>
    public Task ReachedAsync() => _reached.Task.WaitAsync(Deadline.Default);

    public void Open() => _open.TrySetResult();

    public void Dispose() => Open();
}
