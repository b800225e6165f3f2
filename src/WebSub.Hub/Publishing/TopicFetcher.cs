using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Documents;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Fetches pinged topics and appends what has changed. A fetch is claimed and fenced like a lane, so an old response never
/// follows a newer one; pings that arrive during a fetch cause one more (rule 5).
/// </summary>
internal sealed class TopicFetcher(
    HubNode node,
    IOptions<HubOptions> options,
    HubDatabase database,
    TopicStore topics,
    TopicRequest request,
    TopicLog log,
    LaneMembership membership,
    EntryCache entries,
    EntryContents contents,
    FetchSignal signal,
    HubMetrics metrics,
    HubEvents events,
    HubClock time,
    ILogger<TopicFetcher> logger
)
    : HubClaimLoop<TopicRow>(
        node,
        new WorkPlaces(young: 32, all: 512, oldPerHost: 16, signal, time),
        options.Value.Publishing.PerHostPerMinute,
        signal,
        time,
        logger
    )
{
    /// <summary>The most feeds compared at a time: each is held in memory several times over.</summary>
    private const int MaxDiffs = 2;
    private static readonly TimeSpan LongestWaitForADiff = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A document with twice as many elements and attributes counts as two fetches of its host, and so on: who serves what is expensive to
    /// read is asked less often.
    /// </summary>
    internal const int NodesPerFetch = 10_000;

    private readonly SemaphoreSlim _diffs = new(MaxDiffs, MaxDiffs);

    /// <inheritdoc/>
    protected override TimeSpan Timeout => options.Value.Publishing.FetchTimeout;

    /// <inheritdoc/>
    protected override Task<DatabaseTime?> FindDueAsync(CancellationToken cancellationToken) => topics.NextDueAsync(cancellationToken);

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<TopicRow>> ClaimAsync(
        string node,
        int room,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) => topics.ClaimFetchesAsync(node, room, now, until, cancellationToken);

    /// <inheritdoc/>
    protected override string HostOf(TopicRow row) => WebSub.Values.Topic.TryParse(row.Url, out var url, out _) ? url.Uri.IdnHost : "";

    /// <inheritdoc/>
    protected override bool IsPaced(TopicRow row) => !row.Registered;

    /// <inheritdoc/>
    protected override string NameOf(TopicRow item) => item.Url;

    /// <inheritdoc/>
    protected override Task PostponeAsync(TopicRow row, DatabaseTime due, CancellationToken cancellationToken) =>
        topics.PostponeFetchAsync(row, due, cancellationToken);

    /// <inheritdoc/>
    protected override async Task RunAsync(TopicRow row, CancellationToken crowdedOut, CancellationToken cancellationToken)
    {
        var (fetched, trace) = await ReadAsync(row, crowdedOut, cancellationToken);
        using var room = fetched.Room;
        if (fetched.Error is null)
            await AppendAsync(row, fetched, trace, cancellationToken);
        else
            await PutOffAsync(row, fetched.Error, fetched.RetryAfter, cancellationToken);
    }

    private async Task<(FetchedTopic Fetched, ActivityContext Trace)> ReadAsync(
        TopicRow topic,
        CancellationToken crowdedOut,
        CancellationToken cancellationToken
    )
    {
        using var activity = WebSubHubTelemetry
            .Start(WebSubHubTelemetry.Fetch, ActivityKind.Client, TraceText.Parse(topic.Trace))
            ?.SetTag("websub.topic", topic.Url);
        var fetched = await request.FetchAsync(topic, crowdedOut, cancellationToken);
        if (fetched.Error is not null)
            activity.Fail(fetched.Error);
        return (fetched, activity?.Context ?? default);
    }

    private async Task AppendAsync(TopicRow topic, FetchedTopic fetched, ActivityContext trace, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        var budget = new DocumentBudget(DocumentBudget.NodesOfDiscovery, cancellationToken);
        var append = fetched.Body is null
            ? null
            : new PendingAppend(topic.Id, fetched.ContentType, fetched.Body, EntrySource.Ping, now)
            {
                Diff = await DiffAsync(topic, fetched, budget, cancellationToken),
                DiffBase = topic.Head,
                Trace = trace,
            };
        Charge(topic, (fetched.Nodes + budget.Spent) / NodesPerFetch);
        var again = now + options.Value.Publishing.MinFetchInterval;
        var look = fetched.Cached?.LookAgain(topic.PingedAt, now);
        if (look is { } later)
            Log.Cached(Logger, topic.Url, (long)fetched.Cached!.Age.TotalSeconds, (long)(later - now).TotalSeconds);
        var sequence = await database.Db.WriteAsync<long?>(
            async session =>
                await TopicStore.FinishFetchAsync(session, topic, fetched, again, look, now) && append is not null
                    ? await TopicLog.AppendChangedAsync(session, append)
                    : null,
            cancellationToken
        );
        // Before its entry is announced, since deliveries carry the new links.
        if (fetched.ChangesLinksOf(topic))
            membership.Changed(topic.Id);
        metrics.Fetched(sequence is null ? "unchanged" : "changed");
        if (sequence is null)
        {
            Log.Unchanged(Logger, topic.Url);
            return;
        }

        Log.Appended(Logger, topic.Url, sequence.Value);
        log.Announce(append!, sequence.Value);
    }

    private async Task<byte[]?> DiffAsync(TopicRow topic, FetchedTopic fetched, DocumentBudget budget, CancellationToken cancellationToken)
    {
        if (!options.Value.Publishing.FeedDiff || topic.Head == 0 || !FeedDiff.MayBeFeed(fetched.ContentType))
            return null;
        var before = await entries.LoadAsync(topic.Id, topic.Head, cancellationToken);
        if (before is null || !await _diffs.WaitAsync(LongestWaitForADiff, cancellationToken))
            return null;
        try
        {
            return await contents.ReadAsync(before, cancellationToken) is { } content
                ? FeedDiff.Between(content.Body, fetched.Body!, budget)
                : null;
        }
        finally
        {
            _diffs.Release();
        }
    }

    private async Task PutOffAsync(TopicRow topic, string error, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        DatabaseTime? notBefore = retryAfter is { } asked ? now + BackOff.Heeded(asked) : null;
        var schedule = options.Value.Publishing.FetchRetryDelays;
        DatabaseTime? due =
            topic.Failures < schedule.Count ? DatabaseTime.Max(now + schedule[(int)topic.Failures], notBefore ?? now) : null;
        await topics.FailFetchAsync(topic, due, now + TopicStore.LongestWaitOfAPing, notBefore, error, now, cancellationToken);
        metrics.Fetched("failed");
        Log.FetchFailed(Logger, topic.Url, error);
        if (events.IsHeard)
        {
            events.TellFailedFetch(
                new()
                {
                    Topic = topic.Url,
                    Reason = Sentence.Of(error),
                    Failures = topic.Failures + 1,
                    NextAttempt = due?.ToMoment(),
                    At = now.ToMoment(),
                }
            );
        }
    }
}
