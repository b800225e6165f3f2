namespace WebSub.Hub.Predicates;

/// <summary>The body of every error, for OpenAPI.</summary>
internal sealed record DescribedErrors(IReadOnlyList<DescribedError> Errors);
