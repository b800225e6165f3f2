namespace WebSub.Protocol;

/// <summary>One link of a <c>Link</c> header (RFC 8288), from the response that carries it.</summary>
/// <param name="Target">
/// The text between <c>&lt;</c> and <c>&gt;</c>, unchanged; it may be relative to the URL of the response (D13).
/// </param>
/// <param name="Relations">The relation types of the first <c>rel</c> parameter, in their original order and spelling.</param>
public sealed record WebLink(string Target, IReadOnlyList<string> Relations)
{
    /// <summary>True if the link has this relation type; the names are case-insensitive.</summary>
    public bool Has(string relation) => Relations.Contains(relation, StringComparer.OrdinalIgnoreCase);
}
