using System.Globalization;

namespace WebSub.LoadTests.Results;

/// <summary>Processor time, in microseconds of one core.</summary>
/// <param name="Hub">The hub's; with SQLite, the database's too.</param>
/// <param name="Database">That of PostgreSQL.</param>
internal sealed record ProcessorCost(double Hub, double Database)
{
    public double Sum => Hub + Database;

    public static ProcessorCost operator +(ProcessorCost a, ProcessorCost b) => new(a.Hub + b.Hub, a.Database + b.Database);

    public static ProcessorCost operator -(ProcessorCost a, ProcessorCost b) => new(a.Hub - b.Hub, a.Database - b.Database);

    public static ProcessorCost operator *(ProcessorCost cost, double times) => new(cost.Hub * times, cost.Database * times);

    public static ProcessorCost Between((TimeSpan Hub, TimeSpan Database) before, (TimeSpan Hub, TimeSpan Database) after) =>
        new((after.Hub - before.Hub).TotalMicroseconds, (after.Database - before.Database).TotalMicroseconds);

    /// <summary>The median of several, each part by itself.</summary>
    public static ProcessorCost MedianOf(IReadOnlyList<ProcessorCost> costs) =>
        new(Median.Of([.. costs.Select(c => c.Hub)]), Median.Of([.. costs.Select(c => c.Database)]));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hub:n0} µs + {Database:n0} µs of the database");
}
