using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Subscriptions;

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
    public void After_FailuresAndRetryAfter_IsTheLongerWait(int failures, double random, int? retryAfter, int seconds)
    {
        var wait = BackOff.After(Delays, failures, random, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null);

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }
}
