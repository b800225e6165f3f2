namespace WebSub.Subscriber.Storage;

/// <summary>
/// Cuts deliveries that arrived together, in their order, wherever one has the body of another of its subscription: whether it repeats
/// that one can be judged only when that is stored. Pure.
/// </summary>
internal static class ArrivalWaves
{
    public static IEnumerable<IReadOnlyList<Arrival>> Of(IReadOnlyList<Arrival> arrivals)
    {
        var wave = new List<Arrival>();
        var seen = new HashSet<(string Subscription, string Hash)>();
        foreach (var arrival in arrivals)
        {
            if (!seen.Add((arrival.Row.SubscriptionId, arrival.Row.BodyHash)))
            {
                yield return wave;
                wave = [];
                seen = [(arrival.Row.SubscriptionId, arrival.Row.BodyHash)];
            }

            wave.Add(arrival);
        }

        if (wave.Count > 0)
            yield return wave;
    }
}
