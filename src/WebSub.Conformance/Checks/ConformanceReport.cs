namespace WebSub.Conformance.Checks;

/// <summary>The results of a run.</summary>
/// <param name="Role">What was checked: "hub", "publisher".</param>
/// <param name="Target">Its URL.</param>
/// <param name="StartedAt">When the run began.</param>
/// <param name="Results">What became of each check, in the order of the requirements.</param>
public sealed record ConformanceReport(string Role, string Target, DateTimeOffset StartedAt, IReadOnlyList<CheckResult> Results)
{
    /// <summary>True if the run was stopped: checks that had not ended are among the skipped.</summary>
    public bool WasStopped { get; init; }

    /// <summary>True if a SHOULD that is not met counts as a MUST does.</summary>
    public bool IsStrict { get; init; }

    /// <summary>
    /// True if the run came to its end, something passed, and every MUST that was checked is met, if strict every SHOULD too. Everything
    /// that says how a run ended says this: each report, and the exit code of <c>websub check</c>.
    /// </summary>
    public bool IsConformant => !WasStopped && Count(CheckOutcome.Passed) > 0 && !Results.Any(Fails);

    /// <summary>How the run ended, in one or two sentences.</summary>
    public string Verdict
    {
        get
        {
            if (WasStopped)
                return "Stopped before the end; what did not end counts as skipped.";
            if (Results.All(r => r.Outcome == CheckOutcome.Skipped && r.Duration == TimeSpan.Zero))
                return "Nothing was checked; the reason stands with each check.";
            var nothing = $"Nothing passed: is a {Role} there, and is it running?";
            var hasPassed = Count(CheckOutcome.Passed) > 0;
            return CountFailed(RequirementLevel.Must) switch
            {
                0 when !hasPassed => nothing,
                0 when IsConformant => "Every MUST that was checked is met.",
                0 => "Every MUST that was checked is met, but not every SHOULD, which fails a strict check.",
                var count => $"The {Role} does not conform: {(count == 1 ? "one MUST is" : $"{count} MUSTs are")} not met."
                    + (hasPassed ? "" : $" {nothing}"),
            };
        }
    }

    /// <summary>True if this alone makes the run fail.</summary>
    internal bool Fails(CheckResult result) =>
        result.Outcome == CheckOutcome.Failed
        && (result.Requirement.Level == RequirementLevel.Must || (IsStrict && result.Requirement.Level == RequirementLevel.Should));

    /// <summary>How many checks ended so.</summary>
    public int Count(CheckOutcome outcome) => Results.Count(r => r.Outcome == outcome);

    /// <summary>How many requirements of a level are not met.</summary>
    public int CountFailed(RequirementLevel level) => Results.Count(r => r.Outcome == CheckOutcome.Failed && r.Requirement.Level == level);
}
