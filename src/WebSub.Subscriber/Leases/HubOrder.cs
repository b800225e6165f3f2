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

    /// <summary>Each hub that is named with http after its https address (setting <c>PreferHttps</c>).</summary>
    public static IEnumerable<string> WithTwins(IEnumerable<string> hubs) =>
        hubs.SelectMany(h => SecureTwin(h) is { } twin ? [twin, h] : new[] { h }).Distinct(StringComparer.Ordinal);

    private static string? SecureTwin(string hub) =>
        hub.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "https" + hub[4..] : null;
}
