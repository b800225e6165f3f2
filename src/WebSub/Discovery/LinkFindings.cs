using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>The hub and self links of one place: the headers of a response, or its body.</summary>
internal sealed class LinkFindings
{
    /// <summary>More hubs than this are not taken: whoever reads a page must not be made to call thousands of strangers.</summary>
    public const int MaxHubs = 32;

    /// <summary>What is longer is no URL that we take, and is not resolved either.</summary>
    private const int MaxReference = 4 * VerbatimUrl.MaxBytes;

    private readonly List<DiscoveredLink> _hubs = [];
    private readonly List<DiscoveredLink> _selfs = [];

    public IReadOnlyList<DiscoveredLink> Hubs => _hubs;

    /// <summary>The different self links; there should be one (D3).</summary>
    public IReadOnlyList<DiscoveredLink> Selfs => _selfs;

    /// <summary>The first hub or self link that is not an http or https URL, with the reason; such links do not count.</summary>
    public string? Unusable { get; private set; }

    /// <summary>True once both relations have been seen.</summary>
    public bool HasBoth => _hubs.Count > 0 && _selfs.Count > 0;

    /// <summary>
    /// Takes the link if it is a hub or self link that has not been seen yet. Its reference is resolved once, however often it names them.
    /// </summary>
    public void Add(IEnumerable<string> relations, string target, string baseUrl, LinkSource source)
    {
        var (isHub, isSelf) = (false, false);
        foreach (var relation in relations)
        {
            isHub = isHub || relation.Equals(LinkRelations.Hub, StringComparison.OrdinalIgnoreCase);
            isSelf = isSelf || relation.Equals(LinkRelations.Self, StringComparison.OrdinalIgnoreCase);
        }

        // An empty reference means the page itself, which is a fair topic but never a hub: it is a setting left empty.
        isHub = isHub && target.Length > 0 && _hubs.Count < MaxHubs;
        isSelf = isSelf && _selfs.Count < MaxHubs;
        if (!isHub && !isSelf)
            return;
        if (target.Length > MaxReference)
        {
            Unusable ??= $"a link whose reference is longer than {MaxReference} characters";
            return;
        }

        var url = RelativeReference.Resolve(baseUrl, LooseReference.Clean(target));
        if (!VerbatimUrl.TryCreate(url, out _, out var fault))
        {
            Unusable ??= $"{url} {fault}";
            return;
        }

        if (isHub)
            Add(_hubs, url, source);
        if (isSelf)
            Add(_selfs, url, source);
    }

    private static void Add(List<DiscoveredLink> links, string url, LinkSource source)
    {
        if (!links.Exists(l => l.Url == url))
            links.Add(new(url, source));
    }
}
