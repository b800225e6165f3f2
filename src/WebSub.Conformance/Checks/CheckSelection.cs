namespace WebSub.Conformance.Checks;

/// <summary>Which checks run, and how many side by side.</summary>
/// <param name="Only">The ids of the checks to run, as <see cref="Requirement.IsNamed"/> takes them; all if empty.</param>
/// <param name="IncludeLong">True runs those that take minutes, too.</param>
/// <param name="Parallelism">How many run side by side.</param>
internal sealed record CheckSelection(IReadOnlyList<string> Only, bool IncludeLong, int Parallelism)
{
    public bool Has(Requirement requirement) => Only.Count == 0 || Only.Any(requirement.IsNamed);
}
