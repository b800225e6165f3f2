using Xunit;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>
/// Histories that chance makes up: saves that fail or are refused, stragglers, departures, renewals and leases that end, new secrets and
/// patterns, new members under old ids, entries that are not in memory or have been pruned. No subscription is passed over, none gets an
/// entry twice without a rule that allows it, and what is saved explains everything at any moment; with every callback answering the lane
/// comes to its head and is released.
/// </summary>
public sealed class LaneModelTests
{
    private const int Steps = 400;

    [Theory]
    [Trait("Rule", "6")]
    [Trait("Rule", "7")]
    [Trait("Rule", "11")]
    [Trait("Rule", "13")]
    [Trait("Rule", "17")]
    [Trait("Rule", "20")]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Histories_OfALane_LoseNothing_RepeatNothing_AndEndAtTheHead(int first, bool filtered)
    {
        const int Histories = 500;
        for (var seed = first * Histories; seed < (first + 1) * Histories; seed++)
        {
            var topic = new ModelTopic(new Random(seed), filtered);
            try
            {
                for (var step = 0; step < Steps; step++)
                    topic.Step();
                var undone = topic.Settle();

                Assert.Equal("", undone);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"In the history of seed {seed}: {e.Message}", e);
            }
        }
    }
}
