using WebSub.Cli.Terminal;
using WebSub.Conformance.Checks;

namespace WebSub.Cli.Checking;

/// <summary>
/// A line at the bottom of the terminal that says how many checks have ended, how many of them failed, for how long they run and, when
/// few are left, which those are. Nothing where there is no terminal.
/// </summary>
internal sealed class CheckProgress : IDisposable
{
    private const int Few = 6;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly List<string> _left;
    private readonly int _all;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer? _timer;
    private int _failed;

    /// <param name="requirements">What is checked.</param>
    /// <param name="isShown">False for <c>--json</c>.</param>
    /// <param name="time">The clock.</param>
    public CheckProgress(IEnumerable<Requirement> requirements, bool isShown, TimeProvider time)
    {
        _left = [.. requirements.Select(r => r.Id)];
        (_all, _time, _start) = (_left.Count, time, time.GetTimestamp());
        if (isShown && StatusLine.IsPossible)
            _timer = time.CreateTimer(_ => Show(), state: null, TimeSpan.Zero, Every);
    }

    /// <summary>Takes note of a check that has ended.</summary>
    public void Ended(CheckResult result)
    {
        lock (_lock)
        {
            _left.Remove(result.Requirement.Id);
            _failed += result.Outcome == CheckOutcome.Failed ? 1 : 0;
        }

        Show();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _left.Clear();
            StatusLine.Show("");
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_timer is not null)
                StatusLine.Show(_left.Count == 0 ? "" : Text());
        }
    }

    private string Text()
    {
        var length = _time.GetElapsedTime(_start);
        var text = $"{_all - _left.Count} of {_all} checks ended, {_failed} failed, {(int)length.TotalMinutes}:{length.Seconds:00}";
        return _left.Count <= Few ? $"{text}; waiting for {string.Join(", ", _left)}" : text;
    }
}
