using System.ComponentModel;

namespace WebSub.Hub.Predicates;

/// <summary>One error, for OpenAPI.</summary>
internal sealed record DescribedError(
    [property: Description("The reason phrase of the status.")] string Status,
    [property: Description("For programs, for example topic-validation-error.")] string Code,
    string Title,
    [property: Description("A sentence.")] string Detail,
    [property: Description("What was given or is missing: a list or an object.")] object Source
);
