using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Values;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

/// <summary>What a node remembers of its attempts.</summary>
public sealed class RecentAttemptsTests
{
    private static readonly DeliveryOutcome Refused = new(DeliveryResult.Refused, 503, "The callback answered 503.");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly RecentAttempts _recent;

    public RecentAttemptsTests() => _recent = new(new HubClock(_time));

    [Fact]
    public void Attempts_OfASubscription_AreTheNewest_FailuresAndSuccessesTogether()
    {
        End(id: 1, sequence: 1, Refused, TimeSpan.FromMilliseconds(250));
        End(id: 2, sequence: 1, DeliveryOutcome.AcceptedWith(204));
        End(id: 1, sequence: 1, DeliveryOutcome.AcceptedWith(202));
        End(id: 1, sequence: 2, Refused);

        var all = _recent.Of(new(1), DatabaseTime.Epoch, 20);
        var newest = _recent.Of(new(1), DatabaseTime.Epoch, 1);

        Assert.Equal([(2L, 503), (1L, 202), (1L, 503)], all.Select(a => (a.Sequence, a.Outcome.Status!.Value)));
        Assert.Equal(250, (int)all[^1].Duration.TotalMilliseconds);
        Assert.Equal(2, Assert.Single(newest).Sequence);
    }

    [Fact]
    public void Attempts_OfOneThatEnded_AreNotThoseOfTheNextWithItsNumber()
    {
        End(id: 1, sequence: 1, Refused);
        _time.Advance(TimeSpan.FromSeconds(1));
        var stored = DatabaseTime.From(_time.GetUtcNow());
        End(id: 1, sequence: 2, Refused);

        var attempts = _recent.Of(new(1), stored, 20);

        Assert.Equal(2, Assert.Single(attempts).Sequence);
    }

    [Fact]
    public void Failures_AreNotPushedOut_BySuccessesOfOthers()
    {
        End(id: 1, sequence: 1, Refused);
        for (var i = 0; i <= RecentAttempts.Remembered; i++)
            End(id: 2, sequence: i, DeliveryOutcome.AcceptedWith(200));

        Assert.Single(_recent.Of(new(1), DatabaseTime.Epoch, 20));
        Assert.Equal(RecentAttempts.Remembered, _recent.Of(new(2), DatabaseTime.Epoch, int.MaxValue).Count);
        Assert.Equal(1, _recent.Of(new(2), DatabaseTime.Epoch, int.MaxValue).Min(a => a.Sequence));
    }

    [Fact]
    public void LastHour_OfAnOrigin_CountsWhatWasAccepted_AndForgetsWhatIsOlder()
    {
        End(id: 1, sequence: 1, Refused);
        _time.Advance(TimeSpan.FromMinutes(50));
        End(id: 1, sequence: 2, DeliveryOutcome.AcceptedWith(200));
        var early = _recent.LastHour()["http://a"];
        _time.Advance(TimeSpan.FromMinutes(20));
        var late = _recent.LastHour()["http://a"];
        _time.Advance(TimeSpan.FromMinutes(60));

        Assert.Equal((1, 1), early);
        Assert.Equal((1, 0), late);
        Assert.Empty(_recent.LastHour());
    }

    [Fact]
    public void Origins_BeyondTheLimit_AreCountedOnceOthersAreOver()
    {
        for (var i = 0; i <= 10_000; i++)
            End(id: i, sequence: 1, Refused, origin: $"o{i}");
        var full = _recent.LastHour();
        _time.Advance(TimeSpan.FromHours(2));
        End(id: 1, sequence: 1, Refused, origin: "later");

        Assert.Equal(10_000, full.Count);
        Assert.Equal(["http://later"], _recent.LastHour().Keys);
    }

    private void End(long id, long sequence, DeliveryOutcome outcome, TimeSpan duration = default, string origin = "a")
    {
        var attempt = FakeAttempts.Of(new() { Id = new(id), Callback = $"http://{origin}/" }, sequence);
        attempt.StartedAt = Timestamp.Now(_time);
        _time.Advance(duration + TimeSpan.FromTicks(10));
        _recent.Ended(attempt, outcome, duration);
    }
}
