namespace WebSub.Fuzz.Targets;

/// <summary>Something that reads bytes of strangers. An exception that it is not documented to throw is a fault.</summary>
/// <param name="Name">Its name, and that of its folder in the corpus.</param>
/// <param name="Run">Reads one input.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run)
{
    /// <summary>Every parser that is given what others send.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("bodies", BodyTargets.Codings),
        new("charsets", BodyTargets.Charsets),
        new("discovery", DocumentTargets.Discovery),
        new("feeds", DocumentTargets.Feeds),
        new("feed-diffs", DocumentTargets.FeedDiffs),
        new("forms", MessageTargets.Forms),
        new("json", MessageTargets.Json),
        new("link-headers", HeaderTargets.Links),
        new("predicates", MessageTargets.Predicates),
        new("signatures", HeaderTargets.Signatures),
        new("delivery-headers", HeaderTargets.Deliveries),
        new("urls", HeaderTargets.Urls),
    ];

    public static FuzzTarget Named(string name) => All.Single(t => t.Name == name);

    public override string ToString() => Name;
}
