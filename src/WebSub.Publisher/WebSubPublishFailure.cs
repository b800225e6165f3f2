namespace WebSub.Publisher;

/// <summary>One hub that could not be told of one topic.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Explanation">What the hub said, or what went wrong.</param>
public sealed record WebSubPublishFailure(string Hub, string Topic, string Explanation);
