using WebSub.Http;
using WebSub.Publisher.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Publisher.Notifying;

/// <summary>Decides what a hub's response means for the notice and for the hub. Pure.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>2xx: the hub knows; updates from the meantime follow after the minimum interval.</item>
/// <item>No answer, 429 or 503: the hub as a whole is left alone for a while, longer each time or as long as it asks (at most a day); the
/// notice stays due.</item>
/// <item>Another 5xx, 408, 425: this topic is put off, longer each time; others continue.</item>
/// <item>
/// Another 4xx, a redirect that may not be followed: only a person can fix that, so this topic waits for the longest delay right away.
/// Content that the hub does not accept is skipped when newer content waits.
/// </item>
/// <item>Anything but 2xx for longer than the limit: abandoned until the next update.</item>
/// </list>
/// </remarks>
internal static class NoticeTransitions
{
    private static readonly TimeSpan SoonAfter = TimeSpan.FromMinutes(1);

    /// <summary>What the answer means.</summary>
    /// <param name="notice">The notice as it was read.</param>
    /// <param name="sent">The number of the update that was sent.</param>
    /// <param name="wasContent">True if the content itself was sent.</param>
    /// <param name="response">The answer.</param>
    /// <param name="hubFailures">How many times in a row the hub had not answered before.</param>
    /// <param name="settings">The delays.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">A number from 0 to 1, for jitter.</param>
    public static NoticeDecision After(
        NoticeRow notice,
        long sent,
        bool wasContent,
        HubResponse response,
        long hubFailures,
        RetrySettings settings,
        DatabaseTime now,
        double chance
    )
    {
        var next = wasContent ? now : now + settings.Interval;
        if (response.IsAccepted)
            return Passed(notice, NoticeOutcome.Told, sent, next);
        if (wasContent && notice.Head > sent && response.StatusCode is (400 or 413 or 415 or 422))
            return Passed(notice, NoticeOutcome.Skipped, sent, now);

        var hold = response.RetryAfter is { } wait ? now + BackOff.Heeded(wait) : DatabaseTime.Epoch;
        var since = notice.FailingSince ?? now;
        var isHubDown =
            response.Outcome is HubOutcome.Unreachable or HubOutcome.TimedOut or HubOutcome.AddressRefused
            || response.StatusCode is 429 or 503;
        var isFinal = response.Outcome is HubOutcome.Refused or HubOutcome.BadRedirect or HubOutcome.AddressRefused;
        var failures = isHubDown ? hubFailures + 1 : notice.Attempts + 1;
        var due = now + BackOff.After(settings.Delays, isFinal ? long.MaxValue : failures, chance, response.RetryAfter);
        var decision = new NoticeDecision
        {
            Outcome = NoticeOutcome.PutOff,
            Told = notice.Told,
            Due = isHubDown ? now : due,
            DueIfNewer = isHubDown ? now : DatabaseTime.Min(due, DatabaseTime.Max(now + SoonAfter, hold)),
            Attempts = notice.Attempts + 1,
            FailingSince = since,
            HoldUntil = isHubDown ? DatabaseTime.Epoch : hold,
            HubFailures = isHubDown ? failures : 0,
            HubNotBefore = isHubDown ? due : DatabaseTime.Epoch,
            HubHoldUntil = isHubDown ? hold : DatabaseTime.Epoch,
        };
        return now - since < settings.GiveUpAfter ? decision : decision with { Outcome = NoticeOutcome.GivenUp, Due = null };
    }

    private static NoticeDecision Passed(NoticeRow notice, NoticeOutcome outcome, long sent, DatabaseTime next) =>
        new()
        {
            Outcome = outcome,
            Told = sent,
            Due = notice.Head > sent ? next : null,
            DueIfNewer = next,
        };
}
