using WebSub.Subscriber.Storage;
using Xunit;

namespace WebSub.Subscriber.Tests.Storage;

public sealed class ArrivalWavesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("1a 1b 2a", "1a 1b 2a")]
    [InlineData("1a 1a 1b", "1a|1a 1b")]
    [InlineData("1a 1b 1a 1b 2b", "1a 1b|1a 1b 2b")]
    [InlineData("1a 1a 1a", "1a|1a|1a")]
    public void Of_Arrivals_CutsWhereABodyComesAgain(string arrivals, string waves)
    {
        var given = arrivals.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Arriving).ToList();

        var cut = ArrivalWaves.Of(given);

        Assert.Equal(waves, string.Join('|', cut.Select(w => string.Join(' ', w.Select(a => a.Row.SubscriptionId + a.Row.BodyHash)))));
    }

    private static Arrival Arriving(string text) =>
        new(
            new() { SubscriptionId = text[..1], BodyHash = text[1..] },
            new(null, "", null, IsSigned: false, default),
            new(TimeSpan.Zero, TimeSpan.Zero, TrustsNumbers: true),
            version: 0
        );
}
