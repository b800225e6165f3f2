namespace WebSub.Conformance.Checks;

/// <summary>What a check is about.</summary>
/// <param name="Id">
/// The number of the requirement in <c>docs/reference/requirements.md</c>; with a word behind it where several checks share one.
/// </param>
/// <param name="Level">How strongly it is asked for.</param>
/// <param name="Section">The section of the W3C Recommendation of 2 June 2026; empty where it is not from there.</param>
/// <param name="Text">The requirement in our words.</param>
public sealed record Requirement(string Id, RequirementLevel Level, string Section, string Text)
{
    /// <summary>Where it is from: "§5.1.2" of the Recommendation, or what older peers expect.</summary>
    public string Origin() => Section.Length == 0 ? "older peers" : $"§{Section}";

    /// <summary>
    /// True if this is the one that was typed, or one of the checks that share its number or its letter: <c>h20</c> means H20 and
    /// H20-redirect, <c>c</c> all about signatures.
    /// </summary>
    public bool IsNamed(string id) =>
        Id.Equals(id, StringComparison.OrdinalIgnoreCase)
        || Id.StartsWith(id.Length == 1 ? id : $"{id}-", StringComparison.OrdinalIgnoreCase);
}
