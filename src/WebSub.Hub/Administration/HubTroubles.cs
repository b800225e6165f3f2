using System.Globalization;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>What is wrong, in sentences, the worst first.</summary>
internal static class HubTroubles
{
    /// <summary>Work that is due this long is late, as the readiness check has it.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    /// <summary>So many silent origins have a sentence each.</summary>
    private const int MostSilent = 5;

    public static IReadOnlyList<HubTrouble> Of(
        HubState state,
        IReadOnlyList<FailingHost> hosts,
        IReadOnlyList<(string Origin, TimeSpan UntilProbe)> silent,
        long failingFetches
    )
    {
        var troubles = new List<HubTrouble>();
        if (state.OldestDue > Late)
            troubles.Add(new("lateWork", $"Work has been due for {Number((long)state.OldestDue.TotalSeconds)} seconds that no node does."));
        foreach (var (origin, probe) in silent.OrderBy(o => o.Origin, StringComparer.Ordinal).Take(MostSilent))
        {
            troubles.Add(
                new(
                    "silentOrigin",
                    $"{origin} does not answer at all; a single delivery tries it in {Number((long)Math.Ceiling(probe.TotalSeconds))} s.",
                    origin
                )
            );
        }

        if (silent.Count > MostSilent)
        {
            var more = Count(silent.Count - MostSilent, "more origin does", "more origins do");
            troubles.Add(new("silentOrigin", $"{more} not answer at all."));
        }

        foreach (var host in hosts)
        {
            var since = host.Since is { } at
                ? $" since {at.ToMoment().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}"
                : "";
            var behind = $"{Count(host.Subscriptions, "subscription is", "subscriptions are")} behind";
            troubles.Add(
                new(
                    "failingHost",
                    (
                        host.Failed == 0
                            ? $"{host.Host}: {behind}{since}"
                            : $"{host.Host} has not accepted {Count(host.Failed, "delivery", "deliveries")}{since}; {behind}"
                    )
                        + $", the furthest by {Count(host.LagMax, "update", "updates")}."
                        + (host.LastError is null ? "" : $" Last answer: {host.LastError.TrimEnd('.')}."),
                    host.Host,
                    host.Since?.ToMoment()
                )
            );
        }

        if (failingFetches > 0)
            troubles.Add(new("failingFetches", $"{Count(failingFetches, "topic", "topics")} could not be fetched; they are tried again."));
        if (state.DeadLetters > 0)
            troubles.Add(new("deadLetters", $"{Count(state.DeadLetters, "update was", "updates were")} given up and can be sent again."));
        return troubles;
    }

    private static string Count(long number, string one, string many) => $"{Number(number)} {(number == 1 ? one : many)}";

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
