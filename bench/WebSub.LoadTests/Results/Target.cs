namespace WebSub.LoadTests.Results;

/// <summary>What a measurement has to reach.</summary>
/// <param name="Text">The target in words.</param>
/// <param name="IsReached">Decides.</param>
internal sealed record Target(string Text, Func<Measurement, bool> IsReached)
{
    public static Target AtLeast(int perSecond) => new($"at least {perSecond:n0}/s", m => m.Value >= perSecond);

    public static Target RatioAtLeast(double ratio) => new($"at least {ratio:0.00}", m => m.Ratio >= ratio);

    public static Target RatioAtMost(double ratio) => new($"at most {ratio:0.00}", m => m.Ratio <= ratio);

    public static Target RatioBetween(double least, double most) =>
        new($"{least:0.00} to {most:0.00}", m => m.Ratio >= least && m.Ratio <= most);

    public static Target DifferenceAtMost(double milliseconds) =>
        new($"at most +{milliseconds:0} ms", m => m.Value <= m.Yardstick + milliseconds);
}
