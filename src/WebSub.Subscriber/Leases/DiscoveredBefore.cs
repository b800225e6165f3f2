using System.Collections.Concurrent;
using WebSub.Discovery;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// What the app has just discovered itself, before it subscribed. Used once, by the first request: publishers see one visit, not two.
/// </summary>
internal sealed class DiscoveredBefore
{
    private readonly ConcurrentDictionary<string, DiscoveryResult> _found = new(StringComparer.Ordinal);

    public void Add(string resource, DiscoveryResult found) => _found[resource] = found;

    public DiscoveryResult? Take(string resource) => _found.TryRemove(resource, out var found) ? found : null;
}
