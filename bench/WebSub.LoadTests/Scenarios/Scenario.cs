using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>A load test by its name on the command line.</summary>
/// <param name="Name">The name.</param>
/// <param name="RunAsync">Runs it.</param>
internal sealed record Scenario(string Name, Func<Run, Task<IReadOnlyList<Measurement>>> RunAsync)
{
    /// <summary>In the order in which they run.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("fan-out", FanOut.RunAsync),
        new("small-fan-out", SmallFanOut.RunAsync),
        new("many-origins", ManyOrigins.RunAsync),
        new("isolation", Isolation.RunAsync),
        new("large", Large.RunAsync),
        new("streams", Streams.RunAsync),
        new("intake", Intake.RunAsync),
        new("subscribing", Subscribing.RunAsync),
        new("subscriber", Subscriber.RunAsync),
        new("latency", Latency.RunAsync),
        new("trouble", Trouble.RunAsync),
        new("crash", Crash.RunAsync),
        new("cost", Cost.RunAsync),
        new("start", Start.RunAsync),
        new("million", Million.RunAsync),
        new("listening", Listening.RunAsync),
    ];

    /// <summary>Those that run unless others are named: all but what takes half an hour.</summary>
    public static IReadOnlyList<Scenario> Usual { get; } = [.. All.Where(s => s.Name != "million")];
}
