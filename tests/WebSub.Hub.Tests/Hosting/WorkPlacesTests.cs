using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Hosting;
using WebSub.Work;
using Xunit;

namespace WebSub.Hub.Tests.Hosting;

public sealed class WorkPlacesTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Take_UntilAllAreTaken_LeavesNoneFree_UntilOneIsGivenBack()
    {
        var places = new WorkPlaces(young: 2, all: 10, oldPerHost: 10, new WorkSignal(), _clock);

        var first = places.Take("a");
        places.Take("b");
        var taken = places.Free;
        first!.Dispose();

        Assert.Equal((0, 1), (taken, places.Free));
    }

    [Fact]
    public void Take_ThatGetsOld_GivesItsPlaceToOthers_UpToTheLimitOfAll()
    {
        var places = new WorkPlaces(young: 2, all: 3, oldPerHost: 10, new WorkSignal(), _clock);
        places.Take("a");
        var old = places.Take("a");

        _clock.Advance(TimeSpan.FromSeconds(1));
        var free = places.Free;
        old!.Dispose();

        Assert.Equal((1, 2), (free, places.Free));
    }

    [Fact]
    public void Take_ForAHostThatHangs_IsRefused_ForAnotherItIsNot()
    {
        var places = new WorkPlaces(young: 10, all: 100, oldPerHost: 2, new WorkSignal(), _clock);
        var old = places.Take("hangs.example");
        places.Take("hangs.example");
        Assert.NotNull(places.Take("hangs.example"));

        _clock.Advance(TimeSpan.FromSeconds(1));
        var refused = places.Take("Hangs.example");
        var other = places.Take("other.example");
        old!.Dispose();

        Assert.Null(refused);
        Assert.NotNull(other);
        Assert.Null(places.Take("hangs.example"));
    }

    [Fact]
    public void Places_ThatAreAllTakenByOneWithManyNames_AreGivenUpByThoseThatHungLongest()
    {
        var places = new WorkPlaces(young: 2, all: 3, oldPerHost: 1, new WorkSignal(), _clock);
        var first = places.Take("1")!;
        var second = places.Take("2")!;
        places.MakeRoom();
        var early = first.Ended.IsCancellationRequested;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var third = places.Take("3")!;

        places.MakeRoom();
        first.Dispose();
        places.MakeRoom();

        Assert.False(early);
        Assert.Equal(
            [true, true, false],
            [first.Ended.IsCancellationRequested, second.Ended.IsCancellationRequested, third.Ended.IsCancellationRequested]
        );
        Assert.Equal(1, places.Free);
    }
}
