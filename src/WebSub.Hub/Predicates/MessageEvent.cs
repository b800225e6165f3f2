namespace WebSub.Hub.Predicates;

/// <summary>What a message tells its subscribers. With several predicates it is still one delivery for each callback.</summary>
/// <param name="PredicateKeys">The keys of its predicates; at least one.</param>
/// <param name="Body">JSON.</param>
/// <param name="Reference">The message's reference, for <c>rel=self</c>.</param>
internal sealed record MessageEvent(IReadOnlyList<string> PredicateKeys, byte[] Body, string Reference);
