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

    /// <summary>How many checks ended so.</summary>
    public int Count(CheckOutcome outcome) => Results.Count(r => r.Outcome == outcome);

    /// <summary>True unless a check of this level or a stronger one failed.</summary>
    /// <param name="weakest">The weakest level that counts: MUST by default; SHOULD when strict.</param>
    public bool IsConformant(RequirementLevel weakest = RequirementLevel.Must) =>
        !Results.Any(r => r.Outcome == CheckOutcome.Failed && r.Requirement.Level <= weakest);
}
