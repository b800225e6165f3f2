using System.Text;

namespace Demo.Steps;

/// <summary>Prints steps, counts them and lets others wait for them. A step is only what has actually been observed.</summary>
internal sealed class StepLog(TimeProvider time, TextWriter output)
{
    private const int Columns = 80;
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly int[] _counts = new int[Enum.GetValues<Step>().Length];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many times a step was observed.</summary>
    public int this[Step step]
    {
        get
        {
            lock (_gate)
                return _counts[(int)step];
        }
    }

    /// <summary>The steps that were not observed often enough.</summary>
    public IReadOnlyList<string> Missing(int updates)
    {
        var missing = new List<string>();
        foreach (var step in Enum.GetValues<Step>())
        {
            var (seen, wanted) = (this[step], step is Step.Published or Step.Delivered ? updates : 1);
            if (seen < wanted)
                missing.Add(wanted == 1 ? Name(step) : $"{Name(step)} ({seen} of {wanted})");
        }

        return missing;
    }

    /// <summary>Records that a step was observed.</summary>
    public void Observe(Step step, string text)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Print(Name(step), text);
            _counts[(int)step]++;
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    /// <summary>Prints something noteworthy that is not a step.</summary>
    public void Note(string name, string text)
    {
        lock (_gate)
            Print(name, text);
    }

    /// <summary>Prints a line without time and name.</summary>
    public void Line(string text = "")
    {
        lock (_gate)
            output.WriteLine(text);
    }

    /// <summary>Waits until a step has been observed this many times.</summary>
    public async Task WaitAsync(Step step, int times, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_counts[(int)step] >= times)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static string Name(Step step) => step.ToString().ToLowerInvariant();

    private string Seconds() => $"{time.GetElapsedTime(_start).TotalSeconds:0.0}";

    private void Print(string name, string text) => output.WriteLine(Fit($"{Seconds().PadLeft(5)}  {name.PadRight(14)}{text}"));

    // Chinese, Japanese and Korean characters take two columns.
    private static string Fit(string line)
    {
        var (kept, width) = (new StringBuilder(), 0);
        foreach (var rune in line.EnumerateRunes())
        {
            width += rune.Value is >= 0x1100 and not (>= 0x2010 and < 0x2E80) ? 2 : 1;
            if (width > Columns)
                return kept.ToString(0, kept.Length - 1) + "…";
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }
}
