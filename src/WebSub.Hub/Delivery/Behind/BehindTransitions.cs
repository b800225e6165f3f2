using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Behind;

/// <summary>
/// Decides what becomes of a subscription that is behind (rules 20 to 23). Pure: all it knows is in its arguments.
/// </summary>
internal static class BehindTransitions
{
    /// <summary>How many entries a subscription with patterns looks ahead at a time.</summary>
    public const int LookAhead = 500;

    /// <summary>
    /// How long those wait whose origin has its share of attempts already; up to half as long again, so that they do not all come back at
    /// once.
    /// </summary>
    private static readonly TimeSpan StuckPause = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The row of a straggler as its departure has claimed it: under the next epoch, with a first attempt in flight. What is newer than the
    /// entry is not known of here.
    /// </summary>
    public static SubscriptionRow Straggler(Attempt attempt, string topicUrl) =>
        attempt.Target.Row with
        {
            Epoch = attempt.Target.Row.Epoch + 1,
            TopicUrl = topicUrl,
            Head = attempt.Entry.Sequence,
            HeadAtClaim = attempt.Entry.Sequence,
        };

    /// <summary>What to save after an attempt; null if the subscription is over.</summary>
    /// <param name="row">The subscription as it was claimed.</param>
    /// <param name="sequence">The entry it was sent.</param>
    /// <param name="outcome">How that ended.</param>
    /// <param name="retryDelays">The schedule.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">A number from 0 up to 1, for jitter.</param>
    public static BehindSave? Decide(
        SubscriptionRow row,
        long sequence,
        DeliveryOutcome outcome,
        IReadOnlyList<TimeSpan> retryDelays,
        DatabaseTime now,
        double chance
    )
    {
        // Tried before its time, because of a newer entry: what the schedule says stands (rule 22).
        var isExtra = row.RetryAt > now;
        var history = new DeliveryHistory(row.Attempts, row.Answered, NewerWaits: row.Head > sequence, isExtra, row.Paused);
        switch (DeliveryTransitions.Decide(outcome, history, retryDelays, chance))
        {
            case DeliveryDecision.Advance:
                return BehindSave.Delivered(row, sequence, now);

            case DeliveryDecision.Retry retry:
                // Who wants the newest only stays where it is: the next attempt may be of a newer one.
                var position = row.WantsLatest && row.Position is { } stays ? stays : sequence - 1;
                var earliest = now + retry.After;
                return BehindSave.Retry(
                    row,
                    position,
                    sequence,
                    retry.Attempts,
                    isExtra ? DatabaseTime.Max(earliest, row.RetryAt!.Value) : earliest,
                    outcome.Failure,
                    outcome.Failure.AsksForPause ? earliest : null,
                    now
                );

            case DeliveryDecision.GiveUp giveUp:
                return BehindSave.GiveUp(row, sequence, giveUp.Attempts, outcome.Failure, now);

            default:
                return null;
        }
    }

    /// <summary>
    /// The next entry to look at, and whether another waits behind it: without patterns simply the next; with them the next that they
    /// cover, or the last that they surely do not.
    /// </summary>
    /// <param name="target">The subscription.</param>
    /// <param name="position">The last entry it has had.</param>
    /// <param name="ahead">With patterns: the next <see cref="LookAhead"/> entries, or all there are.</param>
    /// <param name="now">The time.</param>
    public static (long Sequence, bool NewerWaits) Next(
        DeliveryTarget target,
        long position,
        IReadOnlyList<LogEntry> ahead,
        DatabaseTime now
    )
    {
        var row = target.Row;
        if (row.WantsLatest)
            return (row.Head, false);
        if (target.Patterns is null)
            return (position + 1, row.Head > position + 1);
        var covered = ahead.Where(e => target.Of(e, now) is not null).Take(2).ToList();
        if (covered.Count > 0)
            return (covered[0].Sequence, covered.Count > 1 || ahead.Count == LookAhead);
        return (ahead.Count == LookAhead ? ahead[^1].Sequence : row.Head, false);
    }

    /// <summary>An attempt was not made: nothing changes but when it is due.</summary>
    /// <param name="row">The subscription as it was claimed.</param>
    /// <param name="wait">How long its origin is left alone; zero if that is not known.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">A number from 0 up to 1, for jitter.</param>
    public static PutOff PutOff(SubscriptionRow row, TimeSpan wait, DatabaseTime now, double chance) =>
        new(row.Id, row.Epoch, now + ((wait > TimeSpan.Zero ? wait : StuckPause) * (1 + (chance / 2))));
}
