namespace WebSub.Conformance.Checks;

/// <summary>A check cannot find out what it wants to know.</summary>
internal sealed class CheckSkippedException(string reason) : Exception(reason);
