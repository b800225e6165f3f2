namespace WebSub.Hub;

/// <summary>Which topics to list; what is null does not matter.</summary>
/// <param name="Url">The topic, byte for byte.</param>
/// <param name="Contains">
/// A part of the topic; upper and lower case of a to z are the same. A page looks at 100,000 topics at most, so it can be short, or empty,
/// and still have a next one.
/// </param>
public sealed record HubTopicFilter(string? Url = null, string? Contains = null);
