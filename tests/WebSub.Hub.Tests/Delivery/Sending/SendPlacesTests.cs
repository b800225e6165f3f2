using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Delivery.Sending;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

public sealed class SendPlacesTests
{
    private static readonly DeliveryOutcome NoConnection = new(DeliveryResult.ConnectFailed, Error: "refused");
    private static readonly TimeSpan GrowOld = TimeSpan.FromMilliseconds(50);
    private readonly FakeTimeProvider _clock = new();
    private readonly DeliveryOptions _options = new();

    [Fact]
    public void Attempt_ThatGrowsOld_GivesItsPlaceToThoseThatWait()
    {
        _options.MaxConcurrency = 1;
        var places = Places();
        Add(places, "a", "b");

        var first = places.TakeNext();
        var full = places.TakeNext();
        _clock.Advance(GrowOld);
        Sweep(places);
        var second = places.TakeNext();

        Assert.Equal(["a", null, "b"], NamesOf(first, full, second));
    }

    [Fact]
    public void Origins_TakeTurns_AndNoneHasMoreThanItsShare()
    {
        _options.MaxPerOrigin = 2;
        var places = Places();
        Add(places, "a", "a", "a", "b");

        var taken = TakeAll(places);

        Assert.Equal(["a", "b", "a"], NamesOf([.. taken]));
    }

    [Fact]
    public void Attempt_ThatIsOverItsTime_IsEnded_AndTellsOfItselfBefore()
    {
        var places = Places();
        Add(places, "a");
        var attempt = places.TakeNext()!;

        _clock.Advance(_options.Straggler);
        var straggling = Sweep(places);
        _clock.Advance(_options.Timeout - _options.Straggler);
        var overdue = Sweep(places);

        Assert.Same(attempt, Assert.Single(straggling.Stragglers));
        Assert.Empty(straggling.Overdue);
        Assert.Empty(overdue.Stragglers);
        Assert.Same(attempt.Cancellation, Assert.Single(overdue.Overdue));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    public void Origin_ThatHangsWithAFullSlowGate_LetsThoseThatWaitStepBack_UnlessItAnswers(bool answers, int expected)
    {
        (_options.MaxPerOrigin, _options.MaxSlowPerOrigin) = (1, 2);
        var places = Places();
        Add(places, "a", "a", "a", "a", "a");
        var hanging = new List<Attempt>();
        for (var i = 0; i < 3; i++)
        {
            hanging.AddRange(TakeAll(places));
            _clock.Advance(GrowOld);
            Sweep(places);
        }

        _clock.Advance(_options.Straggler);
        if (answers)
        {
            End(places, hanging[0], DeliveryOutcome.Delivered);
            Sweep(places);
            TakeAll(places);
        }

        Assert.Equal(3, hanging.Count);
        Assert.Equal(expected, Sweep(places).Stuck.Count);
    }

    [Fact]
    public void Origin_WhoseAttemptsAreDroppedUnsent_HasMadeNoProgress()
    {
        (_options.MaxPerOrigin, _options.MaxSlowPerOrigin) = (1, 1);
        var places = Places();
        Add(places, "a", "a", "a", "a");
        Assert.NotNull(places.TakeNext());
        _clock.Advance(GrowOld);
        Sweep(places);

        _clock.Advance(_options.Straggler);
        places.Drop(places.TakeNext()!);
        Assert.NotNull(places.TakeNext());

        Assert.Single(Sweep(places).Stuck);
    }

    [Fact]
    public void SlowGate_ThatIsFull_EndsThoseThatHungLongest_SoThatOthersHaveTheirTurn()
    {
        (_options.MaxConcurrency, _options.MaxSlow) = (2, 3);
        var places = Places();
        // Somebody with a name for each attempt; then somebody who would answer.
        Add(places, "o1", "o2", "o3", "o4", "o5", "good");
        var hanging = new List<Attempt>();
        for (var i = 0; i < 3; i++)
        {
            hanging.AddRange(TakeAll(places));
            _clock.Advance(GrowOld);
            Sweep(places);
        }

        var before = places.TakeNext();
        _clock.Advance(_options.Straggler - GrowOld);
        var ended = Sweep(places).Overdue;
        var again = Sweep(places).Overdue;
        foreach (var attempt in hanging.Where(a => ended.Contains(a.Cancellation!)))
            End(places, attempt, DeliveryOutcome.TimedOut);
        Sweep(places);

        Assert.Null(before);
        Assert.Equal(["o1", "o2"], hanging.Where(a => ended.Contains(a.Cancellation!)).Select(a => a.Target.Callback.Host));
        Assert.Empty(again);
        Assert.Equal(["good"], NamesOf([.. TakeAll(places)]));
    }

    [Fact]
    public void Origin_WhoseSlowGateIsFull_KeepsFewOfTheYoungPlaces()
    {
        (_options.MaxPerOrigin, _options.MaxSlowPerOrigin) = (64, 64);
        var places = Places();
        Add(places, [.. Enumerable.Repeat("a", 200)]);

        TakeAll(places);
        _clock.Advance(GrowOld);
        Sweep(places);

        Assert.Equal(4, TakeAll(places).Count);
    }

    [Fact]
    public void Origin_ThatIsSilent_RefusesThoseThatWait_AndLaterOnes_AndTellsForHowLong()
    {
        _options.MaxPerOrigin = 2;
        var places = Places();
        Add(places, "a", "a", "a");
        var sent = TakeAll(places);
        End(places, sent[0], NoConnection);
        _clock.Advance(TimeSpan.FromSeconds(31));

        var refused = End(places, sent[1], NoConnection);
        var later = FakeAttempts.At("a");

        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(refused).PutOff);
        Assert.False(places.Enqueue(later));
        Assert.Equal(TimeSpan.FromSeconds(5), later.PutOff);
    }

    [Fact]
    public void Probe_ThatIsDropped_LeavesItsChanceToAnother()
    {
        var places = Places();
        Silence(places, "a");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Add(places, "a");
        var meanwhile = places.Enqueue(FakeAttempts.At("a"));

        places.Drop(places.TakeNext()!);

        Assert.False(meanwhile);
        Assert.True(places.Enqueue(FakeAttempts.At("a")));
    }

    [Fact]
    public void AttemptsInFlight_WhenTheCircuitOpens_PutOffNoProbe()
    {
        var places = Places();
        Add(places, [.. Enumerable.Repeat("a", 10)]);
        var sent = TakeAll(places);
        End(places, sent[0], NoConnection);
        _clock.Advance(TimeSpan.FromSeconds(31));

        foreach (var attempt in sent.Skip(1))
            End(places, attempt, DeliveryOutcome.TimedOut);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(places.Enqueue(FakeAttempts.At("a")));
    }

    [Fact]
    public void Doubt_CountsNothing_TriesEveryOriginOnceInFiveSeconds_AndUnjoinsNobody()
    {
        var places = Doubting(origins: 20);
        Add(places, "o0", "o0", "o1");

        var tried = TakeAll(places);
        _clock.Advance(_options.Straggler);
        var swept = Sweep(places);
        var counts = tried.ConvertAll(a => Counts(places, a, NoConnection));
        var atOnce = TakeAll(places);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Sweep(places);

        Assert.Equal(["o0", "o1"], NamesOf([.. tried]));
        Assert.Empty(swept.Stragglers);
        Assert.Equal([false, false], counts);
        Assert.Empty(atOnce);
        Assert.Equal(["o0", "o1"], NamesOf([.. TakeAll(places)]));
    }

    [Fact]
    public void Doubt_EndsWithTheFirstAnswer_ThenAllGoOn()
    {
        var places = Doubting(origins: 20);
        Add(places, "o0", "o0", "o0", "good");
        var tried = TakeAll(places);
        Counts(places, tried[0], NoConnection);
        var waiting = TakeAll(places);

        End(places, tried[1], DeliveryOutcome.Delivered);

        Assert.Equal(["o0", "good"], NamesOf([.. tried]));
        Assert.Empty(waiting);
        Assert.Equal(["o0", "o0", "o0"], NamesOf([.. TakeAll(places)]));
    }

    [Fact]
    public void Doubt_WithNobodyLeftToAsk_Ends()
    {
        var places = Doubting(origins: 20);

        _clock.Advance(TimeSpan.FromSeconds(5));
        Sweep(places);

        Assert.False(places.IsBusy);
    }

    /// <summary>Places whose last thousand attempts found no connection, and nothing waits.</summary>
    private SendPlaces Doubting(int origins)
    {
        var places = Places();
        for (var i = 0; i < 1000; i++)
        {
            Add(places, $"o{i % origins}");
            if (i < 999)
            {
                Assert.True(Counts(places, places.TakeNext()!, NoConnection));
                continue;
            }

            // The one that begins the doubt is the first that does not count; its owner gives it up.
            Assert.False(Counts(places, places.TakeNext()!, NoConnection));
        }

        _clock.Advance(TimeSpan.FromSeconds(5));
        Sweep(places);
        places.Drop(Assert.Single(TakeAll(places)));
        Assert.True(places.IsBusy);
        return places;
    }

    private void Silence(SendPlaces places, string origin)
    {
        Add(places, origin, origin);
        var sent = TakeAll(places);
        End(places, sent[0], NoConnection);
        _clock.Advance(TimeSpan.FromSeconds(31));
        End(places, sent[1], NoConnection);
    }

    private static List<Attempt> End(SendPlaces places, Attempt attempt, DeliveryOutcome outcome)
    {
        List<Attempt>? stuck = null;
        Assert.True(places.End(attempt, outcome, ref stuck));
        return stuck ?? [];
    }

    private static bool Counts(SendPlaces places, Attempt attempt, DeliveryOutcome outcome)
    {
        List<Attempt>? stuck = null;
        return places.End(attempt, outcome, ref stuck);
    }

    private SendPlaces Places() => new(_options, _clock);

    private static List<Attempt> Add(SendPlaces places, params string[] origins)
    {
        var attempts = origins.Select(FakeAttempts.At).ToList();
        Assert.All(attempts, a => Assert.True(places.Enqueue(a)));
        return attempts;
    }

    private static List<Attempt> TakeAll(SendPlaces places)
    {
        var taken = new List<Attempt>();
        while (places.TakeNext() is { } attempt)
            taken.Add(attempt);
        return taken;
    }

    private static IEnumerable<string?> NamesOf(params Attempt?[] attempts) => attempts.Select(a => a?.Target.Callback.Host);

    private static (List<Attempt> Stragglers, List<CancellationTokenSource> Overdue, List<Attempt> Stuck) Sweep(SendPlaces places)
    {
        List<Attempt>? stragglers = null;
        List<CancellationTokenSource>? overdue = null;
        List<Attempt>? stuck = null;
        places.Sweep(ref stragglers, ref overdue, ref stuck);
        return (stragglers ?? [], overdue ?? [], stuck ?? []);
    }
}
