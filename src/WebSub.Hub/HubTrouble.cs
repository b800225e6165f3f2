namespace WebSub.Hub;

/// <summary>Something that an operator should know.</summary>
/// <param name="Kind">
/// What it is about: <c>lateWork</c>, <c>silentOrigin</c>, <c>failingHost</c>, <c>failingFetches</c>, <c>deadLetters</c>.
/// </param>
/// <param name="Sentence">What is wrong, in a sentence.</param>
/// <param name="Subject">The host or origin that it is about; null if it is about the hub.</param>
/// <param name="Since">Since when, if that is known. The sentence has it as <c>2026-11-28 02:10:00 UTC</c>.</param>
public sealed record HubTrouble(string Kind, string Sentence, string? Subject = null, DateTimeOffset? Since = null);
