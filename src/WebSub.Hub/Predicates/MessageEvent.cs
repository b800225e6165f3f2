namespace WebSub.Hub.Predicates;

/// <summary>An event that a message causes. It is one delivery for each callback, even with several predicates.</summary>
/// <param name="PredicateKeys">The keys of its predicates, at least one.</param>
/// <param name="Body">JSON.</param>
/// <param name="Reference">The message's reference, for <c>rel=self</c>.</param>
internal sealed record MessageEvent(IReadOnlyList<string> PredicateKeys, byte[] Body, string Reference);
