using System.Diagnostics;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Signatures;
using WebSub.Storage;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>A running lane without a run, a clock or a database: events go in, effects come out.</summary>
internal sealed class LaneSandbox
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    public static readonly DatabaseTime Start = DatabaseTime.Epoch + (1_000 * Second);

    /// <summary>When the leases of its rows end, if nothing else is said.</summary>
    public static readonly DatabaseTime LeaseEnd = DatabaseTime.Epoch + (1_000_000 * Second);

    /// <summary>Whoever owns attempts that nobody makes.</summary>
    public static IAttemptOwner Nobody { get; } = new NoOwner();

    public LaneSandbox(long cursor = 0, long head = 1, DeliveryOptions? options = null)
    {
        Lane = new()
        {
            Id = new(7),
            TopicId = new(1),
            TopicUrl = "https://publisher.example/feed",
            Cursor = cursor,
            Head = head,
            MembersVersion = 1,
            Epoch = 4,
        };
        Options = options ?? new();
        State = new(Lane, Options, Nobody);
    }

    public LaneRow Lane { get; }

    public DeliveryOptions Options { get; }

    public LaneState State { get; }

    public DatabaseTime Now { get; set; } = Start;

    public static SubscriptionRow Row(long id) =>
        new()
        {
            Id = new(id),
            TopicId = new(1),
            LaneId = new(7),
            Callback = $"https://subscriber.example/{id}",
            LeaseEnd = LeaseEnd,
            Version = 1,
        };

    public static LogEntry Entry(long sequence) => new() { TopicId = new(1), Sequence = sequence };

    public static LoadedLane Read(LaneRow lane, params SubscriptionRow[] rows)
    {
        using var secrets = new SecretOpener(new byte[32]);
        return LoadedLane.Read(
            lane,
            TopicHeaders.For(new(1), lane.TopicUrl, "https://hub.example/"),
            rows,
            secrets,
            SignatureMethod.Sha256
        );
    }

    public LaneEffects Apply(LaneEvent happened)
    {
        var effects = new LaneEffects();
        State.Apply(happened with { Now = Now, Chance = 0.5 }, effects);
        return effects;
    }

    /// <summary>The lane's rows are read now; with the entries from its cursor up to this one.</summary>
    public LaneEffects Load(long upTo, params SubscriptionRow[] rows) =>
        Apply(LaneEvent.Loaded(Read(Lane, rows), Sequences(upTo).Select(Entry), Now));

    /// <summary>All that a save has to say is saved, and nothing else has happened.</summary>
    public LaneEffects Save(out LaneSave? save, bool othersWait = false)
    {
        var begun = Apply(LaneEvent.SaveBegins(othersWait));
        save = begun.Save;
        return save is null ? begun : Apply(LaneEvent.SaveEnded(save, Saved()));
    }

    public LaneSaved Saved(bool fenced = false, bool joined = false, long? version = null) =>
        new(fenced, version ?? Lane.MembersVersion, joined, HasBehind: false);

    private IEnumerable<long> Sequences(long upTo)
    {
        for (var sequence = Lane.Cursor + 1; sequence <= upTo; sequence++)
            yield return sequence;
    }

    /// <summary>Whoever owns its attempts; here nobody calls it.</summary>
    private sealed class NoOwner : IAttemptOwner
    {
        public ActivityContext TraceContext => default;

        public bool MayStart(Attempt attempt) => throw new UnreachableException();

        public void OnStraggling(Attempt attempt) => throw new UnreachableException();

        public void OnNoPlace(Attempt attempt) => throw new UnreachableException();

        public void OnCompleted(Attempt attempt, DeliveryOutcome outcome) => throw new UnreachableException();
    }
}
