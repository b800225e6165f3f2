using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Hosting;

/// <summary>The paths under which callbacks are mapped: the current prefix, and earlier ones that hubs still know.</summary>
internal sealed class CallbackPrefixes(string current) : IDisposable
{
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
            using var before = Interlocked.Exchange(ref _changed, new());
            before.Cancel();
        }
    } = [];

    public IChangeToken ChangeToken => new CancellationChangeToken(_changed.Token);

    public void Dispose() => _changed.Dispose();
}
