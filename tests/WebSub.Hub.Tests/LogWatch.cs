using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebSub.Hub.Tests;

/// <summary>Lets a test wait for a log message with which the hub reports that it has done something.</summary>
internal sealed class LogWatch : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<(int EventId, string Text), TaskCompletionSource> _waits = new();

    public Task WaitFor(int eventId, string text)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits[(eventId, text)] = source;
        return source.Task;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (eventId.Id < 1000)
            return;
        var message = formatter(state, exception);
        if (exception is not null)
            Console.Error.WriteLine($"{message}: {exception}");
        foreach (var (key, source) in _waits)
        {
            if (key.EventId == eventId.Id && message.Contains(key.Text, StringComparison.Ordinal))
                source.TrySetResult();
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
