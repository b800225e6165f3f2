namespace WebSub.Hub;

/// <summary>Something that an operator should know.</summary>
/// <param name="Kind">
/// What it is about: <c>lateWork</c>, <c>silentOrigin</c>, <c>failingHost</c>, <c>failingFetches</c>, <c>deadLetters</c>.
/// </param>
/// <param name="Sentence">What is wrong, in a sentence.</param>
/// <param name="Subject">The host or origin that it is about; null if it is about the hub.</param>
public sealed record HubTrouble(string Kind, string Sentence, string? Subject = null);
