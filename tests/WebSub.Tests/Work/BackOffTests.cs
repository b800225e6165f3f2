namespace WebSub.Work;

public sealed class BackOffTests
{
    private static readonly TimeSpan[] Delays = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)];

    [Theory]
    [InlineData(1, 0.5, null, 10)]
    [InlineData(2, 0.5, null, 60)]
    [InlineData(9, 0.5, null, 60)]
    [InlineData(1, 0.0, null, 8)]
    [InlineData(1, 1.0, null, 12)]
    [InlineData(1, 0.5, 5, 10)]
    [InlineData(1, 0.5, 300, 300)]
    [InlineData(1, 0.5, 999999, 86400)]
    public void After_FailuresAndRetryAfter_IsTheLongerWait(int failures, double chance, int? retryAfter, int seconds)
    {
        var wait = BackOff.After(Delays, failures, chance, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null);

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Theory]
    [InlineData(0, 95)]
    [InlineData(0.5, 100)]
    [InlineData(1, 105)]
    public void Spread_Share_IsTheMostMoreOrLess(double chance, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.Spread(TimeSpan.FromSeconds(100), 0.05, chance));

    [Theory]
    [InlineData(86399, 86399)]
    [InlineData(86401, 86400)]
    public void Heeded_RetryAfter_IsAtMostADay(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.Heeded(TimeSpan.FromSeconds(asked)));
}
