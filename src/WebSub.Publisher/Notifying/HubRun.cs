using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Publisher.Diagnostics;
using WebSub.Publisher.Hubs;
using WebSub.Publisher.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Publisher.Notifying;

/// <summary>
/// Notifies one claimed hub of everything that is due, a few messages at a time and at a limited rate. Every response is saved at once
/// under the claim and extends it; a hub that does not answer ends the run, and later a single message finds out whether it is back.
/// </summary>
internal sealed class HubRun(
    NoticeStore notices,
    HubStore hubs,
    PublisherHubs settings,
    PublisherHttp http,
    IOptions<WebSubPublisherOptions> options,
    PublisherMetrics metrics,
    TimeProvider time,
    Chance chance,
    ILogger<HubRun> logger
)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private readonly RetrySettings _retry = RetrySettings.Of(options.Value);
    private readonly Rate _rate = new(
        options.Value.MessagesPerHubPerSecond,
        TimeSpan.FromSeconds(1),
        atOnce: 1,
        time,
        StringComparer.Ordinal
    );

    /// <summary>When a claim taken or extended now ends: an attempt fits in twice.</summary>
    public DatabaseTime ClaimEnd(DatabaseTime now) => now + (2 * options.Value.Timeout) + Margin;

    /// <summary>
    /// Runs until nothing is due, the hub does not answer, or the claim is lost. Once <paramref name="stopping"/>, nothing more is sent,
    /// but the outcome of what was sent is saved.
    /// </summary>
    public async Task RunAsync(HubClaim claim, CancellationToken stopping)
    {
        var run = new State(claim, settings.Find(claim.Url));
        var inFlight = new Dictionary<TopicId, Task>();
        try
        {
            while (!run.IsOver && !stopping.IsCancellationRequested)
            {
                // A hub that did not answer is tried with a single message.
                var room = (run.Failures > 0 ? 1 : options.Value.MaxConcurrencyPerHub) - inFlight.Count;
                var rows = room > 0 ? await notices.DueAsync(claim, inFlight.Keys, room, Now(), stopping) : [];
                foreach (var row in rows)
                    inFlight[row.TopicId] = TellAsync(run, row, stopping);
                if (inFlight.Count == 0)
                    break;
                await FinishedAsync(inFlight, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was not sent is due after the next start.
        }
        finally
        {
            await Task.WhenAll(inFlight.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A run that fails lets its claim expire, so that it is not repeated in a tight loop.
        await hubs.ReleaseAsync(claim, CancellationToken.None);
    }

    /// <summary>Waits for a response, but not for long: a slow one must not hold up what is published in the meantime.</summary>
    private async Task FinishedAsync(Dictionary<TopicId, Task> inFlight, CancellationToken stopping)
    {
        Task any = Task.WhenAny(inFlight.Values);
        await any.WaitAsync(LookAgain, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (topic, task) in inFlight.Where(t => t.Value.IsCompleted).ToList())
        {
            inFlight.Remove(topic);
            await task;
        }
    }

    private async Task TellAsync(State run, NoticeRow notice, CancellationToken stopping)
    {
        // 1. A place on the hub's time line.
        if (run.IsOver)
            return;
        await _rate.WaitAsync(run.Hub.Url, stopping);
        if (run.IsOver || !await HoldsAsync(run))
            return;

        // 2. The message: the oldest content that the hub lacks, else a ping. Not cancelled: a response on its way is worth its seconds.
        var content = run.Hub.TakesContent ? await notices.NextContentAsync(notice, stopping) : null;
        var sent = content?.Number ?? notice.Head;
        var response = await SendAsync(run.Hub, notice, content);

        // 3. Decide what the response means, and save that under the claim.
        var now = Now();
        var decision = NoticeTransitions.After(notice, sent, content is not null, response, run.Failures, _retry, now, chance.Next());
        var until = ClaimEnd(now);
        if (
            !await notices.SaveAsync(
                run.Claim,
                notice,
                decision,
                response.StatusCode,
                response.IsAccepted ? null : response.Explanation,
                now,
                until,
                CancellationToken.None
            )
        )
        {
            Lose(run);
            return;
        }

        run.Saved(decision, until);
        Report(run.Hub.Url, notice.Topic, response, decision);
    }

    /// <summary>True if the claim lasts for another attempt, or can be extended to.</summary>
    private async Task<bool> HoldsAsync(State run)
    {
        var now = Now();
        if (run.ClaimedUntil - now >= options.Value.Timeout)
            return true;
        var until = ClaimEnd(now);
        if (await hubs.KeepAsync(run.Claim, until, CancellationToken.None))
        {
            run.ClaimedUntil = until;
            return true;
        }

        Lose(run);
        return false;
    }

    private async Task<HubResponse> SendAsync(WebSubPublisherHub hub, NoticeRow notice, ContentRow? content)
    {
        using var activity = WebSubPublisherTelemetry.Source.StartActivity("websub.notify", ActivityKind.Producer, notice.TraceParent);
        activity?.SetTag("websub.hub", hub.Url).SetTag("websub.topic", notice.Topic);
        var publisher = http.For(hub);
        var response = content is null
            ? await publisher.PingAsync(hub.Url, notice.Topic, CancellationToken.None)
            : await publisher.PushAsync(hub.Url, notice.Topic, content.Body, content.ContentType, CancellationToken.None);
        activity?.SetTag("http.response.status_code", response.StatusCode);
        if (!response.IsAccepted)
            activity?.SetStatus(ActivityStatusCode.Error, response.Explanation);
        return response;
    }

    private void Report(string hub, string topic, HubResponse response, NoticeDecision decision)
    {
        metrics.Sent(hub, decision.Outcome);
        switch (decision.Outcome)
        {
            case NoticeOutcome.Told:
                Log.Told(logger, hub, topic, response.StatusCode);
                break;
            case NoticeOutcome.Skipped:
                Log.Skipped(logger, hub, topic, response.Explanation);
                break;
            case NoticeOutcome.GivenUp:
                Log.GivenUp(logger, hub, topic, response.Explanation);
                break;
            default:
                Log.PutOff(logger, hub, topic, response.Explanation);
                break;
        }
    }

    private void Lose(State run)
    {
        run.IsOver = true;
        Log.ClaimLost(logger, run.Hub.Url);
    }

    private DatabaseTime Now() => DatabaseTime.Now(time);

    private sealed class State(HubClaim claim, WebSubPublisherHub hub)
    {
        private long _claimedUntil = claim.ClaimedUntil.Microseconds;
        private long _failures = claim.Failures;
        private volatile bool _isOver;

        public HubClaim Claim { get; } = claim;

        public WebSubPublisherHub Hub { get; } = hub;

        public DatabaseTime ClaimedUntil
        {
            get => new(Volatile.Read(ref _claimedUntil));
            set => Volatile.Write(ref _claimedUntil, value.Microseconds);
        }

        public long Failures => Volatile.Read(ref _failures);

        public bool IsOver
        {
            get => _isOver;
            set => _isOver = value;
        }

        public void Saved(NoticeDecision decision, DatabaseTime until)
        {
            ClaimedUntil = until;
            Volatile.Write(ref _failures, decision.HubFailures);
            if (decision.HubNotBefore > DatabaseTime.Epoch)
                IsOver = true;
        }
    }
}
