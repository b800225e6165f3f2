using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Diagnostics;

/// <summary>
/// Turns the app's logs off in a process that only runs a command: what that prints is its own, and logs would stand between the lines.
/// Loggers that exist already are told.
/// </summary>
internal sealed class QuietLogs : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private CancellationTokenSource _changed = new();
    private bool _isQuiet;

    /// <inheritdoc/>
    public string Name => Options.DefaultName;

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

    /// <summary>From now on nothing is logged.</summary>
    public void Silence()
    {
        _isQuiet = true;
        using var before = Interlocked.Exchange(ref _changed, new());
        before.Cancel();
    }

    /// <inheritdoc/>
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (!_isQuiet)
            return;
        options.Rules.Clear();
        options.MinLevel = LogLevel.None;
    }

    /// <inheritdoc/>
    public void Dispose() => _changed.Dispose();
}
