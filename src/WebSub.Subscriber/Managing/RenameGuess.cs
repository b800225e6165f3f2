using WebSub.Settings;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>Guesses what a handler that no longer exists is called now.</summary>
internal static class RenameGuess
{
    /// <summary>
    /// The handler for which its target is declared; else the one with the most similar name; else the only one that has no subscription;
    /// else null.
    /// </summary>
    /// <param name="gone">A subscription of the handler that is gone.</param>
    /// <param name="all">All subscriptions.</param>
    /// <param name="handlers">The names of the handlers.</param>
    /// <param name="declared">What the app declares, by handler and target.</param>
    public static string? Of(
        Subscription gone,
        IReadOnlyList<Subscription> all,
        IReadOnlyCollection<string> handlers,
        IEnumerable<(string Handler, string Target)> declared
    )
    {
        var target = SubscriptionRow.TargetKeyOf(gone.Target);
        if (declared.Where(d => d.Target == target).Select(d => d.Handler).Distinct(StringComparer.Ordinal).ToList() is [var one])
            return one;
        if (NearestName.Find(gone.Handler, handlers) is { } near)
            return near;
        var idle = handlers.Where(h => !all.Any(s => s.Handler == h)).ToList();
        return idle.Count == 1 ? idle[0] : null;
    }
}
