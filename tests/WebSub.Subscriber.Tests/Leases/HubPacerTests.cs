using WebSub.Protocol;
using WebSub.Subscriber.Leases;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Leases;

public sealed class HubPacerTests
{
    private const string Hub = "https://hub.example/";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reserve_ManyAtOnce_SpreadsThemEvenly()
    {
        var sut = new HubPacer(5);

        var places = Enumerable.Range(0, 20).Select(_ => sut.Reserve(Guid.NewGuid(), Hub, Now)).ToList();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => Now.AddMilliseconds(200 * i)), places);
        Assert.Equal(Now, sut.Reserve(Guid.NewGuid(), "https://other.example/", Now));
    }

    [Fact]
    public void Reserve_AtItsPlace_Goes()
    {
        var sut = new HubPacer(1);
        var request = Guid.NewGuid();
        sut.Reserve(Guid.NewGuid(), Hub, Now);

        var place = sut.Reserve(request, Hub, Now);

        Assert.Equal(Now.AddSeconds(1), place);
        Assert.Equal(place, sut.Reserve(request, Hub, Now));
        Assert.Equal(place, sut.Reserve(request, Hub, place));
    }

    [Fact]
    public void Hold_UntilRetryAfter_MovesEverybodyBehindIt()
    {
        var sut = new HubPacer(10);
        var placed = Guid.NewGuid();
        sut.Reserve(Guid.NewGuid(), Hub, Now);
        var early = sut.Reserve(placed, Hub, Now);

        sut.Hold(Hub, Now.AddSeconds(120));

        Assert.Equal(Now.AddSeconds(120), sut.Reserve(placed, Hub, early));
        Assert.Equal(Now.AddSeconds(120).AddMilliseconds(100), sut.Reserve(Guid.NewGuid(), Hub, Now.AddSeconds(1)));
    }

    [Fact]
    public void Reserve_ManyLateToTheirPlaces_NeverExceedsThePace()
    {
        var sut = new HubPacer(5);
        var queue = new PriorityQueue<Guid, DateTimeOffset>();
        // Their places are past when the database, or the machine, comes back.
        for (var i = 0; i < 100; i++)
        {
            var request = Guid.NewGuid();
            if (sut.Reserve(request, Hub, Now) > Now)
                queue.Enqueue(request, Now.AddHours(1));
        }

        var (sent, steps) = (new List<DateTimeOffset>(), 0);
        while (queue.TryDequeue(out var request, out var now))
        {
            steps++;
            var place = sut.Reserve(request, Hub, now);
            if (place > now)
                queue.Enqueue(request, place);
            else
                sent.Add(now);
        }

        Assert.Equal(99, sent.Count);
        Assert.All(sent.Zip(sent.Skip(5)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1)));
        Assert.True(sent[^1] - Now.AddHours(1) < TimeSpan.FromSeconds(21), $"It took until {sent[^1]:O}.");
        Assert.InRange(steps, 99, 250);
    }

    [Fact]
    public void Reserve_LateByALittle_WaitsALittle()
    {
        var sut = new HubPacer(1);
        var (second, third) = (Guid.NewGuid(), Guid.NewGuid());
        sut.Reserve(Guid.NewGuid(), Hub, Now);
        sut.Reserve(second, Hub, Now);
        sut.Reserve(third, Hub, Now);

        sut.Reserve(second, Hub, Now.AddSeconds(1.1));
        var place = sut.Reserve(third, Hub, Now.AddSeconds(2));

        Assert.Equal(Now.AddSeconds(2.1), place);
        Assert.Equal(place, sut.Reserve(third, Hub, place));
    }

    [Fact]
    public void Reserve_TwoProcesses_EachTakesHalfThePace()
    {
        var sut = new HubPacer(10) { Sharers = 2 };

        var places = Enumerable.Range(0, 20).Select(_ => sut.Reserve(Guid.NewGuid(), Hub, Now)).ToList();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => Now.AddMilliseconds(200 * i)), places);
    }

    /// <summary>The transitions and the pacer as the service uses them, on a clock that jumps from due time to due time.</summary>
    [Theory]
    [InlineData(86_400, 10_000, 10, 0.5)]
    [InlineData(86_400, 10_000, 10, null)]
    [InlineData(7_776_000, 1_000, 10, null)]
    [InlineData(4, 3, 10, null)]
    public void Renewals_OfManyLeases_NeverLapseAndNeverExceedThePace(int lease, int count, int perSecond, double? random)
    {
        var chance = new Random(7);
        var transitions = new SubscriptionTransitions(
            new()
            {
                Retry = new(),
                VerifyWait = TimeSpan.FromSeconds(60),
                RenewAtFraction = 0.75,
                Chance = new(() => random ?? chance.NextDouble()),
            }
        );
        var pacer = new HubPacer(perSecond);
        var queue = new PriorityQueue<Subscription, DateTimeOffset>();
        for (var i = 0; i < count; i++)
        {
            var wanted = new Subscription
            {
                Id = Guid.NewGuid(),
                Handler = "news",
                Target = WebSubTarget.Topic($"{i}", Hub),
                CreatedAt = Now,
                ChangedAt = Now,
                Pending = new()
                {
                    Id = Guid.NewGuid(),
                    Mode = HubModes.Subscribe,
                    Due = Now,
                },
            };
            var active = Verified(transitions, wanted, lease, Now);
            queue.Enqueue(active, active.Due!.Value);
        }

        var sent = new List<DateTimeOffset>();
        var lapsed = 0;
        while (queue.TryDequeue(out var s, out var now) && now < Now.AddSeconds(lease * 2.5))
        {
            while (transitions.TimePassed(s, now) is { } change)
            {
                if (change.Kind == WebSubChangeKind.Expired)
                    lapsed++;
                s = change.Next;
            }

            if (s.Pending is { } pending && pending.Due <= now)
            {
                var place = pacer.Reserve(pending.Id, Hub, now);
                if (place > now)
                {
                    s = transitions.Postponed(s, pending.Id, place)!.Next;
                }
                else
                {
                    sent.Add(now);
                    s = Verified(transitions, s, lease, now);
                }
            }

            queue.Enqueue(s, s.Due!.Value);
        }

        var busiest = sent.Index()
            .Where(x => x.Index >= perSecond)
            .Select(x => x.Item - sent[x.Index - perSecond])
            .DefaultIfEmpty(TimeSpan.MaxValue)
            .Min();
        Assert.Equal(0, lapsed);
        Assert.True(sent.Count >= count * 2, $"Only {sent.Count} renewals in two and a half leases.");
        Assert.True(busiest >= TimeSpan.FromSeconds(1), $"{perSecond + 1} requests within {busiest.TotalSeconds} s.");
    }

    private static Subscription Verified(SubscriptionTransitions transitions, Subscription s, int lease, DateTimeOffset now)
    {
        var sending = transitions.Sending(s, s.Pending!.Id, Hub, s.Target.TopicName!, now)!.Next;
        var accepted = transitions.Accepted(sending, s.Pending.Id, now)!.Next;
        return transitions
            .Confirmed(accepted, HubModes.Subscribe, accepted.Pending!.CallbackKey!, accepted.Pending.Topic!, lease, now)!
            .Next;
    }
}
