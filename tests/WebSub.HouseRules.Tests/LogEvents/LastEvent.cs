using Microsoft.Extensions.Logging;

namespace WebSub.HouseRules.Tests.LogEvents;

/// <summary>Keeps the event that was logged last.</summary>
internal sealed class LastEvent : ILogger
{
    public EventId Id { get; private set; }

    public LogLevel Level { get; private set; }

    public string Text { get; private set; } = "";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        (Level, Id) = (level, id);
        Text = (state as IEnumerable<KeyValuePair<string, object?>>)?.Single(v => v.Key == "{OriginalFormat}").Value as string ?? "";
    }
}
