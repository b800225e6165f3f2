using WebSub.Cli.Terminal;
using WebSub.Conformance.Checks;

namespace WebSub.Cli.Checking;

/// <summary>Shows each check as it ends, but those that fail together at the end, and the sum of them.</summary>
/// <param name="report">Where they are shown.</param>
/// <param name="isJson">True if that is for programs.</param>
/// <param name="progress">The line that says how many have ended.</param>
internal sealed class CheckList(Report report, bool isJson, CheckProgress progress) : IProgress<CheckResult>
{
    private const int IdColumn = 15;
    private const int MostAlike = 3;
    private readonly Lock _lock = new();

    /// <summary>The names of checks, for an error message.</summary>
    public static string Names(IEnumerable<Requirement> requirements) => string.Join(", ", requirements.Select(r => r.Id));

    public void Report(CheckResult value)
    {
        if (value.Outcome != CheckOutcome.Failed)
        {
            lock (_lock)
                Show(value);
        }

        progress.Ended(value);
    }

    /// <summary>Shows what failed, and the sum.</summary>
    public void Conclude(ConformanceReport whole)
    {
        var failures = whole.Results.Where(r => r.Outcome == CheckOutcome.Failed).ToList();
        // Where nothing answers, everything fails for that reason; people need not read it forty times.
        var isOne = !isJson && failures.Count > MostAlike && failures.DistinctBy(f => f.Reason).Count() == 1;
        foreach (var failed in failures.Take(isOne ? 1 : failures.Count))
            Show(failed);
        if (isOne)
            report.Write(Screen.Wrap($"The {failures.Count - 1} others that failed say the same.", Screen.TerminalWidth), new { });
        var (passed, missed, skipped) = (
            whole.Count(CheckOutcome.Passed),
            whole.Count(CheckOutcome.Failed),
            whole.Count(CheckOutcome.Skipped)
        );
        report.Write(
            Screen.Wrap($"{passed} passed, {missed} failed, {skipped} skipped. {whole.Verdict}", Screen.TerminalWidth),
            new
            {
                passed,
                failed = missed,
                skipped,
                whole.IsConformant,
                WasStopped = whole.WasStopped ? true : (bool?)null,
            }
        );
    }

    private void Show(CheckResult value)
    {
        var (word, tone) = value.Outcome switch
        {
            CheckOutcome.Passed => ("passed", Tone.Good),
            CheckOutcome.Failed => ("failed", Tone.Bad),
            _ => ("skipped", Tone.Plain),
        };
        var requirement = value.Requirement;
        var level = requirement.Level == RequirementLevel.Must ? "" : $", {requirement.Level.ToString().ToUpperInvariant()}";
        report.Write(
            requirement.Id.PadRight(IdColumn),
            word,
            tone,
            $"{requirement.Text} ({requirement.Origin()}{level})",
            value.Reason is { } reason ? Screen.Wrap(reason, Screen.TerminalWidth - IdColumn) : [],
            new
            {
                requirement.Id,
                requirement.Level,
                requirement.Section,
                requirement.Text,
                value.Outcome,
                value.Reason,
                Seconds = Math.Round(value.Duration.TotalSeconds, 3),
            }
        );
    }
}
