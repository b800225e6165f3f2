using WebSub.Storage;
using WebSub.Subscriber.Storage;
using Xunit;

namespace WebSub.Subscriber.Tests.Storage;

public sealed class DeliveryRunTests
{
    [Fact]
    public void Of_WithoutNumbers_CountsEachSubscriptionOnce_AtItsLast()
    {
        var runs = DeliveryRun.Of([Row("b", null, 5), Row("a", null, 9), Row("b", "no number", 7), Row("b", null, 6)]);

        Assert.Equal([new("a", 1, new(9)), new DeliveryRun("b", 3, new(7))], runs);
    }

    [Fact]
    public void Of_NumbersThatOvertookEachOther_IsOneRun()
    {
        var runs = DeliveryRun.Of([Row("a", "t/3", 1), Row("a", "t/1", 2), Row("a", "t/2", 3), Row("a", "t/2", 4)]);

        Assert.Equal([new DeliveryRun("a", 4, new(4), "t", 1, 3)], runs);
    }

    [Fact]
    public void Of_NumbersWithAHole_IsARunOnEitherSide()
    {
        var runs = DeliveryRun.Of([Row("a", "t/5", 1), Row("a", "t/1", 2)]);

        Assert.Equal([new("a", 1, new(2), "t", 1, 1), new DeliveryRun("a", 1, new(1), "t", 5, 5)], runs);
    }

    [Fact]
    public void Of_SeveralSeries_EndsWithTheLatest()
    {
        var runs = DeliveryRun.Of([Row("a", "new/1", 9), Row("a", "old/7", 3), Row("a", "old/8", 4)]);

        Assert.Equal([new("a", 2, new(4), "old", 7, 8), new DeliveryRun("a", 1, new(9), "new", 1, 1)], runs);
    }

    private static InboxRow Row(string subscription, string? deliveryId, long at) =>
        new()
        {
            SubscriptionId = subscription,
            DeliveryId = deliveryId,
            ReceivedAt = new DatabaseTime(at),
        };
}
