using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Fetches the topics that were pinged and appends what changed. A fetch is claimed and fenced like a lane, so an old response never
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
    FetchSignal signal,
    HubClock time,
    ILogger<TopicFetcher> logger
) : HubLoop(node, signal, time, logger)
{
    /// <summary>Feeds that are compared at a time: each is held in memory several times over.</summary>
    private const int MaxDiffs = 2;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>How long a topic waits whose host hangs already.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private readonly WorkPlaces _places = new(young: 32, all: 512, oldPerHost: 16, signal, time);
    private static readonly TimeSpan LongestWaitForADiff = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _diffs = new(MaxDiffs, MaxDiffs);
    private readonly HostPace _pace = new(options.Value.Publishing.PerHostPerMinute, time);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!Node.IsSeen)
            return UntilSeen;
        var now = DatabaseTime.Now(Time);
        if (await topics.NextDueAsync(cancellationToken) is not { } due)
            return LongestSleep;
        if (due > now)
            return due - now < LongestSleep ? due - now : LongestSleep;

        var room = _places.Free;
        if (room <= 0)
        {
            _places.MakeRoom();
            return LongestSleep;
        }

        var until = now + options.Value.Publishing.FetchTimeout + Margin;
        foreach (var topic in await topics.ClaimFetchesAsync(Node.Name, room, now, until, cancellationToken))
        {
            _ = FetchAsync(topic, cancellationToken);
        }

        return TimeSpan.Zero;
    }

    private async Task FetchAsync(TopicRow topic, CancellationToken cancellationToken)
    {
        var host = Values.Topic.TryParse(topic.Url, out var url, out _) ? url.Uri.IdnHost : "";
        using var place = _places.Take(host);
        try
        {
            var pace = place is null || topic.Registered ? null : _pace.Take(host);
            if (place is null || pace is not null)
            {
                await topics.PostponeFetchAsync(topic, DatabaseTime.Now(Time) + (pace ?? Turn), cancellationToken);
                return;
            }

            var fetched = await ReadAsync(topic, place.Ended, cancellationToken);
            if (fetched.Error is null)
                await AppendAsync(topic, fetched, cancellationToken);
            else
                await PutOffAsync(topic, fetched.Error, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the topic is still due and is fetched after the next start.
        }
#pragma warning disable CA1031 // The topic stays due; its claim ends and it is fetched again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LoopFailed(Logger, e, nameof(TopicFetcher));
        }
    }

    private async Task<FetchedTopic> ReadAsync(TopicRow topic, CancellationToken crowdedOut, CancellationToken cancellationToken)
    {
        using var activity = WebSubHubTelemetry.Start(WebSubHubTelemetry.Fetch, ActivityKind.Client)?.SetTag("websub.topic", topic.Url);
        var fetched = await request.FetchAsync(topic, crowdedOut, cancellationToken);
        if (fetched.Error is not null)
            activity.Fail(fetched.Error);
        return fetched;
    }

    private async Task AppendAsync(TopicRow topic, FetchedTopic fetched, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        var append = fetched.Body is null
            ? null
            : new PendingAppend(topic.Id, fetched.ContentType, fetched.Body, EntrySource.Ping, now)
            {
                Diff = await DiffAsync(topic, fetched, cancellationToken),
                DiffBase = topic.Head,
            };
        var sequence = await database.Db.WriteAsync<long?>(
            async session =>
                await TopicStore.FinishFetchAsync(session, topic, fetched, now + options.Value.Publishing.MinFetchInterval, now)
                && append is not null
                    ? await TopicLog.AppendChangedAsync(session, append)
                    : null,
            cancellationToken
        );
        // Before its entry is announced: that goes out with the new links.
        if (fetched.ChangesLinksOf(topic))
            membership.Changed(topic.Id.Value);
        if (sequence is null)
        {
            Log.Unchanged(Logger, topic.Url);
            return;
        }

        Log.Appended(Logger, topic.Url, sequence.Value);
        log.Announce(append!, sequence.Value);
    }

    private async Task<byte[]?> DiffAsync(TopicRow topic, FetchedTopic fetched, CancellationToken cancellationToken)
    {
        if (!options.Value.Publishing.FeedDiff || topic.Head == 0 || !FeedDiff.MayBeFeed(fetched.ContentType))
            return null;
        var before = await entries.LoadAsync(topic.Id.Value, topic.Head, cancellationToken);
        if (before is null || !await _diffs.WaitAsync(LongestWaitForADiff, cancellationToken))
            return null;
        try
        {
            return FeedDiff.Between(before.Body, fetched.Body!);
        }
        finally
        {
            _diffs.Release();
        }
    }

    private async Task PutOffAsync(TopicRow topic, string error, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        var schedule = options.Value.Publishing.FetchRetryDelays;
        DatabaseTime? due = topic.Failures < schedule.Count ? now + schedule[(int)topic.Failures] : null;
        await topics.FailFetchAsync(topic, due, now + TopicStore.LongestWaitOfAPing, error, now, cancellationToken);
        Log.FetchFailed(Logger, topic.Url, error);
    }
}
