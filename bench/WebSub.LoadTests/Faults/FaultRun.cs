using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSub.LoadTests.Faults;

/// <summary>A cluster, a publisher and subscribers; faults strike, and what is owed is counted.</summary>
internal static partial class FaultRun
{
    private const int Topics = 12;
    private const int SubscribersPerTopic = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = Outbound();

    public static async Task<int> RunAsync(IReadOnlyList<Fault> faults, bool withUpgrade, CancellationToken cancellationToken)
    {
        var rows = new List<FaultRow>();
        Console.WriteLine(FaultRow.Head);
        if (faults.Count > 0)
        {
            var ledger = NewLedger();
            await using var cluster = await Cluster.StartAsync(ledger, cancellationToken);
            foreach (var fault in faults)
                await AddAsync(fault, cluster, ledger);
            await IdleAsync(cluster, cancellationToken);
        }

        if (withUpgrade)
        {
            await using var upgrade = await RollingUpgrade.PrepareAsync(cancellationToken);
            var ledger = NewLedger();
            await using var cluster = upgrade.Server is null ? null : await Cluster.StartAsync(ledger, cancellationToken, upgrade.Server);
            await AddAsync(upgrade.Fault, cluster, ledger);
        }

        return rows.Exists(r => r.Lost > 0 || r.ResumedAfter is null) ? 1 : 0;

        async Task AddAsync(Fault fault, Cluster? cluster, Ledger ledger)
        {
            if (fault.Obstacle is { } obstacle)
            {
                Console.WriteLine($"| {fault.Name} | not tried: {obstacle} | | | | | | |");
                return;
            }

            rows.Add(await StrikeAsync(fault, cluster!, ledger, cancellationToken));
            Console.WriteLine(rows[^1].ToMarkdown());
            await cluster!.RepairAsync(cancellationToken);
        }
    }

    private static Ledger NewLedger() =>
        new([.. Enumerable.Range(0, Topics).Select(i => $"http://publisher.example/{i}")], SubscribersPerTopic);

    private static async Task<FaultRow> StrikeAsync(Fault fault, Cluster cluster, Ledger ledger, CancellationToken cancellationToken)
    {
        ledger.Clear();
        var lost = await ClaimsLostAsync(cluster, cancellationToken);
        var publisher = new Publisher(cluster, ledger, Interval);
        await using (publisher)
        {
            publisher.Start();
            await Task.Delay(Quiet, TimeProvider.System, cancellationToken);
            await fault.StrikeAsync(new(cluster, () => ledger.Watch(publisher.Next), cancellationToken));
            await UntilAsync(() => ledger.ResumedAfter is not null, cancellationToken);
            await Task.Delay(Quiet, TimeProvider.System, cancellationToken);
        }

        await UntilAsync(() => ledger.Missing == 0, cancellationToken);
        return new(
            fault.Name,
            fault.CountedFrom,
            ledger.Acknowledged,
            publisher.Refused,
            ledger.Owed,
            ledger.Missing,
            ledger.Repeats,
            ledger.ResumedAfter,
            Math.Max(0, await ClaimsLostAsync(cluster, cancellationToken) - lost)
        );
    }

    /// <summary>Waits for something that the table says whether it came.</summary>
    private static async Task UntilAsync(Func<bool> isTrue, CancellationToken cancellationToken)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!isTrue() && TimeProvider.System.GetUtcNow() < until)
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
    }

    private static async Task IdleAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        const string Calls = "SELECT sum(calls) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'";
        await Task.Delay(Quiet, TimeProvider.System, cancellationToken);
        var before = await cluster.AskAsync(Calls, cancellationToken);
        await Task.Delay(Idle, TimeProvider.System, cancellationToken);
        var after = await cluster.AskAsync(Calls, cancellationToken);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nThree idle nodes: {(after - before) / Idle.TotalSeconds:0.0} statements a second."
            )
        );
    }

    private static async Task<long> ClaimsLostAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        long sum = 0;
        foreach (var hub in cluster.Nodes.Select(n => n.Hub).OfType<Processes.HubProcess>())
        {
            var text = await Http.GetStringAsync(new Uri(new Uri(hub.Url), "/metrics"), cancellationToken);
            sum += LostPattern().Matches(text).Sum(m => long.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture));
        }

        return sum;
    }

    private static HttpClient Outbound() =>
        WebSub.Http.OutboundHttp.CreateClient(new WebSub.Http.OutboundOptions { AllowPrivateNetworks = true });

    [GeneratedRegex(
        @"^websub_hub_claims_lost_total(\{[^}]*\})? (?<count>\d+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex LostPattern();
}
