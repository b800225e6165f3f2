namespace WebSub.Conformance.Checks;

/// <summary>A requirement that leaves the peer a choice or cannot be seen from outside; a report lists it with the reason.</summary>
/// <param name="Requirement">What it is about.</param>
/// <param name="Reason">Why nothing is checked.</param>
internal sealed record UncheckedRequirement(Requirement Requirement, string Reason);
