using Microsoft.Extensions.Logging;

namespace WebSub.Publisher;

/// <summary>The messages of the publisher's own log; a test of what is logged can wait for one.</summary>
internal sealed class LogList : ILoggerProvider
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Lock _lock = new();
    private readonly List<(LogLevel Level, string Text)> _messages = [];
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(LogLevel Level, string Text)> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <summary>Returns once so many messages contain the text.</summary>
    public async Task WaitAsync(string text, int count = 1)
    {
        while (true)
        {
            Task added;
            lock (_lock)
            {
                if (_messages.Count(m => m.Text.Contains(text, StringComparison.Ordinal)) >= count)
                    return;
                added = _added.Task;
            }

            try
            {
                await added.WaitAsync(Deadline);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"No message \"{text}\" ({count} times) in:\n{string.Join('\n', Messages.Select(m => m.Text))}");
            }
        }
    }

    public ILogger CreateLogger(string categoryName) =>
        new Logger(this, categoryName.StartsWith("WebSub.Publisher.", StringComparison.Ordinal));

    public void Dispose()
    {
        // Nothing to give back.
    }

    private void Add(LogLevel level, string text)
    {
        TaskCompletionSource added;
        lock (_lock)
        {
            _messages.Add((level, text));
            (added, _added) = (_added, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        added.SetResult();
    }

    private sealed class Logger(LogList list, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (isOurs)
                list.Add(logLevel, formatter(state, exception) + (exception is null ? "" : "\n" + exception));
        }
    }
}
