namespace WebSub.Documents;

/// <summary>
/// What reading one document may cost. Every node and attribute is paid for before work is done with it, so a document made to be expensive
/// ends its own reading, at a place that depends on the document only.
/// </summary>
internal sealed class DocumentBudget(int maxNodes, CancellationToken cancellationToken)
{
    public const int MaxDepth = 100;
    public const int MaxAttributes = 256;
    public const int MaxAttributeLength = 256 * 1024;

    /// <summary>Namespaces declared where an element stands: XLinq looks through them, one by one, for every name that it writes.</summary>
    public const int MaxNamespaces = 100;

    /// <summary>Elements that may name a hub or a topic.</summary>
    public const int MaxLinks = 64;

    /// <summary>For documents in which links are looked for.</summary>
    public const int NodesOfDiscovery = 200_000;

    private int _links;

    /// <summary>Nodes and attributes so far.</summary>
    public int Spent { get; private set; }

    public static DocumentBudget ForDiscovery(CancellationToken cancellationToken) => new(NodesOfDiscovery, cancellationToken);

    public void Spend(int nodes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Spent += nodes;
        if (Spent > maxNodes)
            throw new DocumentLimitException($"has more than {maxNodes} elements and attributes");
    }

    /// <summary>To be called for each link before its relations are looked at or its reference is resolved.</summary>
    public void SpendLink()
    {
        if (++_links > MaxLinks)
            throw new DocumentLimitException($"has more than {MaxLinks} link elements");
    }

    public static void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
            throw new DocumentLimitException($"has elements more than {MaxDepth} deep");
    }

    public static void CheckAttributes(int count)
    {
        if (count > MaxAttributes)
            throw new DocumentLimitException($"has an element with more than {MaxAttributes} attributes");
    }

    public static void CheckAttribute(int length)
    {
        if (length > MaxAttributeLength)
            throw new DocumentLimitException($"has an attribute of more than {MaxAttributeLength} characters");
    }

    public static void CheckNamespaces(int count)
    {
        if (count > MaxNamespaces)
            throw new DocumentLimitException($"has more than {MaxNamespaces} namespaces in one place");
    }
}
