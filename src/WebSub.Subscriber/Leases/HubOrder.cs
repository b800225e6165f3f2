namespace WebSub.Subscriber.Leases;

/// <summary>The order in which hubs are tried.</summary>
internal static class HubOrder
{
    /// <summary>
    /// The document's order; but if a hub is named with both schemes, https comes first (§8.2). A hub named only with http is used as
    /// named: what answers at its https address may be another server.
    /// </summary>
    public static IEnumerable<string> SecureFirst(IReadOnlyCollection<string> hubs) =>
        hubs.SelectMany(h => SecureTwin(h) is { } twin && hubs.Contains(twin) ? [twin, h] : new[] { h }).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Each hub that is named with http after its https address (setting <c>PreferHttps</c>). The address that has confirmed the
    /// subscription is the one to go on with. Until one has: an https address that takes a request and never asks back is left alone.
    /// </summary>
    /// <param name="hubs">The hubs as named.</param>
    /// <param name="confirmed">The hub that has confirmed the subscription; null if none has.</param>
    /// <param name="wasNotVerified">True if an attempt of this request was taken and not verified.</param>
    public static IEnumerable<string> WithTwins(IEnumerable<string> hubs, string? confirmed, bool wasNotVerified) =>
        hubs.SelectMany(h =>
                SecureTwin(h) is not { } twin ? [h]
                : confirmed == twin || confirmed == h ? [confirmed]
                : wasNotVerified ? [h]
                : new[] { twin, h }
            )
            .Distinct(StringComparer.Ordinal);

    /// <summary>The hub that was left comes last.</summary>
    public static IEnumerable<string> Last(IReadOnlyCollection<string> hubs, string? left) =>
        hubs.Where(h => !IsSame(h, left)).Concat(hubs.Where(h => IsSame(h, left)));

    /// <summary>True if both are one hub, or one is the https address of the other.</summary>
    public static bool IsSame(string hub, string? other) =>
        hub == other || (other is not null && (SecureTwin(hub) == other || SecureTwin(other) == hub));

    private static string? SecureTwin(string hub) =>
        hub.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "https" + hub[4..] : null;
}
