using WebSub.Hub.Administration;
using WebSub.Hub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

public sealed class HubTroublesTests
{
    [Fact]
    public void FailingHost_SaysHowMuchItHasNotAccepted_SinceWhen_AndHowManyAreBehind()
    {
        var host = new FailingHost
        {
            Host = "hooks.example",
            Subscriptions = 3,
            Failed = 4120,
            Since = WebSub.Storage.DatabaseTime.From(new DateTimeOffset(2026, 11, 28, 2, 10, 7, TimeSpan.Zero)),
            LagMax = 12,
            LastError = "The callback answered 502.",
        };

        var trouble = Assert.Single(HubTroubles.Of(HubState.Unknown, [host], [], 0));

        Assert.Equal(
            "hooks.example has not accepted 4,120 deliveries since 2026-11-28 02:10:07 UTC; 3 subscriptions are behind, the furthest by "
                + "12 updates. Last answer: The callback answered 502.",
            trouble.Sentence
        );
        Assert.Equal(host.Since!.Value.ToMoment(), trouble.Since);
    }

    [Fact]
    public void SilentOrigins_OfWhichThereAreMany_HaveAFewSentences()
    {
        var silent = Enumerable.Range(0, 10_000).Select(i => ($"https://subscriber-{i:00000}.example", TimeSpan.FromSeconds(3))).ToList();

        var troubles = HubTroubles.Of(HubState.Unknown, [], silent, 0);

        Assert.Equal(6, troubles.Count);
        Assert.Equal("https://subscriber-00000.example", troubles[0].Subject);
        Assert.Equal(("9,995 more origins do not answer at all.", null), (troubles[^1].Sentence, troubles[^1].Subject));
    }
}
