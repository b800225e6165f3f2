namespace WebSub.Predicates;

/// <summary>The body of an error answer.</summary>
internal sealed record PredicateProblems
{
    public IReadOnlyList<PredicateProblem> Errors { get; init; } = [];
}
