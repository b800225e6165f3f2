using System.Text.Json;

namespace WebSub.Predicates;

/// <summary>One of the errors in a predicate API's answer.</summary>
public sealed record PredicateProblem
{
    /// <summary>The reason phrase, for example <c>Bad Request</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>A machine-readable code, for example <c>topic-validation-error</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>The code in words.</summary>
    public string Title { get; init; } = "";

    /// <summary>An explanation, in a sentence.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What was given or is missing: a list or an object.</summary>
    public JsonElement Source { get; init; }
}
