using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>Which subscription an operator means: by its id, how that begins, its topic or resource, or its handler.</summary>
internal static class SubscriptionNames
{
    private const int ShortestBeginning = 4;
    private const int MostNamed = 4;

    /// <summary>The one that is meant.</summary>
    /// <exception cref="ManagementException">There is none, or more than one.</exception>
    public static Subscription Find(IReadOnlyList<Subscription> all, string typed)
    {
        if (Guid.TryParse(typed, out var id))
        {
            return all.FirstOrDefault(s => s.Id == id)
                ?? throw new ManagementException($"There is no subscription {id}; websub list shows those that there are.");
        }

        var found = all.Where(s => IsBeginning(s, typed)).ToList();
        if (found.Count == 0)
            found = [.. all.Where(s => IsName(s, typed))];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new ManagementException(
                $"No subscription has the id, topic, resource or handler \"{typed}\"; websub list shows those that there are."
            ),
            _ => throw new ManagementException(
                $"\"{typed}\" is the name of {found.Count} subscriptions; say which one by its id: {Ids(found)}."
            ),
        };
    }

    private static bool IsBeginning(Subscription s, string typed) =>
        typed.Length >= ShortestBeginning && s.Id.ToString("D").StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    private static bool IsName(Subscription s, string typed) =>
        s.Handler == typed
        || s.Target.ResourceUrl == typed
        || s.Target.TopicName == typed
        || s.Active?.Topic == typed
        || s.Pending?.Topic == typed;

    private static string Ids(List<Subscription> found) =>
        string.Join(", ", found.Take(MostNamed).Select(s => s.Id)) + (found.Count > MostNamed ? ", …" : "");
}
