using System.Text.Json.Serialization;

namespace WebSub.LoadTests.Results;

/// <summary>One line of the table, and one element of the results file.</summary>
/// <param name="Scenario">What was measured.</param>
/// <param name="Storage">On which database.</param>
/// <param name="Unit">The unit of value and yardstick.</param>
/// <param name="Target">What is to be reached.</param>
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

    /// <summary>The median of what it is compared with, in the same rounds.</summary>
    [JsonPropertyOrder(4)]
    public double Yardstick { get; private init; }

    /// <summary>The median of value by yardstick, round by round.</summary>
    [JsonPropertyOrder(5)]
    public double Ratio { get; private init; }

    /// <summary>The difference of the highest and the lowest round's ratio, by the median.</summary>
    [JsonPropertyOrder(6)]
    public double Spread { get; private init; }

    [JsonIgnore]
    public bool IsReached => Target.IsReached(this);

    /// <param name="values">The rounds.</param>
    /// <param name="yardsticks">What each is compared with, from the same round.</param>
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
