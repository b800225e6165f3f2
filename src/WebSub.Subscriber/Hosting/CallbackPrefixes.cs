using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Hosting;

/// <summary>
/// The paths at which callbacks are mapped: under the current prefix, under earlier ones that hubs still know, and those of subscriptions'
/// own callback URLs.
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
