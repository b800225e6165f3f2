using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Delivery.Sending;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

/// <summary>Rule 34: the contents of attempts in flight have a bound in bytes.</summary>
public sealed class ContentPlacesTests
{
    private const long Size = 100_000;
    private readonly DeliveryOptions _options = new() { MaxBytesInFlight = 4 * Size };
    private readonly SendPlaces _places;

    public ContentPlacesTests() => _places = new(_options, new FakeTimeProvider());

    [Fact]
    public void Content_ThatManyAttemptsShare_CountsOnce()
    {
        Enqueue(("a", 1, Size), ("b", 1, Size), ("c", 1, Size), ("a", 1, Size));

        var taken = TakeAll();

        Assert.Equal(4, taken.Count);
        Assert.Equal(2 * Size, _places.ContentBytes);
    }

    [Fact]
    public void Content_WithoutRoom_WaitsForIt_WhileWhatIsSmallOrInMemoryPasses()
    {
        Enqueue(("a", 1, Size), ("b", 2, Size), ("c", 3, Size), ("d", 4, 1000), ("e", 1, Size));

        var taken = TakeAll();
        End(taken[1]);
        var then = TakeAll();

        Assert.Equal(["a 1", "b 2", "d 4", "e 1"], taken.Select(NameOf));
        Assert.Equal(["c 3"], then.Select(NameOf));
        Assert.Equal(4 * Size, _places.ContentBytes);
    }

    [Fact]
    public void Content_ThatWaitsForRoom_IsNotOvertaken()
    {
        Enqueue(("a", 1, Size), ("b", 2, Size), ("c", 3, 2 * Size), ("d", 4, Size));
        var taken = TakeAll();

        End(taken[0]);
        var halfFree = TakeAll();
        End(taken[1]);
        var free = TakeAll();
        End(free[0]);
        var last = TakeAll();

        Assert.Empty(halfFree);
        Assert.Equal(["c 3"], free.Select(NameOf));
        Assert.Equal(["d 4"], last.Select(NameOf));
    }

    [Fact]
    public void Content_LargerThanAllTheRoom_IsSentByItself()
    {
        Enqueue(("a", 1, 10 * Size), ("b", 2, Size));

        var alone = TakeAll();
        End(alone[0]);
        var then = TakeAll();

        Assert.Equal(["a 1"], alone.Select(NameOf));
        Assert.Equal(["b 2"], then.Select(NameOf));
    }

    [Fact]
    public void Origin_BringsInHalfTheRoomAtMost_AndGoesOnWhenItsContentsLeave()
    {
        Enqueue(("a", 1, Size), ("a", 2, Size), ("a", 3, Size), ("b", 4, Size));

        var taken = TakeAll();
        End(taken[0]);
        var then = TakeAll();

        Assert.Equal(["a 1", "b 4"], taken.Select(NameOf));
        Assert.Equal(["a 2"], then.Select(NameOf));
    }

    [Fact]
    public void Attempt_ThatIsNotMade_LeavesTheRoomToOthers()
    {
        _options.MaxBytesInFlight = 2 * Size;
        var places = new SendPlaces(_options, new FakeTimeProvider());
        Assert.True(places.Enqueue(FakeAttempts.At("a", 1, Size)));
        Assert.True(places.Enqueue(FakeAttempts.At("b", 2, Size)));

        places.Drop(places.TakeNext()!);

        Assert.Equal("b 2", NameOf(places.TakeNext()!));
        Assert.Equal(2 * Size, places.ContentBytes);
    }

    private void Enqueue(params (string Origin, long Sequence, long Size)[] attempts) =>
        Assert.All(attempts, a => Assert.True(_places.Enqueue(FakeAttempts.At(a.Origin, a.Sequence, a.Size))));

    private List<Attempt> TakeAll()
    {
        var taken = new List<Attempt>();
        while (_places.TakeNext() is { } attempt)
            taken.Add(attempt);
        return taken;
    }

    private void End(Attempt attempt)
    {
        List<Attempt>? stuck = null;
        Assert.True(_places.End(attempt, DeliveryOutcome.Delivered, ref stuck));
    }

    private static string NameOf(Attempt attempt) => $"{attempt.Target.Callback.Host} {attempt.Entry.Sequence}";
}
