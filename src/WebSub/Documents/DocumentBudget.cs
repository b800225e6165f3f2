namespace WebSub.Documents;

/// <summary>
/// What reading documents may cost. Every node and attribute is paid for before work is done with it, so a document made to be
/// expensive ends its own reading, at a place that depends on the document only. A budget may serve several documents, one after another:
/// each has the same limit, and <see cref="Spent"/> adds them up.
/// </summary>
/// <param name="maxNodes">The most elements and attributes that each document may have.</param>
/// <param name="cancellationToken">Ends reading; then <see cref="OperationCanceledException"/> is thrown.</param>
public sealed class DocumentBudget(int maxNodes, CancellationToken cancellationToken)
{
    /// <summary>For documents in which links are looked for, as <c>maxNodes</c>: 200,000.</summary>
    public const int NodesOfDiscovery = 200_000;

    internal const int MaxDepth = 100;
    internal const int MaxAttributes = 256;
    internal const int MaxAttributeLength = 256 * 1024;

    /// <summary>Namespaces declared where an element stands: XLinq looks through them, one by one, for every name that it writes.</summary>
    internal const int MaxNamespaces = 100;

    /// <summary>Elements that may name a hub or a topic.</summary>
    internal const int MaxLinks = 64;

    private int _links;
    private int _spentBefore;

    /// <summary>The elements and attributes of all documents so far.</summary>
    public int Spent { get; private set; }

    internal static DocumentBudget ForDiscovery(CancellationToken cancellationToken) => new(NodesOfDiscovery, cancellationToken);

    /// <summary>To be called before each document, or each reading of one.</summary>
    internal void StartDocument()
    {
        _links = 0;
        _spentBefore = Spent;
    }

    internal void Spend(int nodes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Spent += nodes;
        if (Spent - _spentBefore > maxNodes)
            throw new DocumentLimitException($"has more than {maxNodes} elements and attributes");
    }

    /// <summary>To be called for each link before its relations are looked at or its reference is resolved.</summary>
    internal void SpendLink()
    {
        if (++_links > MaxLinks)
            throw new DocumentLimitException($"has more than {MaxLinks} link elements");
    }

    internal static void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
            throw new DocumentLimitException($"has elements more than {MaxDepth} deep");
    }

    internal static void CheckAttributes(int count)
    {
        if (count > MaxAttributes)
            throw new DocumentLimitException($"has an element with more than {MaxAttributes} attributes");
    }

    internal static void CheckAttribute(int length)
    {
        if (length > MaxAttributeLength)
            throw new DocumentLimitException($"has an attribute of more than {MaxAttributeLength} characters");
    }

    internal static void CheckNamespaces(int count)
    {
        if (count > MaxNamespaces)
            throw new DocumentLimitException($"has more than {MaxNamespaces} namespaces in one place");
    }
}
