using WebSub.LoadTests.Scenarios;

namespace WebSub.LoadTests;

/// <summary>The command line.</summary>
/// <param name="Scenarios">What to run.</param>
/// <param name="Quick">Fewer rounds.</param>
/// <param name="Rounds">Measured rounds; null lets <paramref name="Quick"/> decide.</param>
/// <param name="Help">Only show the usage.</param>
internal sealed record Arguments(IReadOnlyList<Scenario> Scenarios, bool Quick, int? Rounds, bool Help)
{
    public const string Usage = """
        Load tests of the whole hub, as processes of their own, against a bare sending loop.

          ./bench/run.sh [SCENARIO...] [--quick] [--rounds N]

          fan-out        1 topic with 10,000 subscribers, on SQLite and PostgreSQL
          small-fan-out  10,000 topics with one subscriber each: draining an accepted backlog
          many-origins   2,000 hosts on TLS with one subscriber each, on both databases
          isolation      100 fast callbacks beside 64 that take ten seconds
          large          memory: 2,048 callbacks that hang with 4 MB each, 512 topics that drip
          streams        memory: 10,000 clients of an event stream that get heartbeats only
          intake         updates that 64 publishers push a second, on SQLite and PostgreSQL
          subscribing    new subscriptions a second, on SQLite and PostgreSQL, 8 and 48 clients
          subscriber     updates that the subscriber library takes and handles a second, on both databases
          latency        publisher to subscriber, at a tenth of what the hub can bear, on both databases
          trouble        1,000 subscribers beside 100 that are dead or hang, on both databases
          crash          kill -9 in the middle of 20,000 deliveries, on both databases
          cost           processor time of an update, a lane and a delivery, and whether they add up
          million        1,000 topics with 1,000 subscribers each, then one topic with a million; only by name
          start          websub --help and the server, beside programs that do nothing
          listening      fan-out with and without the listener behind the dashboard's overview
          --quick        one round instead of the median of five; each scenario under 30 s
          --rounds N     the median of N rounds, for a closer look or a profiler

        Without a scenario all of them run. Results: a table, and bench/results/latest.json.
        bench/README.md says what is measured and how to read it.
        Exit code: 0 measured (whether or not a target was reached), 1 something failed or
        a delivery was wrong or missing, 2 bad usage, 130 after Ctrl-C.
        """;

    /// <summary>Reads it, or reports what is wrong with it.</summary>
    public static (Arguments? Arguments, string? Error) Read(IEnumerable<string> args)
    {
        var scenarios = new List<Scenario>();
        var (quick, help) = (false, false);
        int? rounds = null;
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var arg))
        {
            if (arg == "--quick")
                quick = true;
            else if (arg == "--rounds" && rest.TryPeek(out var number) && int.TryParse(number, out var count) && count > 0)
                (rounds, _) = (count, rest.Dequeue());
            else if (arg is "--help" or "-h")
                help = true;
            else if (Scenario.All.FirstOrDefault(s => s.Name == arg) is { } scenario)
                scenarios.Add(scenario);
            else
                return (
                    null,
                    $"\"{arg}\" is neither a scenario nor an option. There are: {string.Join(", ", Scenario.All.Select(s => s.Name))}; "
                        + "--quick, --rounds N, --help."
                );
        }

        return (new(scenarios.Count > 0 ? scenarios : Scenario.Usual, quick, rounds, help), null);
    }
}
