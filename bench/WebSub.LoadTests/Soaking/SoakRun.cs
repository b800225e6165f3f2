using System.Globalization;
using WebSub.LoadTests.Faults;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Soaking;

/// <summary>One server on PostgreSQL under mixed traffic, looked at ten times.</summary>
internal static class SoakRun
{
    private const int Parts = 10;
    private const int Topics = 100;
    private const int SubscribersPerTopic = 20;
    private const int Failing = 100;
    private const int Slow = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static async Task<int> RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var ledger = new Ledger([.. Enumerable.Range(0, Topics).Select(i => $"http://publisher.example/{i}")], SubscribersPerTopic);
        await using var cluster = await Cluster.StartAsync(ledger, cancellationToken, size: 1);
        await SubscribeOthersAsync(cluster, ledger, cancellationToken);
        Console.WriteLine(SoakSample.Head);
        var samples = new List<SoakSample>();
        var churn = new Churn(cluster, ledger);
        var publisher = new Publisher(cluster, ledger, Interval);
        await using (churn)
        await using (publisher)
        {
            churn.Start();
            publisher.Start();
            for (var part = 1; part <= Parts; part++)
            {
                await Task.Delay(length / Parts, TimeProvider.System, cancellationToken);
                samples.Add(await LookAsync(part, cluster, ledger, churn, cancellationToken));
                Console.WriteLine(samples[^1].ToMarkdown());
                if (part == Parts / 2)
                    await RestartAsync(cluster, cancellationToken);
            }
        }

        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (ledger.Missing > 0 && TimeProvider.System.GetUtcNow() < until)
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        Console.WriteLine($"\nDrawn in {Plots.Growth(samples)}.");
        return Judge(samples, ledger, publisher.Refused);
    }

    private static int Judge(IReadOnlyList<SoakSample> samples, Ledger ledger, int refused)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\n{ledger.Acknowledged:n0} updates acknowledged, {refused:n0} not taken; of {ledger.Owed:n0} deliveries that are owed "
                    + $"{ledger.Missing:n0} were lost, {ledger.Repeats:n0} came twice."
            )
        );
        var grown = SoakSample.Grown(samples[1], samples[^1]).ToList();
        foreach (var sentence in grown)
            Console.WriteLine(sentence);
        if (grown.Count == 0)
            Console.WriteLine("Nothing grew between the second and the last look.");
        return grown.Count > 0 || ledger.Missing > 0 ? 1 : 0;
    }

    private static Task SubscribeOthersAsync(Cluster cluster, Ledger ledger, CancellationToken cancellationToken)
    {
        var failing = Enumerable.Range(0, Failing).Select(i => Of($"failing/{i}", i));
        var slow = Enumerable.Range(0, Slow).Select(i => Of($"slow/{i}", i));
        return cluster.Nodes[0].Hub!.SubscribeAsync(failing.Concat(slow), cancellationToken);

        Subscription Of(string callback, int i) => new(ledger.Topics[i % Topics], $"{cluster.SubscribersUrl}/{callback}", "secret");
    }

    private static async Task RestartAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        await cluster.Database.StopAsync();
        await cluster.Database.RunAsync(cancellationToken);
    }

    private static async Task<SoakSample> LookAsync(
        int part,
        Cluster cluster,
        Ledger ledger,
        Churn churn,
        CancellationToken cancellationToken
    )
    {
        const string Lag = """
            SELECT coalesce(sum(t.head - coalesce(s.position, l.cursor)), 0)::bigint FROM websub_hub_subscriptions s
            JOIN websub_hub_topics t ON t.id = s.topic_id JOIN websub_hub_lanes l ON l.id = s.lane_id WHERE s.callback
            """;
        var process = cluster.Nodes[0].Hub!.Process;
        return new(
            part,
            ledger.Acknowledged,
            churn.Begun,
            process.ResidentBytes,
            process.Handles,
            process.Threads,
            await cluster.AskAsync("SELECT pg_database_size('postgres')", cancellationToken),
            await cluster.AskAsync("SELECT count(*) FROM websub_hub_entries", cancellationToken),
            await cluster.AskAsync(Lag + " NOT LIKE '%/failing/%'", cancellationToken),
            await cluster.AskAsync(Lag + " LIKE '%/failing/%'", cancellationToken)
        );
    }
}
