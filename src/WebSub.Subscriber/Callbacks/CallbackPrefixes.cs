using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// Where callbacks are answered: below today's prefix, below those that hubs still know from before, and at the paths of callback URLs that
/// subscriptions have of their own.
/// </summary>
internal sealed class CallbackPrefixes(string current) : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _changed = new();

    public string Current { get; } = current.Trim('/');

    /// <summary>True once the app has mapped the callbacks.</summary>
    public bool IsMapped { get; set; }

    /// <summary>Read from the database at start.</summary>
    public IReadOnlyList<string> Old
    {
        get;
        set
        {
            field = value;
            Change();
        }
    } = [];

    /// <summary>Read from the database at start; more come with new subscriptions.</summary>
    public IReadOnlyList<string> Own { get; private set; } = [];

    public IChangeToken ChangeToken => new CancellationChangeToken(_changed.Token);

    /// <summary>Answers at these paths too.</summary>
    public void AddOwn(IEnumerable<string> paths)
    {
        lock (_lock)
        {
            var all = Own.Union(paths, StringComparer.OrdinalIgnoreCase).ToList();
            if (all.Count == Own.Count)
                return;
            Own = all;
        }

        Change();
    }

    public void Dispose() => _changed.Dispose();

    private void Change()
    {
        using var before = Interlocked.Exchange(ref _changed, new());
        before.Cancel();
    }
}
