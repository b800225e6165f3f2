using WebSub.Http;

namespace WebSub.Predicates;

/// <summary>A predicate API's answer, or why there is none.</summary>
public record PredicateAnswer
{
    /// <summary>How it ended.</summary>
    public required HubOutcome Outcome { get; init; }

    /// <summary>The HTTP status; 0 if there was no answer.</summary>
    public int StatusCode { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Explanation { get; init; }

    /// <summary>What was wrong, if the API said so; all errors at once.</summary>
    public IReadOnlyList<PredicateProblem> Problems { get; init; } = [];

    /// <summary>True if the API answered 2xx.</summary>
    public bool IsAccepted => Outcome == HubOutcome.Accepted;
}
