using WebSub.Documents;
using WebSub.Protocol;

namespace WebSub.Discovery;

/// <summary>A <c>link</c> element of a page or feed, its attributes as they stand there.</summary>
internal sealed record LinkElement(string Rel, string Href, string BaseUrl, LinkSource Source)
{
    private const int MaxRelations = 64;
    private const int MaxRelLength = 8 * 1024;

    /// <summary>RFC 4287 §4.2.7.2: <c>self</c> and this prefix with <c>self</c> mean the same.</summary>
    private const string RegistryPrefix = "http://www.iana.org/assignments/relation/";

    /// <summary>Adds it to the findings, if it names a hub or a topic and the budget has room for it.</summary>
    public void AddTo(LinkFindings findings, DocumentBudget budget)
    {
        var relations = Rel.Length > MaxRelLength ? null : LinkRelations.Split(Rel).Take(MaxRelations + 1).Select(WithoutPrefix).ToList();
        if (relations is null || relations.Count > MaxRelations)
            throw new DocumentLimitException($"has a link with more than {MaxRelations} relations");
        if (!relations.Exists(r => Is(r, LinkRelations.Hub) || Is(r, LinkRelations.Self)))
            return;
        budget.SpendLink();
        findings.Add(relations, Href.Trim(), BaseUrl, Source);
    }

    private static bool Is(string relation, string name) => relation.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string WithoutPrefix(string relation) =>
        relation.StartsWith(RegistryPrefix, StringComparison.Ordinal) ? relation[RegistryPrefix.Length..] : relation;
}
