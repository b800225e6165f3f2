using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Health;

/// <summary>What follows from a poll. Pure.</summary>
internal static class PollRule
{
    private const double Rarer = 1.5;

    /// <summary>The state before the first poll.</summary>
    public static PollState First(WebSubHealthOptions options, DateTimeOffset now) => new() { Due = now, Pause = options.PollAtLeast };

    /// <summary>What an answer shows.</summary>
    /// <param name="state">What was known.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="delivered">When the hub last delivered.</param>
    /// <param name="usualPause">The usual pause between its deliveries.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="now">The time.</param>
    public static (PollState Next, PollVerdict Verdict) Decide(
        PollState state,
        PollAnswer answer,
        DateTimeOffset? delivered,
        TimeSpan? usualPause,
        WebSubHealthOptions options,
        DateTimeOffset now
    )
    {
        if (answer.Hash is null || answer.Hash == state.Hash)
        {
            var rarer = Within(state.Pause * Rarer, options);
            return (state with { Due = now + rarer, Pause = rarer, CheckedAt = now, FoundAt = null }, PollVerdict.Unchanged);
        }

        var verdict =
            state.Hash is null ? PollVerdict.First
            : delivered >= state.CheckedAt ? PollVerdict.Told
            : state.FoundAt is null ? PollVerdict.Waiting
            : PollVerdict.Missed;
        if (verdict == PollVerdict.Waiting)
            return (state with { Due = now + options.PollGrace, FoundAt = now }, verdict);

        var pause = verdict == PollVerdict.Missed ? options.PollAtLeast : Within(usualPause ?? state.Pause, options);
        return (
            new()
            {
                Due = now + pause,
                Pause = pause,
                ETag = answer.ETag,
                LastModified = answer.LastModified,
                Hash = answer.Hash,
                CheckedAt = now,
            },
            verdict
        );
    }

    /// <summary>The topic did not answer, or not with content: that says nothing of the hub.</summary>
    public static PollState Failed(PollState state, TimeSpan? retryAfter, WebSubHealthOptions options, DateTimeOffset now)
    {
        var pause = Within(state.Pause * Rarer, options);
        return state with { Due = now + (retryAfter > pause ? Within(retryAfter.Value, options) : pause), Pause = pause };
    }

    private static TimeSpan Within(TimeSpan pause, WebSubHealthOptions options) =>
        pause < options.PollAtLeast ? options.PollAtLeast
        : pause > options.PollAtMost ? options.PollAtMost
        : pause;
}
