using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Hosting;

/// <summary>The paths below which callbacks live: today's, and those that hubs still know from before.</summary>
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
