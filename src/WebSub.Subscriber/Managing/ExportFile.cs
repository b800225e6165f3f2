namespace WebSub.Subscriber.Managing;

/// <summary>A file of <c>websub export</c>.</summary>
/// <param name="Format">Always <see cref="Name"/>.</param>
/// <param name="Version">Of the format.</param>
/// <param name="Subscriptions">All of them.</param>
internal sealed record ExportFile(string Format, int Version, IReadOnlyList<ExportedSubscription> Subscriptions)
{
    public const string Name = "websub-subscriptions";
    public const int Newest = 1;
}
