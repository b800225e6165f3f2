using Microsoft.Extensions.Logging;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>Shows our own log lines with a test that fails.</summary>
internal sealed class TestOutputLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel) || eventId.Id < 4000)
            return;
        try
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel} {eventId.Id}: {formatter(state, exception)} {exception}");
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
