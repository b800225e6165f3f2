namespace WebSub.Subscriber.Tunnels;

/// <summary>Decides which of the tunnels found is this app's.</summary>
internal static class TunnelChoice
{
    /// <summary>
    /// The tunnel to this app: one that leads to a port of ours, else the only one that may. One that leads elsewhere never is: the hub
    /// would ask another program, and nobody would see why.
    /// </summary>
    /// <param name="found">All tunnels, in the order in which the programs name them.</param>
    /// <param name="ports">The ports that this app listens on; none if that is not known.</param>
    /// <param name="fault">Why there is none: the end of a sentence.</param>
    public static Tunnel? Of(IReadOnlyList<Tunnel> found, IReadOnlySet<int> ports, out string? fault)
    {
        fault = null;
        if (found.Count == 0)
        {
            fault = "no tunnel was found";
            return null;
        }

        var leading = WithoutTwins(found.Where(t => t.Port is { } port && ports.Contains(port)));
        if (leading.Count > 0)
            return leading[0];
        var possible = WithoutTwins(found.Where(t => t.Port is null || ports.Count == 0));
        if (possible.Count == 1)
            return possible[0];
        fault =
            possible.Count > 1
                ? $"there is more than one tunnel, and it is not clear which is this app's: {List(possible)}"
                : $"no tunnel leads to port {string.Join(" or ", ports.Order())}, where this app listens: {List(found)}";
        return null;
    }

    /// <summary>One host with http and https is one tunnel: the https address.</summary>
    private static List<Tunnel> WithoutTwins(IEnumerable<Tunnel> tunnels) =>
        [
            .. tunnels
                .GroupBy(t => new Uri(t.Url).Host, StringComparer.OrdinalIgnoreCase)
                .Select(same => same.OrderBy(t => t.Url.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? 0 : 1).First()),
        ];

    private static string List(IEnumerable<Tunnel> tunnels) =>
        string.Join(", ", tunnels.Select(t => $"{t.Url} ({t.Program}{(t.Port is { } port ? $" to port {port}" : "")})"));
}
