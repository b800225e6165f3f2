namespace WebSub.Conformance.Checks;

/// <summary>Work that is done when it is first asked for, and whose result all share who ask.</summary>
internal sealed class Once<T>(Func<Task<T>> work)
{
    private readonly Lock _lock = new();
    private Task<T>? _task;

    public Task<T> GetAsync()
    {
        lock (_lock)
            return _task ??= work();
    }
}
