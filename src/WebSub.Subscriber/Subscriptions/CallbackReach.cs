using WebSub.Http;

namespace WebSub.Subscriber.Subscriptions;

/// <summary>Tells, without sending anything, that a hub cannot reach a callback: the most common beginner's mistake.</summary>
internal static class CallbackReach
{
    /// <summary>Why the hub cannot reach the callback; null if it may be able to.</summary>
    public static string? Doubt(string? callback, string? hub) =>
        IsPrivate(callback) && !IsPrivate(hub)
            ? $"The callback {callback} is an address on this machine or network, which the hub cannot reach; "
                + "set WebSub:Subscriber:PublicUrl to a public one."
            : null;

    private static bool IsPrivate(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && AddressGuard.IsPrivateHost(parsed);
}
