using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Subscribing;

/// <summary>Finds hubs that are used both with and without a slash at the end: byte for byte they are two.</summary>
internal static class SlashTwins
{
    public static IEnumerable<(string Hub, string Twin)> Of(IEnumerable<Subscription> all)
    {
        var hubs = all.Select(s => s.Active?.Hub ?? s.Pending?.Hub ?? s.Target.HubUrl).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return hubs.Where(h => hubs.Contains(h + "/")).Order(StringComparer.Ordinal).Select(h => (h, h + "/"));
    }
}
