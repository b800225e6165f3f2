using System.Text.Json;

namespace WebSub.Predicates;

/// <summary>One of the errors that a predicate API answered with.</summary>
public sealed record PredicateProblem
{
    /// <summary>The reason phrase, for example <c>Bad Request</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>For programs, for example <c>topic-validation-error</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>The same in words.</summary>
    public string Title { get; init; } = "";

    /// <summary>A sentence.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What was given or is missing: a list or an object.</summary>
    public JsonElement Source { get; init; }
}
