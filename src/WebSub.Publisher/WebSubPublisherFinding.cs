namespace WebSub.Publisher;

/// <summary>Something that keeps updates from arriving.</summary>
/// <param name="Problem">What it is.</param>
/// <param name="Subject">The topic or hub it is about.</param>
/// <param name="Explanation">A sentence: what was seen, and what to do.</param>
public sealed record WebSubPublisherFinding(WebSubPublisherProblem Problem, string Subject, string Explanation);
