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

    /// <summary>What to look at when a hub does not ask back, and nothing can be seen from here.</summary>
    public static string Question(string? callback, WebSubSubscribeOptions options) =>
        $"It was given the callback {callback}, made from "
        + $"{(options.CallbackUrl is null ? "WebSub:Subscriber:PublicUrl" : "the subscription's CallbackUrl")}; "
        + "does that lead the hub to this app?";

    private static bool IsPrivate(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && AddressGuard.IsPrivateHost(parsed);
}
