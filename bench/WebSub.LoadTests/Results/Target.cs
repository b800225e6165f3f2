namespace WebSub.LoadTests.Results;

/// <summary>What a measurement has to reach.</summary>
/// <param name="Text">The target in words.</param>
/// <param name="IsReached">Decides, from value and yardstick.</param>
internal sealed record Target(string Text, Func<double, double, bool> IsReached)
{
    public static Target RatioAtLeast(double ratio) => new($"at least {ratio:0.00}", (value, yardstick) => value >= yardstick * ratio);

    public static Target RatioAtMost(double ratio) => new($"at most {ratio:0.00}", (value, yardstick) => value <= yardstick * ratio);

    public static Target DifferenceAtMost(double milliseconds) => new($"at most +{milliseconds:0} ms", (value, yardstick) => value <= yardstick + milliseconds);
}
