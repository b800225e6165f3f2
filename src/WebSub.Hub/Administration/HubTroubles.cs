using System.Globalization;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>What is wrong, in sentences, the worst first.</summary>
internal static class HubTroubles
{
    /// <summary>Work that is due this long is late, as the readiness check has it.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

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
        foreach (var (origin, probe) in silent)
        {
            troubles.Add(
                new(
                    "silentOrigin",
                    $"{origin} does not answer at all; a single delivery tries it in {Number((long)Math.Ceiling(probe.TotalSeconds))} s.",
                    origin
                )
            );
        }

        foreach (var host in hosts)
        {
            troubles.Add(
                new(
                    "failingHost",
                    $"{host.Host}: {Count(host.Subscriptions, "subscription is", "subscriptions are")} behind"
                        + (host.Attempts == 0 ? "" : $" after {Count(host.Attempts, "failed attempt", "failed attempts")}")
                        + "; the furthest has yet to get "
                        + $"{Count(host.LagMax, "update", "updates")}."
                        + (host.LastError is null ? "" : $" Last answer: {host.LastError.TrimEnd('.')}."),
                    host.Host
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
