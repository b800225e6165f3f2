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

    /// <summary>True unless a MUST is not met, or if strict a SHOULD.</summary>
    public bool IsConformant => CountFailed(RequirementLevel.Must) == 0 && (!IsStrict || CountFailed(RequirementLevel.Should) == 0);

    /// <summary>How many checks ended so.</summary>
    public int Count(CheckOutcome outcome) => Results.Count(r => r.Outcome == outcome);

    /// <summary>How many requirements of a level are not met.</summary>
    public int CountFailed(RequirementLevel level) => Results.Count(r => r.Outcome == CheckOutcome.Failed && r.Requirement.Level == level);
}
