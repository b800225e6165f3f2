using System.Text.Json.Serialization;

namespace WebSub.LoadTests.Results;

/// <summary>One line of the table, and one element of the results file.</summary>
/// <param name="Scenario">What was measured.</param>
/// <param name="Storage">The database.</param>
/// <param name="Unit">The unit of value and yardstick.</param>
/// <param name="Target">The target.</param>
internal sealed record Measurement(
    [property: JsonPropertyOrder(0)] string Scenario,
    [property: JsonPropertyOrder(1)] Storage Storage,
    [property: JsonPropertyOrder(3)] string Unit,
    [property: JsonIgnore] Target Target
)
{
    /// <summary>The median of the rounds.</summary>
    [JsonPropertyOrder(2)]
    public double Value { get; private init; }

    /// <summary>The median of the yardstick in the same rounds.</summary>
    [JsonPropertyOrder(4)]
    public double Yardstick { get; private init; }

    /// <summary>The median of the rounds' ratios of value to yardstick.</summary>
    [JsonPropertyOrder(5)]
    public double Ratio { get; private init; }

    /// <summary>The difference between the highest and the lowest ratio, divided by the median.</summary>
    [JsonPropertyOrder(6)]
    public double Spread { get; private init; }

    [JsonIgnore]
    public bool IsReached => Target.IsReached(this);

    /// <param name="values">The rounds.</param>
    /// <param name="yardsticks">The yardstick of each round.</param>
    public Measurement With(IReadOnlyList<double> values, IReadOnlyList<double> yardsticks)
    {
        var ratios = values.Zip(yardsticks, (value, yardstick) => value / yardstick).ToList();
        var ratio = Median.Of(ratios);
        return this with
        {
            Value = Math.Round(Median.Of(values), 1),
            Yardstick = Math.Round(Median.Of(yardsticks), 1),
            Ratio = Math.Round(ratio, 3),
            Spread = Math.Round((ratios.Max() - ratios.Min()) / ratio, 3),
        };
    }
}
