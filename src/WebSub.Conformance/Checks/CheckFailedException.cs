namespace WebSub.Conformance.Checks;

/// <summary>The peer does not do what a check requires.</summary>
internal sealed class CheckFailedException(string reason) : Exception(reason);
