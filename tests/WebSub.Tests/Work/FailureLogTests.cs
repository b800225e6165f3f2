using System.Data.Common;
using Microsoft.Extensions.Time.Testing;

namespace WebSub.Work;

public sealed class FailureLogTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lines _lines = new();
    private readonly FailureLog _failures;

    public FailureLogTests() => _failures = new("Sweep", _clock, _lines);

    [Fact]
    public void Failures_OfAnOutage_AreOneLineAMinute_WithTheirNumberAndNoStack()
    {
        for (var i = 0; i < 100; i++)
            _failures.Report(new Locked());
        _clock.Advance(TimeSpan.FromMinutes(1));
        _failures.Report(new Locked());

        Assert.Equal([(9006, false, 0L), (9006, false, 99L)], _lines.Seen);
    }

    [Fact]
    public void Failure_OfOurOwn_HasItsStack()
    {
        _failures.Report(new InvalidOperationException("a bug"));

        Assert.Equal([(9001, true, 0L)], _lines.Seen);
    }

    private sealed class Locked : DbException;

    private sealed class Lines : Microsoft.Extensions.Logging.ILogger
    {
        public List<(int EventId, bool HasStack, long Count)> Seen { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var count = (long)((IEnumerable<KeyValuePair<string, object?>>)state!).Single(v => v.Key == "Count").Value!;
            Seen.Add((eventId.Id, exception is not null, count));
        }
    }
}
