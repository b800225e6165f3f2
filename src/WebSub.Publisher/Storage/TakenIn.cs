namespace WebSub.Publisher.Storage;

/// <summary>What one intake found.</summary>
/// <param name="Count">How many updates.</param>
/// <param name="Unserved">The topics that no configured hub serves.</param>
internal sealed record TakenIn(int Count, IReadOnlyList<string> Unserved);
