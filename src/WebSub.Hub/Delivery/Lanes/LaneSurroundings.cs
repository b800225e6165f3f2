using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>Tells runs what they have to know of the world, and carries out what they want done. It knows none of them.</summary>
internal sealed class LaneSurroundings(
    IOptions<HubOptions> options,
    ILaneClaims claims,
    LaneCalls calls,
    SendGate gate,
    EntryCache entries,
    BehindSettlement settlement,
    DeliveryReports reports,
    Chance chance,
    HubClock time,
    ILogger<LaneSurroundings> logger
)
{
    public DeliveryOptions Options { get; } = options.Value.Delivery;

    /// <summary>Effects to fill, used again and again.</summary>
    public ObjectPool<LaneEffects> Effects { get; } = ObjectPool.Create<LaneEffects>();

    public DatabaseTime Now => DatabaseTime.Now(time);

    /// <summary>A number from 0 up to 1, for jitter.</summary>
    public double Chance => chance.Next();

    /// <inheritdoc cref="ILaneClaims.Cover"/>
    public bool Covers(Timestamp claimedAt) => claims.Cover(claimedAt);

    /// <summary>Carries out what a run of this lane wants done; what comes back to the run itself is left to it.</summary>
    public void CarryOut(LaneEffects effects, LaneRow lane)
    {
        foreach (var (row, reason) in effects.Unusable)
            reports.Unusable(row, reason);
        foreach (var letter in effects.GivenUp)
            reports.GivenUp(lane.TopicUrl, letter);
        foreach (var (row, reason) in effects.Gone)
            reports.Gone(row, reason);
        foreach (var (row, reason) in effects.Departed)
            reports.FellBehind(lane.Filtered ? null : lane.TopicUrl, row.Callback, reason);
        foreach (var (attempt, outcome) in effects.Late)
            settlement.Settle(BehindTransitions.Straggler(attempt, lane.TopicUrl), attempt.Entry.Sequence, outcome);
        foreach (var attempt in effects.Attempts)
            gate.Enqueue(attempt);
        if (effects.ReadMembers)
            calls.Outdated(lane.Id);
        if (effects.IsQuiet)
            calls.Quiet(lane.Id);
    }

    /// <summary>An entry, mostly from memory; null if it has been pruned.</summary>
    public ValueTask<LogEntry?> ReadEntryAsync(TopicId topicId, long sequence) =>
        entries.Find(topicId, sequence) is { } known ? new(known) : new(LoadAsync(topicId, sequence));

    public void EntryNotRead(Exception e, TopicId topicId, long sequence) => Log.EntryNotRead(logger, e, topicId.Value, sequence);

    private async Task<LogEntry?> LoadAsync(TopicId topicId, long sequence)
    {
        // Whoever asked, mostly the gate, has something better to do than to read a database.
        await Task.Yield();
        return await entries.LoadAsync(topicId, sequence, CancellationToken.None);
    }
}
