using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>What every run of a lane needs from its surroundings.</summary>
internal sealed class LaneRunServices(
    IOptions<HubOptions> options,
    SendGate gate,
    EntryCache entries,
    SecretBox secrets,
    BehindSettlement settlement,
    INodeLife life,
    HubEvents events,
    HubClock time,
    ILogger<LaneRun> logger
)
{
    /// <summary>How long a subscription waits that could not be tried because its origin was stuck.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscription waits whose row cannot be used.</summary>
    public static readonly TimeSpan UnusablePause = TimeSpan.FromHours(1);

    /// <summary>How long after an attempt's deadline nobody else tries (rule 20).</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public HubOptions Options { get; } = options.Value;

    public SendGate Gate { get; } = gate;

    public EntryCache Entries { get; } = entries;

    public SecretBox Secrets { get; } = secrets;

    /// <summary>What the host is told.</summary>
    public HubEvents Events { get; } = events;

    /// <summary>True while lanes wait for a run: then a lane that has had its share gives its place back (rule 17).</summary>
    public bool OthersWait { get; set; }

    /// <summary>True if claims end by themselves: on PostgreSQL.</summary>
    public bool HasClaims { get; set; }

    /// <summary>Called by a run with nothing in flight.</summary>
    public Action<LaneRun> Quiet { get; set; } = _ => { };

    /// <summary>Runs that have to read their members again.</summary>
    public ConcurrentQueue<LaneRun> Outdated { get; } = new();

    /// <summary>
    /// True if an attempt sent now ends before a claim that was made or renewed at this time stamp, and nobody takes us for dead (rule 26).
    /// </summary>
    public bool ClaimCovers(long claimedAt) =>
        !HasClaims || (life.Covers(claimedAt) && time.GetElapsedTime(claimedAt) + Options.Delivery.Timeout < Options.Delivery.ClaimFor);

    /// <summary>True if others may have freed since this time stamp what we hold, and we are seen again.</summary>
    public bool MayHaveLost(long timestamp) => life.IsSeen && !life.Covers(timestamp);

    public void RowNotUsable(Exception e, string callback) => Diagnostics.Log.RowNotUsable(logger, e, callback);

    public long Now() => UnixMicroseconds.Now(time);

    public long After(TimeSpan wait) => Now() + UnixMicroseconds.From(wait);

    public long InFlightUntil() => After(Options.Delivery.Timeout + Margin);

    public static double Random() => Chance.Real.Next();

    /// <summary>Saves how the attempt of a straggler ended whose departure is saved already.</summary>
    public void SettleLate(Attempt attempt, DeliveryOutcome outcome) =>
        settlement.Settle(attempt, before: null, attempt.Target.Row.Epoch + 1, outcome);

    public void EntryNotRead(Exception e, long topicId, long sequence) => Diagnostics.Log.EntryNotRead(logger, e, topicId, sequence);
}
