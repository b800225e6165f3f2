using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace WebSub.Hub.Tests;

/// <summary>
/// Shows the hub's log lines with a test that fails. For what the hub reports only in its log, such as a lost connection or a failed loop,
/// a test can wait by the number of the event.
/// </summary>
internal sealed class HubLog : ILoggerProvider, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;
    private readonly ConcurrentDictionary<TaskCompletionSource, (int EventId, object? Value)> _waits = new();

    private readonly ConcurrentDictionary<int, int> _counts = new();

    private readonly ConcurrentQueue<Exception> _exceptions = new();

    /// <summary>What was logged with a stack trace, by the hub or the host.</summary>
    public IReadOnlyList<Exception> Exceptions => [.. _exceptions];

    /// <summary>How many events of this number there were.</summary>
    public int Count(int eventId) => _counts.GetValueOrDefault(eventId);

    /// <summary>Completes with the next event of this number, if one is given with this value.</summary>
    public Task NextAsync(int eventId, object? value = null)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits[source] = (eventId, value);
        return source.Task.WaitAsync(HubHost.Deadline);
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
        if (exception is not null)
            _exceptions.Enqueue(exception);
        if (eventId.Id < 1000)
            return;
        _counts.AddOrUpdate(eventId.Id, 1, (_, count) => count + 1);
        foreach (var (source, (id, value)) in _waits)
        {
            if (
                id == eventId.Id
                && (value is null || (state is IEnumerable<KeyValuePair<string, object?>> values && values.Any(v => value.Equals(v.Value))))
            )
                source.TrySetResult();
        }

        try
        {
            _output?.WriteLine($"{logLevel} {eventId.Id}: {formatter(state, exception)} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test is over.
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
