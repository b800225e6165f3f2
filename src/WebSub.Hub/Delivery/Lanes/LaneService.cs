using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// Takes lanes with work, reads them many at a time, lets them run and saves them many at a time: the runs that are quiet at once, the
/// others once a second (rules 17, 28). One loop does all of it, so a lane is never read and saved at the same time.
/// </summary>
internal sealed class LaneService(
    HubNode node,
    IOptions<HubOptions> options,
    LaneStore lanes,
    ILaneClaims claims,
    LaneSignals signals,
    LaneRounds rounds,
    LaneMembership membership,
    SendGate gate,
    BehindSignal behind,
    LaneCalls calls,
    LaneSurroundings surroundings,
    LaneLoader loader,
    HubMetrics metrics,
    HubClock time,
    ILogger<LaneService> logger
) : HubLoop(node, signals, time, logger)
{
    private const int Batch = 512;
    private const int MaxRuns = 2048;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    /// <summary>Under load quiet runs are saved together: a commit each would cost a flush each.</summary>
    private static readonly TimeSpan GatherFor = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);
    private const int Eager = 5;
    private static readonly TimeSpan SoonAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    /// <summary>Most callbacks answer within it.</summary>
    private static readonly TimeSpan FinalAnswers = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FinalSaves = TimeSpan.FromSeconds(3);

    private readonly RunningLanes _runs = new();
    private readonly HashSet<LaneId> _outdated = [];
    private bool _othersWait;
    private Timestamp _lastSave;
    private Timestamp _lastFullSave;
    private Timestamp _lastRenewal;
    private Timestamp _lastRescan;
    private int _eager;

    private bool HasRoom => _runs.Count <= MaxRuns - Batch;

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        rounds.Begin();
        try
        {
            await RenewClaimsAsync(cancellationToken);
            await SaveAsync(cancellationToken);
            await FollowMembershipAsync(cancellationToken);
            RescanWhenIdle();
            var more = await TakeAsync(cancellationToken);
            _othersWait = claims.HasMore && !HasRoom;
            if (more)
                return TimeSpan.Zero;
        }
        catch
        {
            // What was taken and not started is found again.
            claims.Rescan();
            throw;
        }

        if (calls.AnyQuiet)
            return GatherFor;
        if (_eager > 0)
            return SoonAgain;
        if (_runs.Count > 0)
            return SaveEvery;
        return PollEvery;
    }

    /// <summary>An idle node finds by itself what no signal told of.</summary>
    private void RescanWhenIdle()
    {
        var now = Timestamp.Now(Time);
        if (_runs.Count > 0 || Time.GetElapsedTime(_lastRescan, now) < PollEvery)
            return;
        claims.Rescan();
        _lastRescan = now;
    }

    /// <summary>
    /// Rule 26: a claim lasts 30 s and is renewed every 10 s, also while a lane has nothing to save because it waits at the gate; and at
    /// once when others may have taken us for dead: until then no run goes on, and those that were freed end.
    /// </summary>
    private async Task RenewClaimsAsync(CancellationToken cancellationToken)
    {
        if (!claims.Expire || _runs.Count == 0 || (Time.GetElapsedTime(_lastRenewal) < RenewEvery && !claims.MayHaveLost(_lastRenewal)))
            return;
        var (timestamp, now) = (Timestamp.Now(Time), DatabaseTime.Now(Time));
        var held = await lanes.RenewAsync(Node.Name, _runs.Lanes, now + options.Value.Delivery.ClaimFor, cancellationToken);
        _lastRenewal = timestamp;
        foreach (var lane in held)
            _runs[lane].Claimed(timestamp);
        foreach (var lane in _runs.Lanes.Except(held).ToList())
        {
            metrics.LostClaim();
            Log.Fenced(Logger, lane.Value);
            _runs[lane].End();
            Forget(_runs[lane]);
        }
    }

    /// <summary>Waits for the answers of attempts in flight and saves what was acknowledged, so that a restart repeats nothing.</summary>
    protected override async Task FinishAsync()
    {
        await gate.CloseAsync(FinalAnswers);
        using var deadline = new CancellationTokenSource(FinalSaves, Time);
        try
        {
            await SaveAsync(_runs.All, deadline.Token);
        }
        catch (ObjectDisposedException)
        {
            // The host was torn down without being stopped: as after a crash, the last second is repeated.
        }
#pragma warning disable CA1031 // Stopping goes on: a crash would have to be survived at this point, too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            WorkLog.LastSecondNotSaved(Logger, nameof(LaneService), FailureLog.ReasonOf(e));
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var now = Timestamp.Now(Time);
        var all = Time.GetElapsedTime(_lastFullSave, now) >= SaveEvery;
        if (!all && !calls.ManyQuiet && Time.GetElapsedTime(_lastSave, now) < GatherFor)
            return;

        _lastSave = now;
        if (all)
            _lastFullSave = now;
        var quiet = calls.TakeQuiet();
        // Stopping does not cut a save off: it would be unknown whether it was made, and what it says would be sent once more.
        using var late = new CancellationTokenSource();
        await using var stopping = cancellationToken.Register(() => late.CancelAfter(FinalSaves));
        await SaveAsync(all ? _runs.All : Find(quiet), late.Token);
    }

    /// <summary>The runs of these lanes, where they still go on.</summary>
    private IEnumerable<LaneRun> Find(IEnumerable<LaneId> lanes) => lanes.Select(_runs.Find).OfType<LaneRun>();

    /// <summary>Saves runs, many in each transaction and the transactions together, so that they share a flush.</summary>
    private async Task SaveAsync(IEnumerable<LaneRun> runs, CancellationToken cancellationToken)
    {
        var batches = runs.Chunk(Batch).Select(Begin).Where(b => b.Count > 0).ToList();
        var saves = batches.ConvertAll(batch => SaveAsync(batch, cancellationToken));
        Task all = Task.WhenAll(saves);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (saving, save) in batches.Zip(saves))
        {
            if (save.IsCompletedSuccessfully)
                await EndAsync(saving, await save, cancellationToken);
            else
                saving.ForEach(s => s.Run.AbandonSave());
        }

        // Now for what went wrong.
        await all;
    }

    private List<(LaneRun Run, LaneSave Save)> Begin(IEnumerable<LaneRun> runs)
    {
        var saving = new List<(LaneRun, LaneSave)>();
        foreach (var run in runs)
        {
            if (run.BeginSave(_othersWait) is { } save)
                saving.Add((run, save));
        }

        return saving;
    }

    private async Task<IReadOnlyDictionary<LaneId, LaneSaved>> SaveAsync(
        List<(LaneRun Run, LaneSave Save)> saving,
        CancellationToken cancellationToken
    )
    {
        using var activity = WebSubHubTelemetry.Start(WebSubHubTelemetry.LaneSave)?.SetTag("websub.lanes", saving.Count);
        var now = DatabaseTime.Now(Time);
        return await lanes.SaveAsync(
            saving.ConvertAll(s => s.Save),
            Node.Name,
            now,
            now + options.Value.Delivery.ClaimFor,
            cancellationToken
        );
    }

    private async Task EndAsync(
        List<(LaneRun Run, LaneSave Save)> saving,
        IReadOnlyDictionary<LaneId, LaneSaved> saved,
        CancellationToken cancellationToken
    )
    {
        var finished = new HashSet<TopicId>();
        foreach (var (run, save) in saving)
        {
            var result = saved[save.LaneId];
            if (result.Fenced)
            {
                metrics.LostClaim();
                Log.Fenced(Logger, save.LaneId.Value);
            }

            if (run.EndSave(save, result))
                continue;
            Forget(run);
            loader.Keep(run, save, result);
            // Rule 18: what came between the last look at the head and the release.
            if (run.Head > save.Cursor)
                signals.Raise(run.TopicId, run.Head);
            else
                finished.Add(run.TopicId);
        }

        if (saving.Exists(s => saved[s.Save.LaneId].HasBehind))
            behind.Raise();
        if (finished.Count > 0)
            await lanes.ClearWorkAsync(finished, cancellationToken);
    }

    private void Forget(LaneRun run)
    {
        run.Trace?.Dispose();
        _runs.Remove(run);
    }

    /// <summary>Rule 10: rows that changed reach their lane's run; those that changed in this process at once.</summary>
    private async Task FollowMembershipAsync(CancellationToken cancellationToken)
    {
        var topics = membership.Take();
        foreach (var run in topics.SelectMany(_runs.OfTopic))
            run.MembersChanged();

        calls.TakeOutdated(_outdated);
        _outdated.RemoveWhere(l => _runs.Find(l) is not { NeedsMembers: true });
        if (_outdated.Count == 0)
            return;
        var readAt = DatabaseTime.Now(Time);
        foreach (var loaded in await loader.ReloadAsync(_outdated, cancellationToken))
            _runs.Find(loaded.Lane.Id)?.Load(loaded, [], readAt);
    }

    /// <summary>Starts runs for lanes with work. Returns true if there may be more.</summary>
    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        var raised = signals.Take();
        try
        {
            foreach (var (topic, head) in raised)
            {
                foreach (var run in _runs.OfTopic(topic))
                    run.HeadMoved(head);
            }

            // Without room, what was raised is queued all the same: on SQLite nothing else remembers it.
            // A few lanes at a time would cost as many statements as a whole batch.
            var room = HasRoom ? Batch : 0;
            var (claimedAt, readAt) = (Timestamp.Now(Time), DatabaseTime.Now(Time));
            var taken = await claims.TakeAsync([.. raised.Keys], _runs.Lanes, room, cancellationToken);
            // A lane whose row is locked at this moment is passed over: look again soon, a few times.
            _eager = raised.Count > 0 && taken.Count == 0 && claims.Expire ? Eager : Math.Max(0, _eager - 1);
            metrics.Claimed(taken.Count);
            if (taken.Count > 0)
                await StartAsync(taken, claimedAt, readAt, cancellationToken);
        }
        catch
        {
            foreach (var (topic, head) in raised)
                signals.Raise(topic, head);
            throw;
        }

        return claims.HasMore && HasRoom;
    }

    private async Task StartAsync(
        IReadOnlyList<LaneRow> taken,
        Timestamp claimedAt,
        DatabaseTime readAt,
        CancellationToken cancellationToken
    )
    {
        var loads = await loader.LoadAsync(taken, cancellationToken);
        var entries = await loader.ReadEntriesAsync(taken, cancellationToken);
        foreach (var (lane, loaded) in loads)
            Start(lane, loaded, entries[lane.TopicId], claimedAt, readAt);
    }

    private void Start(LaneRow lane, LoadedLane loaded, IEnumerable<LogEntry> entries, Timestamp claimedAt, DatabaseTime readAt)
    {
        var run = new LaneRun(lane, claimedAt, surroundings)
        {
            Trace = WebSubHubTelemetry
                .StartDetached(WebSubHubTelemetry.LaneRun)
                ?.SetTag("websub.topic", lane.TopicUrl)
                .SetTag("websub.lane", lane.Id.Value),
        };
        try
        {
            run.Load(loaded, entries.Where(e => e.Sequence > lane.Cursor), readAt);
            _runs.Add(run);
        }
#pragma warning disable CA1031 // One lane that cannot be started must not cost the others of its batch anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LaneNotStarted(Logger, e, lane.Id.Value);
            run.Trace?.Dispose();
            claims.Rescan();
        }
    }
}
