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

    [Theory]
    [InlineData("57P03", "the database system is starting up", true)]
    [InlineData("08006", "connection failure", true)]
    [InlineData("53100", "disk full", true)]
    [InlineData("42P01", "relation does not exist", false)]
    [InlineData("23505", "duplicate key", false)]
    [InlineData(null, "SQLite Error 5: 'database is locked'.", true)]
    [InlineData(null, "SQLite Error 13: 'database or disk is full'.", true)]
    [InlineData(null, "SQLite Error 10: 'disk I/O error'.", true)]
    [InlineData(null, "SQLite Error 1: 'no such table'.", false)]
    [InlineData(null, "SQLite Error 19: 'UNIQUE constraint failed'.", false)]
    [InlineData(null, "Exception while reading from stream", true)]
    public void Failure_OfTheDatabase_IsAnOutageUnlessTheStatementIsWrong(string? state, string message, bool expected) =>
        Assert.Equal(expected, FailureLog.IsOutage(new InvalidOperationException("outer", new Locked(state, message))));

    private sealed class Locked(string? state = null, string message = "locked") : DbException(message)
    {
        public override string? SqlState => state;
    }

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
